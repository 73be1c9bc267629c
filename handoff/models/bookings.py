"""Places held, booked, waited for and offered. One row of `seat` is one place; each belongs to one of the three."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of, points_to, sealed


class BookingState(StrEnum):
    """What became of a booking. Only `BOOKED` keeps its places for the future."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    ARRIVED = "arrived"
    NO_SHOW = "no_show"
    PASSED = "passed"


class WaitingState(StrEnum):
    """Where a waiting-list entry stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"
    LAPSED = "lapsed"


class OfferState(StrEnum):
    """What became of an offered place. Only an open one keeps it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Hold(Row, table=True):
    """Places kept for one person for a short time, while they answer the questions or while an offer is open."""

    __tablename__ = "hold"
    __table_args__ = (of_person(), points_to("surgery", "surgery_id"))
    id: str = id_field()
    person_id: str = link(index=True)
    surgery_id: str = link(index=True)
    offered: bool = False
    until: datetime = moment(index=True)
    extended: int = 0
    made_at: datetime = moment()


class Booking(Row, table=True):
    """One visit of one person: its places come together or not at all. `sequence` goes up with every change.

    `token_hash` finds it from its link; the words people gave are sealed. No child's name is asked for or kept.
    `coming_sequence` is the sequence number it had when the person said that they are coming.
    """

    __tablename__ = "booking"
    __table_args__ = (
        of_person(),
        points_to("surgery", "surgery_id"),
        UniqueConstraint("pack", "reference"),
        UniqueConstraint("pack", "token_hash"),
        Index("booking_by_surgery", "pack", "surgery_id", "state"),
        Index(
            "one_future_place",
            "pack",
            "person_id",
            "topic",
            unique=True,
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
    )
    id: str = id_field()
    reference: str = Field(max_length=16)
    token_hash: str = Field(max_length=64)
    person_id: str = link(index=True)
    surgery_id: str = link()
    topic: str = Field(max_length=32)
    state: BookingState = one_of(BookingState, BookingState.BOOKED)
    sequence: int = 0
    needs: str = Field(default="", max_length=200)
    language: str = Field(default="en", max_length=16)
    sealed_visit: bytes = sealed()
    sealed_token: bytes = sealed()
    starts_at: datetime = moment(index=True)
    ends_at: datetime = moment()
    made_at: datetime = moment()
    changed_at: datetime = moment()
    arrived_at: datetime | None = moment(null=True)
    coming_sequence: int | None = None


class Seat(Row, table=True):
    """One place of one time, kept by a hold, a booking or somebody who walked in: by exactly one of them."""

    __tablename__ = "seat"
    __table_args__ = (
        of_person(),
        points_to("slot", "slot_id"),
        points_to("hold", "hold_id"),
        points_to("booking", "booking_id"),
        points_to("walk_in", "walk_in_id"),
        CheckConstraint(
            "(hold_id IS NOT NULL AND booking_id IS NULL AND walk_in_id IS NULL)"
            " OR (hold_id IS NULL AND booking_id IS NOT NULL AND walk_in_id IS NULL)"
            " OR (hold_id IS NULL AND booking_id IS NULL AND walk_in_id IS NOT NULL)",
            name="seat_has_one_keeper",
        ),
    )
    id: str = id_field()
    person_id: str | None = link(null=True, index=True)
    slot_id: str = link(index=True)
    hold_id: str | None = link(null=True, index=True)
    booking_id: str | None = link(null=True, index=True)
    walk_in_id: str | None = link(null=True, index=True)


class WaitingListEntry(Row, table=True):
    """Somebody who waits for a place. Order is by rule (`handoff.bookings.order`), never by seconds.

    `lot` puts people who joined on the same day in an order that nobody can hurry. Without `surgery_id` any session
    that suits will do.
    """

    __tablename__ = "waiting_list_entry"
    __table_args__ = (
        of_person(),
        points_to("surgery", "surgery_id"),
        UniqueConstraint("pack", "token_hash"),
        Index("waiting_by_state", "pack", "state"),
        Index(
            "one_wait",
            "pack",
            "person_id",
            "topic",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'offered')"),
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
        CheckConstraint("places BETWEEN 1 AND 4", name="wait_for_a_few"),
    )
    id: str = id_field()
    token_hash: str = Field(max_length=64)
    person_id: str = link(index=True)
    surgery_id: str | None = link(null=True, index=True)
    area: str = Field(default="", max_length=64)
    topic: str = Field(max_length=32)
    places: int = 1
    state: WaitingState = one_of(WaitingState, WaitingState.WAITING)
    missed: int = 0
    lot: int = 0
    needs: str = Field(default="", max_length=200)
    language: str = Field(default="en", max_length=16)
    sealed_visit: bytes = sealed()
    sealed_token: bytes = sealed()
    joined_at: datetime = moment(index=True)
    changed_at: datetime = moment()


class Offer(Row, table=True):
    """A place offered to one person on the waiting list until a stated time; its hold keeps the place meanwhile."""

    __tablename__ = "offer"
    __table_args__ = (
        of_person(),
        points_to("waiting_list_entry", "entry_id"),
        points_to("surgery", "surgery_id"),
        Index("offer_by_state", "pack", "state", "until"),
    )
    id: str = id_field()
    entry_id: str = link(index=True)
    person_id: str = link(index=True)
    surgery_id: str = link(index=True)
    hold_id: str = link()
    state: OfferState = one_of(OfferState, OfferState.OPEN)
    until: datetime = moment()
    made_at: datetime = moment()
    settled_at: datetime | None = moment(null=True)


class Subscription(Row, table=True):
    """Somebody who asked to be told when dates are out. Told once, and then it is done."""

    __tablename__ = "subscription"
    __table_args__ = (
        of_person(),
        Index(
            "one_subscription",
            "pack",
            "person_id",
            unique=True,
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )
    id: str = id_field()
    person_id: str = link(index=True)
    language: str = Field(default="en", max_length=16)
    sealed_contact: bytes = sealed()
    made_at: datetime = moment(index=True)
    told_at: datetime | None = moment(null=True)
