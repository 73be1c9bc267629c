"""The clock's dates as a reply, as JSON and as calendar entries: conversation and command say the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answers import Quoting
from bot.messages import More, Outcome, Paragraph, Reply, Said
from knowledge.article import Claim
from knowledge.asked_dates import stated
from knowledge.dates_in_words import day_words
from knowledge.deadlines import Bound, Deadline, Doubt, Event, dates_for, out_of_order
from knowledge.ics import DayEntry
from knowledge.pack import Pack


@dataclass(frozen=True)
class WorkedDates:
    """The dates that follow from an event, in one pack on one day, with what was assumed (`notes`).

    `withheld` holds the rules whose page is past its review date: their dates are not shown as fact.
    """

    pack: Pack
    today: date
    event: Event
    given: Mapping[str, date]
    deadlines: tuple[Deadline, ...]
    notes: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()

    def say(self, key: str, **values: str) -> str:
        """A phrase in English, the language the rules are quoted in."""
        return self.pack.phrases.say(key, **values)


def work_out(
    pack: Pack, today: date, event: Event, given: Mapping[str, date], notes: tuple[str, ...] = ()
) -> WorkedDates:
    """The dates that follow from `given`. Raises `ValueError` as `dates_for` does."""
    deadlines = dates_for(event, given, pack.calendar)
    stale = (one.rule for one in deadlines if any(pack.sources[id].past_review(today) for id in one.rule.rule.sources))
    odd = (pack.phrases.say("dates_out_of_order", first=a, second=b) for a, b in out_of_order(event, given))
    withheld = frozenset(rule.id for rule in stale)
    return WorkedDates(pack, today, event, given, deadlines, (*notes, *odd, *event.notes), withheld)


def dates_reply(worked: WorkedDates, language: str) -> Reply:
    """Everything a person is shown, the dates first; the rest is the channel's."""
    quoting = Quoting(worked.pack, worked.today, f"deadlines#{worked.event.id}")
    body = tuple(deadline_item(worked, one, quoting) for one in worked.deadlines)
    more = _longer(worked, quoting)
    citations = quoting.citations()
    past_review = (worked.say("past_review"),) if any(one.past_review for one in citations) else ()
    other = language != "en"
    return Reply(
        outcome=Outcome.ANSWER,
        status="answered_dates",
        language=language,
        heading=stated(worked.event, worked.given),
        lead=tuple(worked.pack.phrases.say(key, language) for key in ("greeting", "english_follows") if other),
        body=body,
        more=more,
        notes=(*worked.notes, *past_review),
        citations=citations,
        closing=(worked.pack.phrases.say("information", language), *worked.pack.deadlines.closing),
        section=worked.event.section if worked.event.section in worked.pack.sections else None,
    )


def dates_object(worked: WorkedDates) -> dict[str, Any]:
    """What `askwell dates --json` prints."""
    return {
        "event": worked.event.id,
        "name": worked.event.name,
        "stated": stated(worked.event, worked.given),
        "given": {name: day.isoformat() for name, day in worked.given.items()},
        "dates": [_object(worked, one) for one in worked.deadlines],
        "notes": list(worked.notes),
        "closing": [worked.say("information"), *worked.pack.deadlines.closing],
    }


def day_entries(worked: WorkedDates) -> list[DayEntry]:
    """One calendar entry a date, with its rule, its doubts and the page behind it."""
    days = "-".join(f"{worked.given[name]:%Y%m%d}" for name in worked.event.takes if name in worked.given)
    closing = (worked.say("information"), *worked.pack.deadlines.closing)
    return [
        DayEntry(
            uid=f"{worked.pack.id}-{worked.event.id}-{one.rule.id}-{days}@askwell",
            day=one.day,
            summary=one.rule.what,
            description="\n".join([_when(worked, one), *_remarks(worked, one), one.rule.rule.text, *closing]),
            url=worked.pack.sources[one.rule.rule.sources[0]].url,
        )
        for one in worked.deadlines
        if one.rule.id not in worked.withheld
    ]


