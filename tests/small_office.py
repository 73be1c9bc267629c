"""A small office for tests of what must survive: a clock that stands still, ids that count, databases made fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Engine, text

from handoff.cases import Contact, Handover, open_case
from handoff.conversations import conversation_for
from handoff.database import connect, transaction
from handoff.desk import Desk
from handoff.models import Case, Officer, OfficerQueue, OfficerRole
from handoff.people import address_for
from handoff.rights import Acting
from knowledge.routing import Queue
from knowledge.working_hours import Standard, Unit

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
_names = count()
QUEUES = {
    "safeguarding": Queue(
        "safeguarding", "Children's team", "risk", 0, standard=Standard(1, Unit.DAYS), alarm=Standard(4, Unit.HOURS)
    ),
    "send": Queue("send", "SEN team", "plans", 20),
    "ap": Queue("ap", "Alternative provision", "a child out of school", 10),
    "privacy": Queue("privacy", "Information governance", "personal data", 45),
    "local_offer": Queue("local_offer", "Local Offer team", "anything else", 90),
    "clubs": Queue("clubs", "Clubs", "clubs", 10),
    "surgery": Queue("surgery", "Surgery team", "the SEND Surgery", 30),
}
PRIYA = Acting("priya", OfficerRole.OFFICER, frozenset({"send", "ap"}))
LENA = Acting("lena", OfficerRole.LEAD, frozenset({"send", "safeguarding"}))
SAM = Acting("sam", OfficerRole.SAFEGUARDING, frozenset({"safeguarding"}))
TOVE = Acting("tove", OfficerRole.SAFEGUARDING, frozenset({"safeguarding"}))
BEN = Acting("ben", OfficerRole.OFFICER, frozenset({"clubs"}))


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Counter:
    """Ids that count, so that a failing test reads the same twice."""

    numbers: Iterator[int] = field(default_factory=count)

    def __call__(self) -> str:
        return f"id{next(self.numbers):08d}"


def fresh_postgres(server: str) -> Iterator[str]:
    """A database made from the template, dropped afterwards."""
    name = f"askwell_{next(_names)}"
    admin = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Copying a database takes as long as the disk takes: no limit of ours belongs here.
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE askwell_template"))
    try:
        yield named(server, name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def named(url: str, database: str) -> str:
    """The address of another database on the same server."""
    before, _, query = url.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{database}?{query}"


def amina_asks(
    engine: Engine,
    desk: Desk,
    *,
    queue: str = "send",
    key: str = "k1",
    address: str = "amina",
    topic: str = "ehc",
    summary: str = "When is the review?",
    urgent: str | None = None,
    contact: Contact | None = None,
    data_complaint: bool = False,
    needs: str = "",
) -> Case:
    """A case of Amina's, opened through the web page."""
    with transaction(engine) as session:
        conversation = conversation_for(session, desk, address_for(session, desk, "web", address))
        handover = Handover(
            person_id=conversation.person_id,
            conversation_id=conversation.id,
            queue=queue,
            topic=topic,
            summary=summary,
            shared=("my son's review is late",),
            door="web",
            role="family",
            language="en",
            needs=needs,
            contact=contact,
            urgent=urgent,
            key=key,
            data_complaint=data_complaint,
        )
        return open_case(session, desk, handover)


def add_staff(engine: Engine, desk: Desk, *who: Acting) -> None:
    """Rows for officers who may be given a case. Their passwords open nothing."""
    with transaction(engine) as session:
        for one in who:
            session.add(
                Officer(
                    pack=desk.pack,
                    id=one.officer_id,
                    email=f"{one.officer_id}@council.example",
                    name=one.officer_id.title(),
                    role=one.role,
                    password="",
                    made_at=desk.now(),
                )
            )
        session.flush()
        session.add_all(
            OfficerQueue(pack=desk.pack, officer_id=one.officer_id, queue=queue) for one in who for queue in one.queues
        )
