"""R7: a fault at each step of each flow; ten minutes later every row is final, tried again since, or before a person.

    python -m tests.campaigns.nothing_invisible --full     10,000 faults, half on each engine

Control: the same with the sweepers off. Some rows must then be out of sight, or the figure says nothing.
The short form and the control run in `tests/handoff/test_nothing_invisible.py`.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from databases import desk_at
from little_council import little_engine, write_pack
from post_office import Remembering
from small_office import Clock
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select, update

from bot import courier
from bot.assistant import NOTHING_YET, Assistant, Replied
from bot.courier import Refused, RetryLater
from bot.front_desk import FrontDesk
from bot.messages import Arrived, Incoming, Outcome, Reply
from bot.turn import Past
from campaigns.engines import fresh_engine
from handoff import inbox
from handoff.database import reading, transaction
from handoff.desk import Desk, new_id
from handoff.models import Case, Conversation, InboxMessage, InboxState, OutboxMessage, OutboxState, Status
from handoff.outbox import Letter, Parcel, put, take_due
from handoff.people import address_for
from handoff.spool import Spool, Spooled
from handoff.undelivered import dead, late
from knowledge.pack import load_pack

MINUTES = 10
BATCH = 60


class Faulty(Assistant):
    """The real redaction and rules of danger, a reply at once, and a fault wherever a message asks for one."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant.engine)
        self.left: Counter[str] = Counter()

    def reply(self, incoming: Incoming, past: Past = NOTHING_YET) -> Replied:
        """Raises as often as `left` says for this text."""
        if self.left[incoming.text]:
            self.left[incoming.text] -= 1
            raise OperationalError("", {}, None) if "away" in incoming.text else KeyError("a fault of ours")  # type: ignore[arg-type]
        return Replied(Reply(Outcome.ABSTAIN, "abstain", heading="I looked."), past)


@dataclass
class House:
    """One office, its clock, and where every injected fault left its row."""

    engine: Engine
    desk: Desk
    clock: Clock
    front: FrontDesk
    assistant: Faulty
    sender: Remembering
    begun: datetime = field(init=False)
    tries: dict[str, int] = field(default_factory=dict)

    def conversation(self, who: str) -> Conversation:
        with reading(self.engine) as session:
            door = select(Conversation).where(Conversation.pack == self.desk.pack)
            from handoff.people import known_address

            address = known_address(session, self.desk, "web", who)
            assert address is not None
            return session.exec(door.where(Conversation.address_id == address.id)).one()

    def taken(self, conversation: str) -> None:
        with transaction(self.engine) as session:
            inbox.take(session, self.desk, conversation)


Inject = Callable[[House, str, str], None]


def kept_and_no_more(house: House, who: str, text: str) -> None:
    """The process dies once the message is kept."""
    house.front.receive(_from(who, text))


def taken_and_no_more(house: House, who: str, text: str) -> None:
    """The process dies while it has the message."""
    kept_and_no_more(house, who, text)
    house.taken(house.conversation(who).id)


def falls_once(house: House, who: str, text: str) -> None:
    """A fault of ours in the first try."""
    house.assistant.left[text] = 1
    kept_and_no_more(house, who, text)


def falls_always(house: House, who: str, text: str) -> None:
    """A fault of ours in every try."""
    house.assistant.left[text] = 10_000
    kept_and_no_more(house, who, text)


def dies_each_time(house: House, who: str, text: str) -> None:
    """A message that takes the process with it, whoever has it."""
    kept_and_no_more(house, who, text)
    with transaction(house.engine) as session:
        mine = col(InboxMessage.conversation_id) == house.conversation(who).id
        waiting = col(InboxMessage.state) == InboxState.RECEIVED
        session.execute(update(InboxMessage).where(mine, waiting).values(attempts=inbox.MOST_ATTEMPTS))
    house.taken(house.conversation(who).id)


def database_away(house: House, who: str, text: str) -> None:
    """The database goes away while the message is thought about."""
    house.assistant.left[f"{text} away"] = 2
    kept_and_no_more(house, who, f"{text} away")


def spooled(house: House, who: str, text: str) -> None:
    """Someone is at risk while the database is away: the message waits on the disk."""
    at = house.clock().isoformat()
    words = f"{text}: he hit me and I am scared"
    house.front.office.spool.put(Spooled("web", who, text, words, "child_writing", "family", "en", at))


def letter(house: House, who: str, text: str, channel: str = "email", line: str = "") -> str:
    """A letter that is due; its id."""
    with transaction(house.engine) as session:
        door = address_for(session, house.desk, channel, who)
        about = ("reply", "s", "t", "There is a message for you.")
        row = put(
            session,
            house.desk,
            Letter(text, door.person_id, channel, door.id, None, line or text.replace(" ", ""), *about),
        )
        return row.id


def letter_taken(house: House, who: str, text: str) -> None:
    """The courier dies with the letter in its hand, before or after it was sent."""
    letter(house, who, text)
    with transaction(house.engine) as session:
        take_due(session, house.desk, "dead", 1)


def letter_refused(house: House, who: str, text: str) -> None:
    """The door says never."""
    letter(house, who, f"refused {text}")


def letter_later(house: House, who: str, text: str) -> None:
    """The door says later, for as long as it is asked."""
    letter(house, who, f"later {text}")


def letter_bug(house: House, who: str, text: str) -> None:
    """A fault of ours in the sender."""
    letter(house, who, f"bug {text}")


