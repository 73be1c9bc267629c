"""R5: updates delivered again, shuffled across chats, with ids that begin anew, and a crash after every so many commits.
Each acts once, and each chat's order is kept.

PYTHONPATH=tests python -m campaigns.updates_again --updates 100000 sqlite
PYTHONPATH=tests python -m campaigns.updates_again --updates 2000 --no-inbox sqlite    # the control: each delivery is acted on

What a channel promises is what the Bot API's server does: the next update of a chat comes once the one before was
acknowledged, and anything acknowledged may still come again later.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, event
from sqlmodel import col, select

from bot.front_desk import FrontDesk
from bot.messages import Arrived, Incoming
from campaigns.engines import fresh_engine
from campaigns.office_day import day_desk, day_front, stub_assistant
from handoff.conversations import TEXT
from handoff.database import reading
from handoff.desk import Desk
from handoff.models import Case, Message, Who

CHATS = 200
AGAIN = 0.3
RISK = 0.002
RESTART = 0.001


class CrashError(BaseException):
    """The process is gone, between one commit and the next step."""


@dataclass(frozen=True)
class Update:
    """One message in one chat; `number` is its place in it."""

    chat: int
    id: int
    number: int
    risk: bool

    @property
    def text(self) -> str:
        return f"{'I want to kill myself' if self.risk else 'where is it'} {self.number}"


@dataclass
class Result:
    """How many updates there were, how many deliveries and crashes, and what went wrong."""

    updates: int
    deliveries: int
    crashes: int
    wrong: list[str]


def updates(rng: random.Random, count: int) -> Iterator[Update]:
    """Updates of many chats; now and then the ids begin again somewhere else, as they do after a quiet week."""
    id, numbers = rng.randrange(10**9), Counter[int]()
    for _ in range(count):
        id = rng.randrange(10**9) if rng.random() < RESTART else id + 1
        chat = rng.randrange(CHATS)
        numbers[chat] += 1
        yield Update(chat, id, numbers[chat], rng.random() < RISK)


class Crashes:
    """Ends the process after every so many commits, as far as the code inside it can tell."""

    def __init__(self, engine: Engine, rng: random.Random, every: int) -> None:
        self.rng, self.every, self.count, self.left = rng, every, 0, rng.randrange(1, 2 * every)
        self.armed = True
        event.listen(engine, "commit", self._begun)
        event.listen(engine, "checkin", self._ended)
        self._committed = False

    def _begun(self, _connection: object) -> None:
        self._committed = True

    def _ended(self, *_: object) -> None:
        if not (self._committed and self.armed):
            return
        self._committed = False
        self.left -= 1
        if self.left <= 0:
            self.count += 1
            self.left = self.rng.randrange(1, 2 * self.every)
            raise CrashError


def run(engine: Engine, folder: Path, count: int, seed: int = 1, *, inbox: bool = True, every: int = 25) -> Result:
    """Deliver `count` updates, three in ten of them more than once."""
    rng = random.Random(seed)
    crashes = Crashes(engine, rng, every)
    queues: dict[int, list[Update]] = defaultdict(list)
    for update in updates(rng, count):
        queues[update.chat].append(update)
    seen: list[Update] = []
    ahead, deliveries = 0.0, 0
    front = _front(engine, folder, ahead)
    while queues:
        chat = rng.choice(list(queues))
        again = seen and rng.random() < AGAIN
        update = rng.choice(seen) if again else queues[chat][0]
        deliveries += 1
        try:
            front.reply(_arrived(update, update.id if inbox else deliveries))
        except CrashError:
            # Not acknowledged: the channel delivers it again, to a new process, with connections of its own and a clock
            # that is past the old leases.
            engine.dispose()
            ahead += 40.0
            front = _front(engine, folder, ahead)
            continue
        if not again:
            seen = [*seen[-500:], update]
            queues[chat].pop(0)
            if not queues[chat]:
                del queues[chat]
    crashes.armed = False
    front = _front(engine, folder, ahead + 40.0)
    front.sweep()
    front.close()
    return Result(count, deliveries, crashes.count, wrong(engine, front.office.desk, count))


def wrong(engine: Engine, desk: Desk, count: int) -> list[str]:
    """Every chat whose lines are not each update once, in order; and risks that have not exactly one case."""
    said: dict[str, list[str]] = defaultdict(list)
    with reading(engine) as session:
        mine = (
            select(Message).where(Message.who == Who.PERSON).order_by(col(Message.conversation_id), col(Message.number))
        )
        for line in session.exec(mine):
            said[line.conversation_id].append(desk.open(line.person_id, line.sealed_text, TEXT))
        cases = len(session.exec(select(Case.id)).all())
    found = []
    for conversation, lines in said.items():
        numbers = [int(line.rsplit(" ", 1)[1]) for line in lines]
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            found.append(f"{conversation}: an update acted twice, or not at all")
        # A cry for help overtakes what waits before it: all else is in order.
        calm = [number for number, line in zip(numbers, lines, strict=True) if line.startswith("where")]
        if calm != sorted(calm):
            found.append(f"{conversation}: out of order")
    total, risks = (
        sum(map(len, said.values())),
        sum(line.startswith("I want") for lines in said.values() for line in lines),
    )
    if total != count:
        found.append(f"{total} acts for {count} updates")
    if cases != risks:
        found.append(f"{cases} cases for {risks} messages about someone at risk")
    return found


def _front(engine: Engine, folder: Path, ahead: float) -> FrontDesk:
    return day_front(engine, day_desk(folder / "keys", ahead), folder)


def _arrived(update: Update, id: int) -> Arrived:
    return Arrived("telegram", f"chat{update.chat}", str(id), Incoming(update.text))


def main() -> None:
    """Print how many acts went wrong; end with 1 when any did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-inbox", action="store_true")
    given = parser.parse_args()
    stub_assistant()
    with tempfile.TemporaryDirectory() as name, fresh_engine(given.engine, Path(name)) as engine:
        result = run(engine, Path(name), given.updates, given.seed, inbox=not given.no_inbox)
    print(
        f"R5 {given.engine}{' without the inbox' if given.no_inbox else ''}: {result.updates} updates, "
        f"{result.deliveries} deliveries, {result.crashes} crashes, {len(result.wrong)} wrong."
    )
    for line in result.wrong[:5]:
        print(line)
    sys.exit(bool(result.wrong))


if __name__ == "__main__":
    main()
