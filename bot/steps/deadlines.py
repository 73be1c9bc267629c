"""A question that gives a date and asks what follows from it: the dates in law, each with its rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.answers import person_lines
from bot.messages import Outcome, Paragraph, Reply, Said
from bot.turn import Turn
from bot.worked_dates import dates_reply, work_out
from knowledge.asked_dates import Asked, asked_dates, read_stated, stated
from knowledge.deadlines import Event
from knowledge.typed_dates import Ambiguous, Known, Reading, find_dates, read_date

MOST_CHOICES = 4
# A message as short as this, after we asked which date was meant, is its answer.
FEW_WORDS = 6


def deadlines(turn: Turn) -> Reply | None:
    """The dates in law that follow from a date in the message; a question back when it can be read in several ways.

    None unless the message gives a date, says what it is the date of and asks for what follows: the ordinary answer
    stands. None as well when a page behind the rules is past its review date.
    """
    asked = _picked(turn) or _read(turn)
    if asked is None:
        return None
    doubtful = next((name for name, reading in asked.given.items() if isinstance(reading, Ambiguous)), None)
    if doubtful:
        return _which(turn, asked, doubtful)
    return _answer(turn, asked)


def _read(turn: Turn) -> Asked | None:
    """What the message asks: by itself, or with the question before it, to which it adds the date or a second one."""
    clock, today = turn.pack.deadlines, turn.today
    asked = read_stated(turn.text, clock, today) or asked_dates(turn.text, clock, today)
    if asked or not turn.past.asked or not find_dates(turn.text, today):
        return asked
    before = turn.past.asked[-1]
    together = asked_dates(f"{before}. {turn.text}", clock, today)
    return together if together and (len(together.given) > 1 or not find_dates(before, today)) else None


def _picked(turn: Turn) -> Asked | None:
    """The date meant, told by its number, or as a date, after we asked which one."""
    clock, today = turn.pack.deadlines, turn.today
    offered = [read_stated(label, clock, today) for label in turn.past.labels]
    if not offered or offered[0] is None:
        return None
    said = turn.text.strip().rstrip(".!")
    if re.fullmatch(r"\d", said):
        return offered[int(said) - 1] if 1 <= int(said) <= len(offered) else None
    if len(said.split()) > FEW_WORDS:
        return None
    reading = read_date(said, today, offered[0].event.lean)
    differs = _doubtful(offered[0].given, offered[-1])
    return Asked(offered[0].event, {**offered[0].given, differs: reading}) if reading and differs else None


def _doubtful(first: Mapping[str, Reading], last: Asked | None) -> str | None:
    """The name of the date in which the choices differ."""
    return next((name for name in first if last and last.given.get(name) != first[name]), None)


def _answer(turn: Turn, asked: Asked) -> Reply | None:
    known = {name: reading for name, reading in asked.given.items() if isinstance(reading, Known)}
    years = dict.fromkeys(str(reading.day.year) for reading in known.values() if reading.year_assumed)
    assumed = tuple(turn.pack.phrases.say("dates_year_assumed", year=year) for year in years)
    given = {name: reading.day for name, reading in known.items()}
    worked = work_out(turn.pack, turn.today, asked.event, given, (*assumed, *asked.notes))
    if worked.withheld:
        return None
    reply = dates_reply(worked, turn.language)
    hidden = (turn.say("redacted"),) if turn.redacted else ()
    person = person_lines(turn, turn.pack.queues[asked.event.queue])
    return replace(reply, lead=(*hidden, *reply.lead), person=person)


def _which(turn: Turn, asked: Asked, doubtful: str) -> Reply:
    """One question back. Each choice is a whole sentence, so that it can be answered where nothing is remembered."""
    reading = asked.given[doubtful]
    assert isinstance(reading, Ambiguous), "only such a date is asked about"
    say = turn.pack.phrases.say
    sentences = (
        _sentence(asked.event, {**asked.given, doubtful: Known(day)}) for day in reading.choices[:MOST_CHOICES]
    )
    return Reply(
        outcome=Outcome.CLARIFY,
        status="clarifying_date",
        language=turn.language,
        heading=turn.say("dates_which"),
        body=(Paragraph((Said(say(f"dates_why_{reading.why}")),)),),
        choices=tuple(dict.fromkeys(sentences)),
    )


def _sentence(event: Event, given: Mapping[str, Reading]) -> str:
    """The event said with its dates. A second date that is itself in doubt is left to a question of its own."""
    days: dict[str, date] = {name: reading.day for name, reading in given.items() if isinstance(reading, Known)}
    return stated(event, days)
