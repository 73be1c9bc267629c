"""A thousand chats ask at once, over the wire: answers a second and how long the slowest twentieth waits, beside the bare
answer function on the same machine; and how long the webhook takes to say 200.

    PYTHONPATH=tests python -m campaigns.telegram_load --chats 1000
    PYTHONPATH=tests python -m campaigns.telegram_load --chats 1000 --webhook 0 --full-index    # the answers of the service
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from little_council import little_engine
from telegram_house import open_house, served_house
from web_house import front_for

from bot.app import build_engine
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.messages import Incoming
from bot.settings import Settings
from bot.telegram.loopback.people import Human
from knowledge.pack import PACKS, load_pack

QUESTIONS = (
    "What is an EHC plan?",
    "My child needs more help at school",
    "How do I book a SEND Surgery?",
    "What is MIP?",
)
ASKED = "My son is 9 and has an EHCP. Can his school get MIP help for him?"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Result:
    chats: int
    answered: int
    seconds: float
    p95: float
    bare: float

    @property
    def ratio(self) -> float:
        """Answers a second over the wire, as a share of what the answer function alone gives."""
        return self.answered / self.seconds * self.bare


def bare_seconds(front: FrontDesk, rounds: int = 40) -> float:
    """How long one answer takes with nothing around it."""
    assistant = front.office.assistant
    began = time.perf_counter()
    for number in range(rounds):
        assistant.reply(Incoming(QUESTIONS[number % len(QUESTIONS)]))
    return (time.perf_counter() - began) / rounds


def at_once(front: FrontDesk, chats: int) -> Result:
    """One question from each of `chats`, all at the same moment."""
    bare = bare_seconds(front)
    with open_house(front) as house:
        began = house.api.state.clock()
        for number in range(chats):
            Human(house.api.state, number + 1).says(QUESTIONS[number % len(QUESTIONS)])
        house.settle(1800)
        firsts: dict[int, float] = {}
        for call in house.api.state.sent():
            firsts.setdefault(call.chat, call.at - began)
    waits = sorted(firsts.values())
    p95 = waits[int(len(waits) * 0.95) - 1] if len(waits) > 1 else waits[0]
    return Result(chats, len(waits), waits[-1], p95, bare)


@dataclass
class Webhook:
    """Seconds until 200: of a chat's first update, of its later ones, and of a post that asks for nothing."""

    first: list[float]
    later: list[float]
    nothing: list[float]

    def said(self) -> str:
        """Medians and 95th percentiles, in milliseconds."""
        return "; ".join(
            f"{name} {statistics.median(took) * 1000:.0f} ms (median), {quantile95(took) * 1000:.0f} ms (p95)"
            for name, took in (
                ("first of a chat", self.first),
                ("later ones", self.later),
                ("empty post", self.nothing),
            )
        )


def quantile95(took: list[float]) -> float:
    return sorted(took)[max(0, int(len(took) * 0.95) - 1)]


def webhook_seconds(front: FrontDesk, count: int) -> Webhook:
    """How long each update takes until 200, one after another, while the one before is being answered."""
    done = Webhook([], [], [])
    with served_house(front) as served, httpx.Client(headers={HEADER: served.hook.secret}) as client:
        where = f"{served.url}{served.hook.path}"

        def post(took: list[float], body: dict[str, object]) -> None:
            began = time.perf_counter()
            answer = client.post(where, json=body)
            took.append(time.perf_counter() - began)
            assert answer.status_code == 200
            time.sleep(0.05)

        post([], {})
        for number in range(count * 2):
            chat = served.api.state.chat(number % count + 1)
            message = {"message_id": number + 1, "date": 1, "chat": chat.as_json(), "from": chat.user(), "text": ASKED}
            post(done.first if number < count else done.later, {"update_id": number, "message": message})
            post(done.nothing, {})
    return done


def main() -> None:
    """Print the figures; end with 1 when somebody got no answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--webhook", type=int, default=100, help="how many chats bring updates to the webhook")
    parser.add_argument(
        "--full-index", action="store_true", help="with both encoders; the index is made first if need be"
    )
    given = parser.parse_args()
    configure_logs("critical")
    told, whole = [], True
    with tempfile.TemporaryDirectory() as folder:
        engine = build_engine(Settings()) if given.full_index else little_engine(load_pack(PACKS / "hounslow"))
        assistant = Assistant(engine)
        if given.chats:
            front = front_for(assistant, Path(folder) / "a")
            done = at_once(front, given.chats)
            whole = done.answered == done.chats
            told.append(
                f"{done.answered} of {done.chats} chats answered in {done.seconds:.1f} s: "
                f"{done.answered / done.seconds:.1f} a second, p95 {done.p95:.1f} s; the answer function alone takes "
                f"{done.bare * 1000:.0f} ms, so {done.ratio:.2f} of its rate; {most_memory():.0f} MB at most."
            )
            _close(front)
        if given.webhook:
            other = front_for(assistant, Path(folder) / "b")
            told.append(f"Webhook, 200 after: {webhook_seconds(other, given.webhook).said()}.")
            _close(other)
    print(" ".join(told))
    sys.exit(not whole)


def most_memory() -> float:
    """Megabytes this process held at most, the test's own server and people with it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _close(front: FrontDesk) -> None:
    front.close()
    front.office.engine.dispose()


if __name__ == "__main__":
    main()
