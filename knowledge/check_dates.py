"""Are the pack's clock, calendar and planner fit to work dates out from?"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.article import Claim
from knowledge.calendar import NAME as CALENDAR
from knowledge.deadline_records import NAME as CLOCK
from knowledge.deadlines import Deadlines
from knowledge.pack import Pack
from knowledge.planner import NAME as PLANNER
from knowledge.problems import Problem
from knowledge.readability import longest_sentence

MOST_WORDS = 24
YEARS_AHEAD = 2


def check_dates(pack: Pack) -> Iterator[Problem]:
    """Every fault of the three files; none when they are fit."""
    for claim in clock_claims(pack.deadlines):
        yield from _sourced(pack, claim, CLOCK)
    for event in pack.deadlines.events.values():
        if event.queue not in pack.queues:
            yield Problem(CLOCK, 1, f"{event.id}: the queue {event.queue!r} is not in queues.yaml")
        if event.section and event.section not in pack.sections:
            yield Problem(CLOCK, 1, f"{event.id}: the section {event.section} does not exist")
    for text in _sentences(pack.deadlines):
        count, sentence = longest_sentence(text)
        if count > MOST_WORDS:
            yield Problem(CLOCK, 1, f"a sentence of {count} words; {MOST_WORDS} are the most here: {sentence[:70]}")
    for stage in pack.planner.stages:
        for id in stage.sections:
            if id not in pack.sections:
                yield Problem(PLANNER, 1, f"{stage.id}: the section {id} does not exist")
    if pack.planner.rights:
        yield from _sourced(pack, pack.planner.rights.says, PLANNER)
    yield from _calendar(pack)


def clock_claims(clock: Deadlines) -> Iterator[Claim]:
    """Every statement of the clock that stands on a source."""
    for event in clock.events.values():
        for rule in event.rules:
            yield rule.rule
            yield from rule.exceptions


def _sourced(pack: Pack, claim: Claim, file: str) -> Iterator[Problem]:
    for id in claim.sources:
        if id not in pack.sources:
            yield Problem(file, 1, f"the source {id!r} is not in sources.yaml: {claim.text[:70]}")


def _sentences(clock: Deadlines) -> Iterator[str]:
    yield from clock.closing
    for event in clock.events.values():
        yield from event.notes
        for rule in event.rules:
            yield from (rule.what, rule.rule.text, rule.why, rule.passed, *rule.notes, *rule.missing.values())
            yield from (claim.text for claim in rule.exceptions)


def _calendar(pack: Pack) -> Iterator[Problem]:
    """The bank holidays must reach two full years past the day the pack was read, with no year left out."""
    if not pack.calendar.bank_holidays:
        return
    read = max(source.copy_read for source in pack.sources.values()).year
    wanted = range(min(pack.calendar.years), read + YEARS_AHEAD + 1)
    missing = [str(year) for year in wanted if year not in pack.calendar.years]
    if missing:
        yield Problem(
            CALENDAR, 1, f"add the bank holidays of {', '.join(missing)}, from https://www.gov.uk/bank-holidays"
        )
