"""A thousand chats ask at once, over the wire: answers a second and how long the slowest twentieth waits, beside the bare
answer function on the same machine; and how long the webhook takes to say 200.

    PYTHONPATH=tests python -m campaigns.telegram_load --chats 1000
"""

from __future__ import annotations

import argparse
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

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.messages import Incoming
from bot.telegram.loopback.people import Human
from knowledge.pack import PACKS, load_pack

QUESTIONS = (
    "What is an EHC plan?",
    "My child needs more help at school",
    "How do I book a SEND Surgery?",
    "What is MIP?",
)
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


def webhook_seconds(front: FrontDesk, count: int) -> list[float]:
    """How long each update takes until 200, one after another, while nothing else is asked."""
    took = []
    with served_house(front) as served, httpx.Client(headers={HEADER: served.hook.secret}) as client:
        for number in range(count):
            chat = served.api.state.chat(number + 1)
            message = {"message_id": 1, "date": 1, "chat": chat.as_json(), "from": chat.user(), "text": "/help"}
            began = time.perf_counter()
            answer = client.post(f"{served.url}{served.hook.path}", json={"update_id": number, "message": message})
            took.append(time.perf_counter() - began)
            assert answer.status_code == 200
            time.sleep(0.05)
    return took


def main() -> None:
    """Print the figures; end with 1 when somebody got no answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chats", type=int, default=1000)
    given = parser.parse_args()
    configure_logs("critical")
    with tempfile.TemporaryDirectory() as folder:
        assistant = Assistant(little_engine(load_pack(PACKS / "hounslow")))
        front = front_for(assistant, Path(folder) / "a")
        done = at_once(front, given.chats)
        other = front_for(assistant, Path(folder) / "b")
        took = webhook_seconds(other, 100)
        for one in (front, other):
            one.close()
            one.office.engine.dispose()
    print(
        f"{done.answered} of {done.chats} chats answered in {done.seconds:.1f} s: {done.answered / done.seconds:.1f} a second, "
        f"p95 {done.p95:.1f} s; the answer function alone takes {done.bare * 1000:.0f} ms, so {done.ratio:.2f} of its rate. "
        f"Webhook: 200 after {statistics.median(took) * 1000:.0f} ms (median), {sorted(took)[94] * 1000:.0f} ms (p95)."
    )
    sys.exit(done.answered != done.chats)


if __name__ == "__main__":
    main()
