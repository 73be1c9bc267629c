"""The statutory clock: an event and its date in, the dates that follow out, each with its rule and how sure it is.

The rules are data (`deadlines.yaml` of a pack). Everything here is pure: the calendar is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from knowledge.article import Claim
from knowledge.calendar import WorkingCalendar
from knowledge.counting import Count, LastDay, Move, Span, Unit, appeal_last_day, counted
from knowledge.typed_dates import Lean


class Bound(StrEnum):
    """How a date binds: done by that day, before it, or not closed until that day is over."""

    BY = "by"
    BEFORE = "before"
    UNTIL = "until"


class Certainty(StrEnum):
    """Whether the text of the law is plain, or a date needs its doubt beside it."""

    SETTLED = "settled"
    UNCERTAIN = "uncertain"


class Doubt(StrEnum):
    """What is uncertain: the rule itself, where an appeal's last day moves to, or that year's bank holidays."""

    RULE = "rule"
    MOVED_INTO = "moved_into"
    BANK_HOLIDAYS = "bank_holidays"


class Pick(StrEnum):
    """Which date counts when a rule can be counted from two."""

    LATER = "later"
    EARLIER = "earlier"


@dataclass(frozen=True)
class Reading:
    """A second way to count a rule, and what is said of it."""

    count: Count
    says: str


@dataclass(frozen=True)
class Rule:
    """One row of the clock. `counts` gives, for each date it can be counted from, how.

    `what` says what happens, `rule` the law in our words with its sources, `why` what is uncertain (empty: settled).
    `missing` says, for a date that was not given, what it would change. `moves` when the appeal rules on weekends,
    August and Christmas apply. `hour` is the time of day by which it must be done, when the law gives one. `passed` is
    what to do when the day has gone by.
    """

    id: str
    what: str
    rule: Claim
    counts: Mapping[str, Count]
    bound: Bound = Bound.BY
    pick: Pick = Pick.LATER
    why: str = ""
    notes: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    other: Reading | None = None
    exceptions: tuple[Claim, ...] = ()
    moves: bool = False
    hour: str = ""
    passed: str = ""


@dataclass(frozen=True)
class Hearing:
    """Words that tell of an event beside its date (`says`), and words that ask for its dates (`asks`)."""

    says: tuple[str, ...]
    asks: tuple[str, ...]
    note: str = ""
    lean: Lean | None = None


@dataclass(frozen=True)
class Event:
    """Something that starts a clock. `start` names its own date, `extras` the further dates that may be given.

    `stated` has each date's own sentence, with {date} in it. `order` is how the dates follow each other in time.
    `leaving` are the last school years before the moves the event is about, each with its name. `section` is what the
    pack says on the event, for who asks on.
    """

    id: str
    name: str
    start: str
    queue: str
    rules: tuple[Rule, ...]
    stated: Mapping[str, str]
    extras: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    lean: Lean = Lean.PAST
    hears: tuple[Hearing, ...] = ()
    leaving: Mapping[int, str] = field(default_factory=dict)
    section: str = ""

    @property
    def takes(self) -> tuple[str, ...]:
        """The names of the dates it can be given, its own first."""
        return (self.start, *self.extras)


@dataclass(frozen=True)
class Deadlines:
    """A pack's clock: its events by id, the words that ask for a date, and what is said under every date."""

    events: Mapping[str, Event] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """One date that follows.

    `counted_from` names the date it was counted from, `ended` is where the count ended and `moved` why `day` is another
    day. `other` is the date a second reading gives. `doubts` is empty when the date is settled. `notes` are the pack's
    own sentences on the rule and on dates that were not given.
    """

    rule: Rule
    day: date
    counted_from: str
    ended: date
    moved: Move | None = None
    other: date | None = None
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def certainty(self) -> Certainty:
        return Certainty.UNCERTAIN if self.doubts else Certainty.SETTLED


def dates_for(event: Event, given: Mapping[str, date], calendar: WorkingCalendar) -> tuple[Deadline, ...]:
    """The dates that follow from `given`, which must hold the event's own date; soonest first.

    Raises `ValueError` when the event's own date is missing, or a date is given that it does not take.
    """
    if event.start not in given:
        raise ValueError(f"the date of the {event.start} is missing")
    strangers = [name for name in given if name not in event.takes]
    if strangers:
        raise ValueError(f"{event.id} takes no date for {', '.join(strangers)}: it takes {', '.join(event.takes)}")
    return tuple(sorted((_deadline(rule, given, calendar) for rule in event.rules), key=lambda made: made.day))


def out_of_order(event: Event, given: Mapping[str, date]) -> tuple[tuple[str, str], ...]:
    """The pairs of dates given that come in another order than such dates do; usually none."""
    held = [name for name in event.order if name in given]
    return tuple((a, b) for a, b in pairwise(held) if given[b] < given[a])


def _deadline(rule: Rule, given: Mapping[str, date], calendar: WorkingCalendar) -> Deadline:
    ends = {name: counted(given[name], count, calendar) for name, count in rule.counts.items() if name in given}
    choose = max if rule.pick is Pick.LATER else min
    start = choose(ends, key=lambda name: ends[name])
    last = appeal_last_day(ends[start], calendar) if rule.moves else LastDay(ends[start])
    other = counted(given[start], rule.other.count, calendar) if rule.other else last.later
    return Deadline(
        rule=rule,
        day=last.day,
        counted_from=start,
        ended=ends[start],
        moved=last.moved,
        other=other,
        doubts=_doubts(rule, last, calendar),
        notes=(*rule.notes, *(says for name, says in rule.missing.items() if name not in given)),
    )


def _doubts(rule: Rule, last: LastDay, calendar: WorkingCalendar) -> tuple[Doubt, ...]:
    known = calendar.covers(last.day) or not _needs_bank_holidays(rule)
    held = ((Doubt.RULE, bool(rule.why)), (Doubt.MOVED_INTO, last.later is not None), (Doubt.BANK_HOLIDAYS, not known))
    return tuple(doubt for doubt, holds in held if holds)


def _needs_bank_holidays(rule: Rule) -> bool:
    parts = (part for count in rule.counts.values() for part in count)
    return rule.moves or any(isinstance(part, Span) and part.unit is Unit.WORKING_DAY for part in parts)
