"""What can go wrong for a family that books. Each error names the phrase that tells them, and what they can do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoff.bookings.open_slots import OpenSlot


class BookingError(Exception):
    """A booking cannot be made as asked. `key` is the phrase that says so; `alternatives` are free times near it."""

    key = "booking_error"

    def __init__(self, alternatives: tuple[OpenSlot, ...] = (), **values: str) -> None:
        super().__init__(self.key)
        self.alternatives = alternatives
        self.values = values


class SlotTakenError(BookingError):
    """Somebody else has the place, or was first: the one answer for every kind of conflict on either engine."""

    key = "booking_taken"


class HoldGoneError(BookingError):
    """The time was kept for 15 minutes and then let go, and cannot be had as it was."""

    key = "booking_timeout"


class NotOpenError(BookingError):
    """The session is not open for booking: withdrawn, not published, without times, or it has begun."""

    key = "booking_not_open"


class OnePlaceError(BookingError):
    """The person has a future place for this topic already. `reference` in `values` says which."""

    key = "booking_one_place"


class OfferGoneError(BookingError):
    """The offered place went to the next person."""

    key = "booking_offer_gone"


class LinkError(BookingError):
    """No booking and no place on the list has this link."""

    key = "booking_link_unknown"


class ChangedError(BookingError):
    """The booking was changed meanwhile, or can no longer be changed."""

    key = "booking_changed_meanwhile"