def letter_without_sender(house: House, who: str, text: str) -> None:
    """Its channel is off."""
    letter(house, who, text, channel="telegram")


def letter_unreadable(house: House, who: str, text: str) -> None:
    """Its words cannot be opened."""
    id = letter(house, who, text)
    with transaction(house.engine) as session:
        session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == id).values(sealed_body=b"x" * 40))


def letter_behind_another(house: House, who: str, text: str) -> None:
    """An earlier letter of its line is put off again and again."""
    letter(house, who, f"later {text} first", line=text.replace(" ", ""))
    letter(house, who, f"{text} second", line=text.replace(" ", ""))


STEPS: tuple[Inject, ...] = (
    kept_and_no_more,
    taken_and_no_more,
    falls_once,
    falls_always,
    dies_each_time,
    database_away,
    spooled,
    letter_taken,
    letter_refused,
    letter_later,
    letter_bug,
    letter_without_sender,
    letter_unreadable,
    letter_behind_another,
)


def house_at(engine: Engine, folder: Path) -> House:
    """An office with faulty parts, on this database."""
    clock = Clock()
    desk = replace(desk_at(folder, clock), new_id=new_id)
    pack = load_pack(write_pack(folder / "littleham"))
    assistant = Faulty(Assistant(little_engine(pack)))
    front = FrontDesk(engine, desk, assistant, Spool(folder / "spool", folder / "keys"), sleep=lambda _: None)
    return House(engine, desk, clock, front, assistant, Remembering(fails=_as_asked))


def run(house: House, faults: int, *, sweepers: bool = True, seed: int = 7) -> tuple[int, list[str]]:
    """Inject `faults` faults; how many were, and the rows that were out of sight ten minutes later."""
    chance, done, lost = random.Random(seed), 0, []
    while done < faults:
        house.begun = house.clock()
        for number in range(min(BATCH, faults - done)):
            step = STEPS[done % len(STEPS)] if done < len(STEPS) else chance.choice(STEPS)
            step(house, f"family{number}@example.org", f"fault {done}")
            done += 1
        house.tries = _tries(house)
        for _ in range(MINUTES):
            house.clock.move(minutes=1)
            keep_house(house, sweepers=sweepers)
        lost += invisible(house)
    return done, lost


def keep_house(house: House, *, sweepers: bool) -> None:
    """What a server does by itself in one minute."""
    if sweepers:
        for _ in range(8):
            try:
                if not house.front.sweep():
                    break
            except OperationalError:
                continue  # The housekeeping notes it, and comes again in two seconds.
        courier.sweep(house.engine, house.desk)
    while asyncio.run(courier.deliver_due(house.engine, house.desk, {"email": house.sender}, limit=40)).taken:
        continue


def invisible(house: House) -> list[str]:
    """The rows that are not final, were not tried since the fault, and are before nobody."""
    with reading(house.engine) as session:
        listed = {one.id for one in (*dead(session, house.desk, 10**6), *late(session, house.desk, 10**6))}
        letters = session.exec(select(OutboxMessage).where(OutboxMessage.made_at >= house.begun)).all()
        messages = session.exec(select(InboxMessage).where(InboxMessage.received_at >= house.begun)).all()
        open_case = select(Case.conversation_id).where(Case.opened_at >= house.begun, Case.status != Status.DONE)
        before_a_person = set(session.exec(open_case).all())
    final = (OutboxState.SENT, OutboxState.DROPPED)
    lost = [
        f"letter {one.state} {one.fault}"
        for one in letters
        if one.state not in final and one.id not in listed and not _again(house, one.id, one.attempts)
    ]
    for one in messages:
        seen = one.state is InboxState.DONE or one.conversation_id in before_a_person
        if not seen and not (one.state is InboxState.RECEIVED and _again(house, one.id, one.attempts)):
            lost.append(f"message {one.state} {one.fault}")
    return lost + [f"on the disk: {message.message_id}" for _, message in house.front.office.spool.waiting()]


def _tries(house: House) -> dict[str, int]:
    with reading(house.engine) as session:
        letters = session.exec(select(OutboxMessage.id, OutboxMessage.attempts)).all()
        return dict(letters) | dict(session.exec(select(InboxMessage.id, InboxMessage.attempts)).all())


def _again(house: House, id: str, attempts: int) -> bool:
    return attempts > house.tries.get(id, 0)


def _as_asked(parcel: Parcel) -> Exception | None:
    kinds = {"refused": Refused(), "later": RetryLater(), "bug": KeyError("a fault of ours")}
    return kinds.get(parcel.key.split(" ")[0])


def _from(who: str, text: str) -> Arrived:
    return Arrived("web", who, text, Incoming(text))


def main(full: bool) -> int:
    """Run it on both engines, then the control, and print what came of it."""
    faults, bad, unseen = (5000 if full else 140), 0, 0
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
            done, lost = run(house_at(engine, Path(place)), faults)
            print(f"{kind}: {done} faults at {len(STEPS)} steps, {len(lost)} rows out of sight after {MINUTES} minutes")
            print("\n".join(lost[:10]))
            bad += len(lost)
    with tempfile.TemporaryDirectory() as place, fresh_engine("sqlite", Path(place) / "data") as engine:
        done, lost = run(house_at(engine, Path(place)), 140, sweepers=False)
        unseen = len(lost)
        print(f"control, sweepers off: {unseen} rows out of sight of {done} faults")
    return 1 if bad or not unseen else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))
