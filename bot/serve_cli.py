"""`askwell serve`: the web page, the API, and the housekeeping behind them."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Engine
from threadpoolctl import threadpool_limits

from bot import app as wiring
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.loop_thread import LoopThread
from bot.models import NO_MULTILINGUAL, multilingual_is_packaged
from bot.records import Readiness, open_database, prepare
from bot.senders.choosing import what_is_off
from bot.senders.email import MailAddressError
from bot.settings import Settings
from bot.telegram.token import Hook, TelegramSettingsError, hook_of, token_of
from bot.terminal import said, stop
from handoff.database import UNAVAILABLE, DatabaseError
from handoff.retention_rules import RetentionError
from knowledge.launch import blocking
from knowledge.memory import give_back_memory
from knowledge.pack import Pack

if TYPE_CHECKING:
    from bot.telegram.running import DoorThread

BEHIND = "The database is from an earlier version. Make a backup, run 'askwell db upgrade', then start again."
AWAY = "The database cannot be reached yet. Only help for someone in danger is given until it is."


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    public: Annotated[bool, typer.Option(help="Refuse to start while safeguarding numbers are not verified.")] = False,
) -> None:
    """Start the web page and the API."""
    import uvicorn  # noqa: PLC0415  the other commands need no server

    from bot.web.routes import create_app  # noqa: PLC0415
    from bot.web.telegram_hook import Receiver  # noqa: PLC0415

    settings = Settings()
    configure_logs(settings.log_level)
    spare_the_machine()
    hook = telegram_hook_of(settings)
    engine, complete = wiring.build_engine_now(settings)
    if public:
        refuse_while_unverified(engine.pack)
    if not multilingual_is_packaged() and not settings.multilingual_model:
        said.print(NO_MULTILINGUAL)
    give_back_memory()
    assistant = Assistant(engine)
    records = open_records(settings)
    try:
        front = wiring.build_front_desk(settings, assistant, records)
    except RetentionError as error:
        stop(str(error), code=1)
    if not complete:
        said.print("The index is being made behind. Until it is ready, answers are found by words alone.")
        wiring.complete_behind(assistant, settings, said.print)
    keeping, courier = wiring.build_housekeeping(settings, front), open_courier(settings, front)
    telegram = telegram_door(front, settings, hook) if hook else None
    receiver = (
        Receiver(hook, telegram.receive, lambda: telegram.busy, lambda: assistant.engine.pack)
        if hook and telegram
        else None
    )
    keeping.start()
    courier.start()
    if telegram:
        telegram.start()
    said.print(f"Askwell is at http://{host}:{port}/  (Control+C stops it)")
    try:
        uvicorn.run(
            create_app(front, settings, telegram=receiver),
            host=host,
            port=port,
            log_config=None,
            log_level="warning",
            access_log=False,
        )
    except OSError as error:
        stop(f"Cannot listen on {host}:{port}: {error.strerror}.", code=1)
    finally:
        if telegram:
            telegram.stop()
        courier.stop()
        keeping.stop()
        front.close()
        records.dispose()


def telegram_door(front: FrontDesk, settings: Settings, hook: Hook) -> DoorThread:
    """The door to Telegram. Its library takes 130 MB and two seconds, so only a council that has a bot loads it."""
    from bot.telegram.running import DoorThread  # noqa: PLC0415

    return DoorThread(front, settings, token_of(settings), hook.url, hook.secret)


def spare_the_machine() -> None:
    """Keep this process within two cores and little memory, for many questions at once."""
    # A question's products are small: threads that wait for one another cost more than they give.
    threadpool_limits(1, "blas")
    if sys.platform == "linux":
        # The C library gives each thread a heap of its own and keeps what is freed there. -8 is M_ARENA_MAX (malloc.h);
        # a library without `mallopt` has no such heaps.
        limit = getattr(ctypes.CDLL(None), "mallopt", None)
        if limit is not None:
            limit(-8, 2)


def open_records(settings: Settings) -> Engine:
    """The database, with its tables made when it is empty. A database that is away does not stop the service."""
    try:
        records = open_database(settings)
        if prepare(records) is Readiness.BEHIND:
            stop(BEHIND, code=1)
    except DatabaseError as error:
        stop(str(error), code=1)
    except UNAVAILABLE:
        said.print(AWAY)
    return records


def telegram_hook_of(settings: Settings) -> Hook | None:
    """Where Telegram brings updates, when that is on. Ends the command without a secret path and a secret header."""
    try:
        return hook_of(settings)
    except TelegramSettingsError as error:
        stop(str(error), code=1)


def open_courier(settings: Settings, front: FrontDesk) -> LoopThread:
    """What sends letters; the operator is told when a channel is off."""
    try:
        courier = wiring.build_courier(settings, front)
    except MailAddressError as error:
        stop(str(error), code=1)
    off = what_is_off(settings)
    if off:
        said.print(off)
    return courier


def refuse_while_unverified(pack: Pack) -> None:
    """End when something that must be verified before the public sees it is not."""
    waiting = blocking(pack)
    if not waiting:
        return
    for item in waiting:
        said.print(f"- {item.what}")
    stop("Not started: nobody has verified the council's safeguarding numbers (SAF-01).", code=1)
