"""The form of a surgery session: what an officer typed, as the same row that a file of sessions has, and back again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from handoff.models import Slot, SurgeryKind
from handoff.surgeries.plan_file import FaultError, read_session
from handoff.surgeries.planned import Planned
from handoff.surgeries.reading import Opened
from knowledge.working_hours import LONDON

MINUTE = 60


class SessionForm(BaseModel):
    """The boxes of the page, as they were typed. `times` has one time a line; `teams` one team a line."""

    code: str = Field(default="", max_length=64)
    date: str = Field(default="", max_length=32)
    start: str = Field(default="", max_length=16)
    end: str = Field(default="", max_length=16)
    kind: str = Field(default=SurgeryKind.BOOKABLE.value, max_length=16)
    area: str = Field(default="", max_length=100)
    venue: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=400)
    online: str = Field(default="", max_length=8)
    minutes: str = Field(default="", max_length=8)
    places: str = Field(default="1", max_length=8)
    who: str = Field(default="", max_length=200)
    times: str = Field(default="", max_length=10_000)
    arrive_before: str = Field(default="", max_length=16)
    features: list[str] = Field(default=[], max_length=20)
    teams: str = Field(default="", max_length=2_000)
    travel: str = Field(default="", max_length=1_000)
    bring: str = Field(default="", max_length=1_000)
    late_call: str = Field(default="", max_length=200)
    months: str = Field(default="1", max_length=4)


def read_form(form: SessionForm) -> tuple[Planned, int]:
    """The session, and how many months it is repeated. Raises `FaultError` with what to write instead."""
    if not form.months.strip().isascii() or not form.months.strip().isdigit():
        raise FaultError("How many months: write a number from 1 to 24")
    given: dict[str, Any] = form.model_dump(exclude={"months", "times", "teams"})
    row = {name: value for name, value in given.items() if value}
    row["teams"] = form.teams.splitlines()
    if form.times.strip():
        row["slots"] = [_time(line) for line in form.times.splitlines() if line.strip()]
        del given["places"]
        row.pop("places", None)
        row.pop("who", None)
    if form.kind == SurgeryKind.DROP_IN:
        row.pop("places", None)
    return read_session(row), int(form.months)


def _time(line: str) -> dict[str, str]:
    """`9:30, 20, 1, EHC team`: the hour, minutes, places and whom with."""
    at, minutes, places, who = (*(part.strip() for part in line.split(",", 3)), "", "", "")[:4]
    return {"at": at, "minutes": minutes, "places": places or "1", "who": who}


def form_of(opened: Opened, *, copy: bool = False) -> SessionForm:
    """A session as the form shows it. A copy has no code and no day of its own."""
    one = opened.surgery
    return SessionForm(
        code="" if copy else one.code,
        date="" if copy else f"{one.starts_at.astimezone(LONDON):%d/%m/%Y}",
        start=hour(one.starts_at),
        end=hour(one.ends_at),
        kind=one.kind,
        area=one.area,
        venue=one.venue,
        address=one.address,
        online="yes" if one.online else "",
        times="\n".join(_line(slot) for slot in opened.slots),
        arrive_before=hour(one.drop_in_until) if one.drop_in_until else "",
        features=one.features.split(),
        teams="\n".join(opened.teams),
        travel=one.travel,
        bring=one.bring,
        late_call=one.late_call,
    )


def _line(slot: Slot) -> str:
    minutes = int((slot.ends_at - slot.starts_at).total_seconds()) // MINUTE
    return f"{hour(slot.starts_at)}, {minutes}, {slot.capacity}, {slot.who}".rstrip(", ")


def hour(at: datetime) -> str:
    """`09:30`, in London."""
    return f"{at.astimezone(LONDON):%H:%M}"
