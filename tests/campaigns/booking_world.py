"""A council and its families who do anything in any order, and what must hold of the places whatever they do."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from handoff.bookings.booking import book, cancel, move
from handoff.bookings.claim import claim
from handoff.bookings.errors import BookingError
from handoff.bookings.holds import extend, hold, let_go
from handoff.bookings.offering import choose, offer_until
from handoff.bookings.order import in_order
from handoff.bookings.sweep import sweep
from handoff.bookings.visit import TOPICS, Visit
from handoff.bookings.waiting import Wish, accept, join, leave
from handoff.database import connect, reading
from handoff.desk import Desk
from handoff.models import (
    Booking,
    BookingState,
    Hold,
    Offer,
    OfferState,
    OutboxMessage,
    Seat,
    Slot,
    Surgery,
    SurgeryState,
    WaitingListEntry,
    WaitingState,
)
from handoff.people import address_for
from handoff.surgeries.changing import move as move_session
from handoff.surgeries.changing import withdraw
from handoff.surgeries.planned import Planned, times
from handoff.surgeries.planning import PlanError, plan, publish
from handoff.surgeries.rights import at_the_terminal
from handoff.vault import Vault
from knowledge.calendar import WorkingCalendar
from knowledge.pack import PACKS
from knowledge.phrases import read_phrases

PEOPLE = 7
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
PRIYA = at_the_terminal()
ACTS = (
    "plan hold hold hold book book book cancel cancel move extend let_go join join accept leave sweep later withdraw "
    "move_session"
).split()


@dataclass
class World:
    """A council with families who do things at random. Every draw comes from `draw`, so a run can be repeated."""

    engine: Engine
    desk: Desk
    draw: random.Random
    clock: list[datetime]
    people: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    keys: int = 0
    did: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def act(self, name: str) -> None:
        """Do it. What the product says no to is fine; anything else is a fault."""
        try:
            getattr(self, name)()
            self.did[name] += 1
        except (BookingError, PlanError):
            self.did[f"{name} refused"] += 1

    def key(self) -> str:
        with self.lock:
            self.keys += 1
            return f"key{self.keys}"

    def person(self) -> str:
        return self.draw.choice(self.people)

    def one(self, table: type, *which: object) -> object | None:
        with reading(self.engine) as session:
            rows = session.exec(select(table).where(*which).order_by(table.id)).all()  # type: ignore[attr-defined]
        return self.draw.choice(rows) if rows else None

    def claimed(self, act: Callable[[Session], object]) -> object:
        return claim(self.engine, act)

    def visit(self) -> Visit:
        needs = self.draw.choice([(), (), ("step_free",), ("bsl",)])
        return Visit(self.draw.choice(TOPICS[:2]), needs=needs)

    def plan(self) -> None:
        with self.lock:
            self.keys += 1
            code = f"s{self.keys}"
        day = self.clock[0].date() + timedelta(days=self.draw.randint(1, 30))
        slots = times(datetime(2026, 1, 1, 10).time(), datetime(2026, 1, 1, 11).time(), 20, self.draw.randint(1, 3))
        features = self.draw.choice([(), ("step_free",), ("step_free", "bsl")])
        made = Planned(code, day, slots[0].at, datetime(2026, 1, 1, 11).time(), "Hall", features=features, slots=slots)
        self.claimed(lambda session: plan(session, self.desk, PRIYA, made, WorkingCalendar()))
        if self.draw.random() < 0.8:
            self.claimed(lambda session: publish(session, self.desk, PRIYA, code))

    def hold(self) -> None:
        slot = self.one(Slot, Slot.starts_at > self.clock[0])
        if isinstance(slot, Slot):
            person, wanted = self.person(), [slot.id] * self.draw.choice([1, 1, 1, 2])
            self.claimed(lambda session: hold(session, self.desk, person, wanted))

    def book(self) -> None:
        kept, visit, key = self.one(Hold, Hold.offered.is_(False)), self.visit(), self.key()  # type: ignore[attr-defined]
        if isinstance(kept, Hold):
            for _ in range(self.draw.choice([1, 1, 2])):
                made = self.claimed(lambda session: book(session, self.desk, kept.person_id, kept.id, visit, key=key))
            self.tokens.append(made.token)  # type: ignore[attr-defined]

    def cancel(self) -> None:
        self._by_token(lambda session, token, key: cancel(session, self.desk, token, key=key))

    def accept(self) -> None:
        self._by_token(lambda session, token, key: accept(session, self.desk, token, key=key))

    def leave(self) -> None:
        self._by_token(lambda session, token, key: leave(session, self.desk, token, key=key))

    def _by_token(self, act: Callable[[Session, str, str], object]) -> None:
        if self.tokens:
            token, key = self.draw.choice(self.tokens), self.key()
            self.claimed(lambda session: act(session, token, key))

    def move(self) -> None:
        kept = self.one(Hold, Hold.offered.is_(False))  # type: ignore[attr-defined]
        if isinstance(kept, Hold) and self.tokens:
            token, key = self.draw.choice(self.tokens), self.key()
            self.claimed(lambda session: move(session, self.desk, token, kept.id, key=key))

    def extend(self) -> None:
        kept = self.one(Hold)
        if isinstance(kept, Hold):
            self.claimed(lambda session: extend(session, self.desk, kept.person_id, kept.id))

    def let_go(self) -> None:
        kept = self.one(Hold)
        if isinstance(kept, Hold):
            self.claimed(lambda session: let_go(session, self.desk, kept.person_id, kept.id))

    def join(self) -> None:
        surgery = self.one(Surgery, Surgery.state == SurgeryState.PUBLISHED)
        where = surgery.id if isinstance(surgery, Surgery) and self.draw.random() < 0.5 else None
        wish = Wish(self.visit(), surgery_id=where, places=self.draw.choice([1, 1, 2]))
        person, key = self.person(), self.key()
        made = self.claimed(lambda session: join(session, self.desk, person, wish, key=key))
        self.tokens.append(made.token)  # type: ignore[attr-defined]

    def sweep(self) -> None:
        sweep(self.engine, self.desk)

    def later(self) -> None:
        self.clock[0] += timedelta(minutes=self.draw.choice([5, 20, 120, 600, 1500]))

    def withdraw(self) -> None:
        surgery = self.one(Surgery, Surgery.state == SurgeryState.PUBLISHED)
        if isinstance(surgery, Surgery) and self.draw.random() < 0.3:
            self.claimed(lambda session: withdraw(session, self.desk, PRIYA, surgery.code))
            self.sweep()

    def move_session(self) -> None:
        surgery = self.one(Surgery, Surgery.state == SurgeryState.PUBLISHED)
        if isinstance(surgery, Surgery):
            day: date = self.clock[0].date() + timedelta(days=self.draw.randint(1, 30))
            self.claimed(
                lambda session: move_session(session, self.desk, PRIYA, surgery.code, WorkingCalendar(), day=day)
            )
            self.sweep()


def new_world(url: str, keys: Path, seed: int) -> World:
    engine, clock = connect(url), [START]
    desk = Desk("littleham", Vault(keys), now=lambda: clock[0], phrases=read_phrases(PACKS / "hounslow", ("en",))[0])
    world = World(engine, desk, random.Random(seed), clock)
    with_people = (f"person-{number}-{seed}" for number in range(PEOPLE))
    world.people = [
        claim(engine, lambda session, name=name: address_for(session, desk, "web", name).person_id)
        for name in with_people
    ]
    return world


def check(world: World) -> None:
    """What must be true whenever nothing is going on. Raises `AssertionError`."""
    with reading(world.engine) as session:
        check_places(session)
        check_offers(session)
        _check_list(session, world)
        check_letters(session)


def check_places(session: Session) -> None:
    """A time's count is its seats, never above its places; each seat has a keeper that still keeps it."""
    seats = session.exec(select(Seat)).all()
    per_slot = Counter(seat.slot_id for seat in seats)
    for slot in session.exec(select(Slot)).all():
        assert slot.taken == per_slot[slot.id] <= slot.capacity, f"slot {slot.id}: {slot.taken}, {per_slot[slot.id]}"
    keeps = {row.id for row in session.exec(select(Booking)).all() if row.state not in ("cancelled", "withdrawn")}
    holds = {row.id for row in session.exec(select(Hold)).all()}
    assert {seat.booking_id for seat in seats if seat.booking_id} == keeps, (
        "a booking without a place, or a leaked seat"
    )
    assert {seat.hold_id for seat in seats if seat.hold_id} == holds, "a hold without a place, or a leaked seat"
    future = Counter(
        (row.person_id, row.topic) for row in session.exec(select(Booking)).all() if row.state == BookingState.BOOKED
    )
    assert max(future.values(), default=0) <= 1, "two future places for one topic"