def deadline_item(worked: WorkedDates, one: Deadline, quoting: Quoting) -> Paragraph:
    """One date with what happens on it, its rule and its doubts; without its date when that is withheld."""
    if one.rule.id in worked.withheld:
        return Paragraph((Said(one.rule.what), Said(worked.say("withheld"))), is_item=True)
    quoted = quoting.paragraph([one.rule.rule])
    rule = quoted.said if quoted else ()
    passed = (worked.say("dates_passed"), one.rule.passed) if _passed(worked, one) else ()
    after = tuple(Said(text) for text in (*passed, *_remarks(worked, one)) if text)
    law = (Said(worked.say("dates_rule")), *rule) if rule else ()
    return Paragraph((Said(_when(worked, one), strong=True), Said(one.rule.what), *law, *after), is_item=True)


def _when(worked: WorkedDates, one: Deadline) -> str:
    day, hour = day_words(one.day), one.rule.hour
    if hour:
        return worked.say("dates_by_hour", date=day, hour=hour)
    return worked.say(f"dates_{one.rule.bound}", date=day)


def _remarks(worked: WorkedDates, one: Deadline) -> tuple[str, ...]:
    """Why the day moved, what is uncertain about it, and the pack's notes on it."""
    moved = (worked.say(f"dates_moved_{one.moved}", date=day_words(one.ended)),) if one.moved else ()
    return (*moved, *_doubts(worked, one), *one.notes)


def _doubts(worked: WorkedDates, one: Deadline) -> tuple[str, ...]:
    """What is uncertain about a date, in words; nothing for a settled one."""
    said = []
    if Doubt.RULE in one.doubts:
        said.append(worked.say("dates_uncertain", why=one.rule.why))
    if one.other and one.rule.other:
        said.append(worked.say("dates_other", date=day_words(one.other), why=one.rule.other.says))
    if one.other and Doubt.MOVED_INTO in one.doubts:
        said.append(worked.say("dates_moved_into", date=day_words(one.other)))
    if Doubt.BANK_HOLIDAYS in one.doubts:
        said.append(worked.say("dates_bank_holidays", year=str(one.day.year)))
    return tuple(said)


def _passed(worked: WorkedDates, one: Deadline) -> bool:
    return one.day < worked.today or (one.rule.bound is Bound.BEFORE and one.day == worked.today)


def _longer(worked: WorkedDates, quoting: Quoting) -> tuple[More, ...]:
    """The exceptions of the rules shown, each once."""
    claims: dict[Claim, None] = dict.fromkeys(
        claim for one in worked.deadlines if one.rule.id not in worked.withheld for claim in one.rule.exceptions
    )
    made = (quoting.paragraph([claim], is_item=True) for claim in claims)
    body = tuple(paragraph for paragraph in made if paragraph)
    return (More(worked.say("dates_longer"), body),) if body else ()


def _object(worked: WorkedDates, one: Deadline) -> dict[str, Any]:
    rule, sources = one.rule, (worked.pack.sources[id] for id in one.rule.rule.sources)
    told: dict[str, Any] = {
        "id": rule.id,
        "what": rule.what,
        "rule": rule.rule.text,
        "sources": [{"id": source.id, "title": source.title, "url": source.url} for source in sources],
        "exceptions": [claim.text for claim in rule.exceptions],
    }
    if rule.id in worked.withheld:
        return {**told, "date": None, "says": worked.say("withheld")}
    return {
        **told,
        "date": one.day.isoformat(),
        "says": _when(worked, one).rstrip(":"),
        "bound": rule.bound.value,
        "hour": rule.hour or None,
        "counted_from": one.counted_from,
        "certainty": one.certainty.value,
        "doubts": list(_doubts(worked, one)),
        "moved": {"from": one.ended.isoformat(), "because": one.moved.value} if one.moved else None,
        "other_date": one.other.isoformat() if one.other else None,
        "passed": _passed(worked, one),
        "notes": [note for note in _remarks(worked, one) if note not in _doubts(worked, one)],
        "if_passed": rule.passed,
    }
