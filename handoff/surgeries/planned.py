"""A session as an officer plans it, and what must be mended before it can be kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from handoff.bookings.needs import FEATURES
from handoff.models import SurgeryKind
from knowledge.calendar import WorkingCalendar
from knowledge.dates_in_words import day_words
from knowledge.working_hours import LONDON

LONGEST_HOURS = 12
MOST_PLACES = 200


@dataclass(frozen=True)
class PlannedSlot:
    """One time: when it begins by the clock on the wall, how long it lasts, how many places, and with whom."""

    at: time
    minutes: int
    places: int = 1
    who: str = ""


@dataclass(frozen=True)
class Planned:
    """One session. `features` are codes (`handoff.bookings.needs.FEATURES`); `teams` will be there."""

    code: str
    day: date
    starts: time
    ends: time
    venue: str
    kind: SurgeryKind = SurgeryKind.BOOKABLE
    area: str = ""
    address: str = ""
    online: bool = False
    drop_in_until: time | None = None
    features: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    travel: str = ""
    bring: str = ""
    late_call: str = ""
    series: str = ""
    slots: tuple[PlannedSlot, ...] = ()

    def moment(self, at: time) -> datetime:
        """That time of the session's day, in Europe/London."""
        return datetime.combine(self.day, at, LONDON)


def times(starts: time, ends: time, minutes: int, places: int, who: str = "") -> tuple[PlannedSlot, ...]:
    """Times of `minutes` each, one after another, as many as fit between `starts` and `ends`."""
    first = starts.hour * 60 + starts.minute
    last = (ends.hour * 60 + ends.minute) - minutes
    return tuple(PlannedSlot(time(*divmod(at, 60)), minutes, places, who) for at in range(first, last + 1, minutes))


def faults(planned: Planned, calendar: WorkingCalendar, now: datetime) -> list[str]:
    """What is wrong with the session, in words an officer can act on; none when it can be kept."""
    found = [*_day_faults(planned, calendar, now), *_time_faults(planned)]
    if strangers := [code for code in planned.features if code not in FEATURES]:
        found.append(f"'{strangers[0]}' is not a feature: choose from {', '.join(FEATURES)}")
    if not planned.venue and not planned.online:
        found.append("give a venue, or say online: yes")
    return found


def _day_faults(planned: Planned, calendar: WorkingCalendar, now: datetime) -> list[str]:
    shut = calendar.closed_because(planned.day)
    if shut:
        return [f"{day_words(planned.day)} is {shut}: the council is closed. Choose another day"]
    if planned.moment(planned.starts) <= now:
        return [f"{day_words(planned.day)} at {planned.starts:%H:%M} is in the past"]
    if not calendar.covers(planned.day) and calendar.bank_holidays:
        return [f"the bank holidays of {planned.day.year} are not in calendar.yaml yet. Add them first"]
    return []


def _time_faults(planned: Planned) -> list[str]:
    found = []
    if planned.starts >= planned.ends:
        return [f"it ends at {planned.ends:%H:%M}, which is not after {planned.starts:%H:%M}"]
    for at in (planned.starts, planned.ends, *(slot.at for slot in planned.slots)):
        if not _exists(planned.day, at):
            found.append(f"{at:%H:%M} does not happen on {day_words(planned.day)}: the clocks go forward")
    if _hours(planned) > LONGEST_HOURS:
        found.append(f"it lasts more than {LONGEST_HOURS} hours")
    if planned.kind is not SurgeryKind.DROP_IN and not planned.slots:
        found.append("a session that is booked needs times: give minutes, or slots")
    if planned.kind is SurgeryKind.DROP_IN and planned.slots:
        found.append("a drop-in has no times: leave out minutes and places, or make it mixed")
    return [*found, *_slot_faults(planned), *_drop_in_faults(planned)]


def _slot_faults(planned: Planned) -> list[str]:
    found = []
    start, end = planned.moment(planned.starts), planned.moment(planned.ends)
    for slot in planned.slots:
        begins = planned.moment(slot.at)
        if slot.minutes < 1 or not 1 <= slot.places <= MOST_PLACES:
            found.append(f"the time at {slot.at:%H:%M} needs 1 or more minutes and 1 to {MOST_PLACES} places")
        elif begins < start or _later(begins, slot.minutes) > end.astimezone(UTC):
            found.append(f"the time at {slot.at:%H:%M} is not inside the session")
    keys = [(slot.at, slot.who) for slot in planned.slots]
    if len(keys) != len(set(keys)):
        found.append("a time is given twice. Put its places together, or say who each is with")
    return found


def _drop_in_faults(planned: Planned) -> list[str]:
    last = planned.drop_in_until
    if last is None:
        return []
    if planned.kind is SurgeryKind.BOOKABLE:
        return ["'arrive before' is for drop-in and mixed sessions"]
    return [] if planned.starts < last <= planned.ends else ["'arrive before' must be inside the session"]


def on_day(planned: Planned, day: date, code: str) -> Planned:
    """The same session on another day, by the same wall clock."""
    return replace(planned, day=day, code=code)


def _hours(planned: Planned) -> float:
    return (planned.moment(planned.ends) - planned.moment(planned.starts)) / timedelta(hours=1)


def _later(begins: datetime, minutes: int) -> datetime:
    # Real minutes: on the days the clocks change, the wall clock does not count them.
    return begins.astimezone(UTC) + timedelta(minutes=minutes)


def _exists(day: date, at: time) -> bool:
    """False for the hour that is skipped when the clocks go forward."""
    there = datetime.combine(day, at, LONDON)
    return there.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == there.replace(tzinfo=None)
