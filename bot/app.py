"""The composition root: settings in, a working assistant or web app out. Every part can be replaced by keyword."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import Engine as Database

from bot.assistant import Assistant
from bot.courier_thread import courier_thread
from bot.engine import Engine, engine_of
from bot.front_desk import FrontDesk
from bot.housekeeping import Chore, Housekeeping
from bot.indexing import Progress, lexical_only, load_made, make
from bot.loop_thread import LoopThread
from bot.models import encoders_for, ready_encoders
from bot.recent_queries import remembering
from bot.records import desk_of, prepare, spool_of
from bot.senders.choosing import senders_for
from bot.settings import Settings
from bot.shelf import Shelf
from handoff.bookings.sweep import sweep as sweep_bookings
from handoff.cases.holding import send_held
from handoff.cases.lateness import keep_promises
from handoff.erasure import apply_erasures
from handoff.housekeeping import keep_house
from handoff.nudges import nudge_owners
from knowledge.article import Source
from knowledge.pack import Pack, load_pack, pack_folder
from retrieval.search import Encoders

# A message about someone at risk is in its queue within 5 s (reliability.md G2), also when it had to be spooled.
MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60.0, 3_600.0, 86_400.0
SWEEP_SECONDS = 2.0
# A reply goes this long after the time to take it back is over, at most.
REPLY_SECONDS = 1.0
# Text that was applied in another process is answered from within this.
CONTENT_SECONDS = 5.0


def load_settings_pack(settings: Settings) -> Pack:
    """The pack the settings name. Raises `PackError`."""
    return load_pack(pack_folder(settings.pack))


def build_engine(
    settings: Settings,
    *,
    pack: Pack | None = None,
    encoders: Encoders | None = None,
    today: Callable[[], date] = date.today,
    progress: Progress | None = None,
) -> Engine:
    """A complete engine, making whatever is missing first. Raises `PackError` and `ModelError`."""
    pack = pack or load_settings_pack(settings)
    encoders = encoders or encoders_for(settings)
    made = load_made(settings, pack, encoders) or make(settings, pack, encoders, progress)
    return engine_of(pack, made, encoders, today)


def build_engine_now(settings: Settings, today: Callable[[], date] = date.today) -> tuple[Engine, bool]:
    """An engine within seconds, and whether it is complete. An incomplete one answers by words alone."""
    pack = load_settings_pack(settings)
    encoders = ready_encoders(settings)
    made = load_made(settings, pack, encoders) if encoders.english else None
    made_now = made or lexical_only(settings, pack)
    return engine_of(pack, made_now, remembering(encoders), today), made is not None


def complete_behind(assistant: Assistant, settings: Settings, told: Callable[[str], None]) -> threading.Thread:
    """Make the index in a process of its own (torch stays out of this one), then swap it in."""
    today = assistant.engine.today

    def work() -> None:
        command = [sys.executable, "-m", "bot", "index"]
        result = subprocess.run(command, env=environment(settings), check=False)  # noqa: S603  our own command
        if result.returncode != 0:
            told("The index could not be made: answers go on by words alone. Run 'askwell index' to see why.")
            return
        engine, complete = build_engine_now(settings, today)
        if complete:
            assistant.engine = engine
            told("The index is ready: answers now use meaning as well as words.")

    thread = threading.Thread(target=work, name="index", daemon=True)
    thread.start()
    return thread


def build_front_desk(settings: Settings, assistant: Assistant, records: Database) -> FrontDesk:
    """The front desk every channel shares, over the database `records`."""
    return FrontDesk(
        records, desk_of(settings, assistant.engine.pack), assistant, spool_of(settings, assistant.engine.pack)
    )


def shelf_of(settings: Settings, front: FrontDesk) -> Shelf:
    """The pack's files with what officers changed of them."""
    office = front.office
    return Shelf(office.engine, office.desk, office.assistant, settings.content_folder, settings.data / "vectors")


def build_housekeeping(settings: Settings, front: FrontDesk) -> Housekeeping:
    """What runs behind the doors of a server."""

    def sources() -> Iterable[Source]:
        return front.office.assistant.engine.pack.sources.values()

    return Housekeeping(
        (
            Chore("tables", 30.0, lambda: prepare(front.office.engine)),
            Chore("content", CONTENT_SECONDS, shelf_of(settings, front).refresh),
            Chore("front_desk", SWEEP_SECONDS, front.sweep),
            Chore("replies", REPLY_SECONDS, lambda: send_held(front.office.engine, front.office.desk)),
            Chore("bookings", SWEEP_SECONDS, lambda: sweep_bookings(front.office.engine, front.office.desk)),
            Chore("promises", MINUTE_SECONDS, lambda: keep_promises(front.office.engine, front.office.desk)),
            Chore("erasures", MINUTE_SECONDS, lambda: apply_erasures(front.office.engine, front.office.desk)),
            Chore("reviews", HOUR_SECONDS, lambda: nudge_owners(front.office.engine, front.office.desk, sources())),
            Chore("retention", DAY_SECONDS, lambda: keep_house(front.office.engine, front.office.desk)),
        )
    )


def build_courier(settings: Settings, front: FrontDesk) -> LoopThread:
    """What sends letters, over the channels the settings turn on. Raises `MailAddressError`."""
    office = front.office
    senders = senders_for(settings, office.desk, office.assistant.engine.pack.council)
    return courier_thread(office.engine, office.desk, senders)


def environment(settings: Settings) -> dict[str, str]:
    """The environment a child process needs to read the same settings."""
    import os  # noqa: PLC0415  only to hand our own environment on

    given = {
        f"ASKWELL_{name.upper()}": str(value)
        for name, value in settings.model_dump().items()
        if value not in ("", None)
    }
    return {**os.environ, **given}
