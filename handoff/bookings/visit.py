"""What a family says about their visit. Kept sealed with the person's own key; a child's name is never asked for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from handoff.bookings.needs import coded
from handoff.desk import Desk

# The topics a family chooses from (ux.md B3), as codes; their words are phrases `booking_topic_…`.
TOPICS = (
    "school_help",
    "ehc_plan",
    "school_place",
    "out_of_school",
    "early_years",
    "growing_up",
    "travel_money",
    "something_else",
)
COMING = ("me", "me_and_child", "someone_for_me")


class Reach(StrEnum):
    """How a person may be reached about this visit. `NONE`: only the link, which they keep themselves."""

    EMAIL = "email"
    MOBILE = "sms"
    NONE = "none"


@dataclass(frozen=True)
class Visit:
    """The answers of B3 to B6. `first_name` is what the adult wants to be called; `questions` are picked from the chat.

    `needs` are codes (`handoff.bookings.needs`); `interpreter` names the language; `other_need` and `questions` come
    redacted.
    """

    topic: str
    coming: str = "me"
    first_name: str = ""
    reach: Reach = Reach.NONE
    to: str = ""
    reminders: bool = False
    needs: tuple[str, ...] = ()
    interpreter: str = ""
    other_need: str = ""
    questions: tuple[str, ...] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        if self.topic not in TOPICS or self.coming not in COMING:
            raise ValueError("A visit has one of the known topics, and says who is coming.")
        if (self.reach is Reach.NONE) == bool(self.to):
            raise ValueError("A visit has an address to write to, or says that there is none.")
        coded(self.needs)


def seal_visit(desk: Desk, person_id: str, visit: Visit, about: str) -> bytes:
    """The visit, sealed for this person and this table."""
    return desk.seal(person_id, json.dumps(asdict(visit), ensure_ascii=False), f"{about}.sealed_visit")


def open_visit(desk: Desk, person_id: str, sealed: bytes, about: str) -> Visit:
    """What `seal_visit` sealed. Raises `ErasedError` once the person's key is gone."""
    given = json.loads(desk.open(person_id, sealed, f"{about}.sealed_visit"))
    given["reach"] = Reach(given["reach"])
    return Visit(**given | {name: tuple(given[name]) for name in ("needs", "questions")})
