"""An office at work: families write, cases are opened, taken and answered, letters go out, from many threads at once.

Each act notes what it acknowledged once its transaction is committed, so that a campaign can ask for it afterwards.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from campaigns.invariants import Acknowledged
from handoff import cases, inbox
from handoff.cases import CaseError, Contact, Handover
from handoff.conversations import Said, conversation_for, record
from handoff.database import UNAVAILABLE, transaction
from handoff.desk import Desk
from handoff.inbox import Arrival
from handoff.models import OfficerRole, SafeContact, Who
from handoff.outbox import mark_sent, take_due
from handoff.people import address_for
from handoff.rights import Acting

PRIYA = Acting("priya", OfficerRole.OFFICER, frozenset({"send"}))


@dataclass
class Office:
    """What the load works on, and what it acknowledged so far, in order."""

    engine: Engine
    desk: Desk
    families: int = 12
    acknowledged: list[Acknowledged] = field(default_factory=list)
    open_cases: list[str] = field(default_factory=list)
    acts: int = 0

    def act(self, chance: random.Random) -> None:
        """One act of one of the kinds. A writer who met another does nothing this time."""
        with suppress(DBAPIError, CaseError, *UNAVAILABLE):
            chance.choice(ACTS)(self, chance)
            self.acts += 1


def write_and_be_answered(office: Office, chance: random.Random) -> None:
    """A family writes; the message is kept, then answered in a second transaction."""
    engine, desk = office.engine, office.desk
    id = f"m{chance.getrandbits(64)}"
    with transaction(engine) as session:
        door = address_for(session, desk, "email", f"family{chance.randrange(office.families)}@example.org")
        conversation = conversation_for(session, desk, door)
        inbox.receive(session, desk, conversation, Arrival("email", id, "where is the review"))
    office.acknowledged.append(Acknowledged("inbox_message", id))
    with transaction(engine) as session:
        lease = inbox.take(session, desk, conversation.id)
    if lease is None:
        return
    with transaction(engine) as session:
        if not inbox.finish(session, desk, lease, "I looked."):
            return
        lines = record(session, desk, conversation, *(Said(who, "words") for who in (Who.PERSON, Who.ASSISTANT)))
        ids = [line.id for line in lines]
    office.acknowledged += [Acknowledged("message", id) for id in ids]


def ask_for_a_person(office: Office, chance: random.Random) -> None:
    """A family hands over: a case with a reference it can keep."""
    engine, desk = office.engine, office.desk
    with transaction(engine) as session:
        address = f"family{chance.randrange(office.families)}@example.org"
        conversation = conversation_for(session, desk, address_for(session, desk, "email", address))
        case = cases.open_case(session, desk, _handover(conversation.person_id, conversation.id, address, chance))
        id = case.id
    office.acknowledged.append(Acknowledged("case", id))
    office.open_cases.append(id)


def answer_a_case(office: Office, chance: random.Random) -> None:
    """Priya takes a case and answers it; the letter is written with the answer."""
    if not office.open_cases:
        return ask_for_a_person(office, chance)
    engine, desk = office.engine, office.desk
    id = chance.choice(office.open_cases[-20:])
    with transaction(engine) as session:
        case = cases.claim(session, desk, PRIYA, id, _version(session, desk, id))
    with transaction(engine) as session:
        cases.reply(session, desk, PRIYA, id, case.version, "It is next week.", f"r{chance.getrandbits(64)}")
    return None


def carry_letters(office: Office, chance: random.Random) -> None:
    """The courier's round, with a door that takes everything."""
    engine, desk = office.engine, office.desk
    with transaction(engine) as session:
        parcels = take_due(session, desk, f"worker{chance.randrange(4)}", 4)
    for parcel in parcels:
        with transaction(engine) as session:
            mark_sent(session, desk, parcel)


ACTS: tuple[Callable[[Office, random.Random], None], ...] = (
    write_and_be_answered,
    write_and_be_answered,
    ask_for_a_person,
    answer_a_case,
    carry_letters,
)


@contextmanager
def at_work(office: Office, workers: int = 4, seed: int = 1) -> Iterator[None]:
    """The office at work in `workers` threads while the block runs."""
    stop = threading.Event()

    def work(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")
        while not stop.is_set():
            office.act(chance)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _handover(person: str, conversation: str, address: str, chance: random.Random) -> Handover:
    return Handover(
        person_id=person,
        conversation_id=conversation,
        queue="send",
        topic="ehc",
        summary="When is the review?",
        shared=("the review is late",),
        door="email",
        role="family",
        language="en",
        needs="",
        contact=Contact("email", address, SafeContact.NEUTRAL),
        urgent=None,
        key=f"h{chance.getrandbits(64)}",
    )


def _version(session: Session, desk: Desk, id: str) -> int:
    from handoff.models import Case

    return session.get_one(Case, (desk.pack, id)).version