def check_offers(session: Session) -> None:
    """Every open offer has its hold and its entry, and the other way round."""
    offers = session.exec(select(Offer).where(Offer.state == OfferState.OPEN)).all()
    holds = {row.id for row in session.exec(select(Hold).where(Hold.offered)).all()}
    asked = session.exec(select(WaitingListEntry).where(WaitingListEntry.state == WaitingState.OFFERED)).all()
    assert {offer.hold_id for offer in offers} == holds
    assert sorted(offer.entry_id for offer in offers) == sorted(entry.id for entry in asked)


def _check_list(session: Session, world: World) -> None:
    """Nobody who could be asked now is left waiting beside a free place, except who let one go a moment ago."""
    now = world.clock[0]
    for surgery in session.exec(select(Surgery).where(Surgery.state == SurgeryState.PUBLISHED)).all():
        slots = session.exec(select(Slot).where(Slot.surgery_id == surgery.id).order_by(Slot.starts_at)).all()
        free = [slot for slot in slots if slot.taken < slot.capacity and offer_until(now, slot.starts_at)]
        could = [entry for entry in in_order(session, world.desk, surgery) if choose(free, entry.places)]
        assert all(entry.missed for entry in could), f"{surgery.code} has room and somebody waits"


def check_letters(session: Session) -> None:
    """Each change of a booking was told once, and each offer once."""
    told = Counter(
        row.line
        for row in session.exec(select(OutboxMessage)).all()
        if row.line.startswith("b:") and row.kind != "reminder"
    )
    for row in session.exec(select(Booking)).all():
        assert told[f"b:{row.id}"] in (0, row.sequence + 1), f"booking {row.reference} told {told[f'b:{row.id}']} times"


def check_resting(world: World) -> None:
    """The same as after one step, once what is overdue has been swept."""
    world.sweep()
    with reading(world.engine) as session:
        check_places(session)
        check_offers(session)
        check_letters(session)
