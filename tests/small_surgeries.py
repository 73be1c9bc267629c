"""A council that holds surgeries: sessions on demand, families who book, and letters read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from itertools import count

from sqlalchemy import Engine
from sqlmodel import select

from handoff.bookings.booking import book
from handoff.bookings.found import Booked
from handoff.bookings.holds import hold
from handoff.bookings.needs import coded
from handoff.bookings.visit import Reach, Visit
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.letters import BODY
from handoff.models import Hold, OfficerRole, OutboxMessage, OutboxState, Seat, Slot, SurgeryKind
from handoff.people import address_for
from handoff.rights import Acting
from handoff.surgeries.planned import Planned, times
from handoff.surgeries.planning import plan, publish
from knowledge.calendar import WorkingCalendar

PRIYA = Acting("priya", OfficerRole.OFFICER, frozenset({"surgery"}))
BEN = Acting("ben", OfficerRole.OFFICER, frozenset({"send"}))
OPEN_DAYS = WorkingCalendar()
TUESDAY = date(2026, 12, 8)


@dataclass
class Surgeries:
    """What a test does at a desk, in one line each."""

    engine: Engine
    desk: Desk
    keys: count[int] = field(default_factory=count)

    def planned(self, code: str = "feltham", day: date = TUESDAY, **more: object) -> Planned:
        given: dict[str, object] = {
            "starts": time(9, 30),
            "ends": time(12, 30),
            "venue": "Feltham Library",
            "area": "Feltham",
            "features": ("step_free",),
            "teams": ("EHC team", "SENDIASS"),
            "slots": times(time(9, 30), time(10, 30), 20, 1),
        }
        given |= more
        if given.get("kind") is SurgeryKind.DROP_IN:
            given["slots"] = ()
        return Planned(code=code, day=day, **given)  # type: ignore[arg-type]

    def session(
        self, code: str = "feltham", day: date = TUESDAY, *, published: bool = True, **more: object
    ) -> list[str]:
        """A session; the ids of its times, in order."""
        with transaction(self.engine) as session:
            surgery = plan(session, self.desk, PRIYA, self.planned(code, day, **more), OPEN_DAYS).surgery
        if published:
            with transaction(self.engine) as session:
                publish(session, self.desk, PRIYA, code)
        with reading(self.engine) as session:
            mine = select(Slot).where(Slot.pack == self.desk.pack, Slot.surgery_id == surgery.id)
            return [slot.id for slot in session.exec(mine.order_by(Slot.starts_at, Slot.who)).all()]

    def person(self, name: str = "amina") -> str:
        with transaction(self.engine) as session:
            return address_for(session, self.desk, "web", name).person_id

    def visit(self, topic: str = "ehc_plan", to: str = "amina@example.org", **more: object) -> Visit:
        return Visit(topic, first_name="Amina", reach=Reach.EMAIL if to else Reach.NONE, to=to, **more)  # type: ignore[arg-type]

    def key(self) -> str:
        return f"key{next(self.keys)}"

    def hold(self, person: str, *slot_ids: str, needs: str = "") -> str:
        with transaction(self.engine) as session:
            return hold(session, self.desk, person, slot_ids, needs).id

    def book(self, person: str, *slot_ids: str, visit: Visit | None = None) -> Booked:
        visit = visit or self.visit()
        held = self.hold(person, *slot_ids, needs=coded(visit.needs))
        with transaction(self.engine) as session:
            return book(session, self.desk, person, held, visit, key=self.key())

    def taken(self) -> list[int]:
        with reading(self.engine) as session:
            return [slot.taken for slot in session.exec(select(Slot).order_by(Slot.starts_at, Slot.id)).all()]

    def check_places(self) -> None:
        """Every time's count is its seats, and never above its places."""
        with reading(self.engine) as session:
            seats = [seat.slot_id for seat in session.exec(select(Seat)).all()]
            for slot in session.exec(select(Slot)).all():
                assert slot.taken == seats.count(slot.id) <= slot.capacity

    def holds(self) -> int:
        with reading(self.engine) as session:
            return len(session.exec(select(Hold)).all())

    def letters(self, kind: str = "", *, waiting: bool = True) -> list[tuple[str, str]]:
        """Who is written to and what they read, in the order written."""
        with reading(self.engine) as session:
            rows = session.exec(select(OutboxMessage).order_by(OutboxMessage.made_at, OutboxMessage.id)).all()
        import json

        found = []
        for row in rows:
            if (kind and row.kind != kind) or (waiting and row.state is not OutboxState.WAITING):
                continue
            body = json.loads(self.desk.open(row.person_id, row.sealed_body, BODY))
            found.append((body["to"] or row.channel, body["text"]))
        return found
