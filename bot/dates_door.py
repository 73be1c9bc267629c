"""What is asked of `askwell dates` becomes worked dates here, or a message that says what to send instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.door import BadInputError, read_text
from bot.worked_dates import WorkedDates, dates_object, work_out
from knowledge.dates_in_words import day_words
from knowledge.deadlines import Deadlines, Event
from knowledge.pack import Pack
from knowledge.school_years import move_day, read_school_year, year_name
from knowledge.typed_dates import Known, read_date

_SPACES = re.compile(r"[^a-z0-9]+")
_YEAR_ALONE = re.compile(r"(?:september )?(20\d\d)")
_OTHER_KEYS = frozenset({"id", "event", "date", "school_year"})


class UnclearDateError(BadInputError):
    """A date that can be read in several ways; `choices` are the days it could be."""

    def __init__(self, typed: str, choices: tuple[date, ...]) -> None:
        self.choices = choices
        days = ", or ".join(day_words(day) for day in choices)
        super().__init__(f"{typed!r} can be read in more than one way: {days}. Write the one you mean")


def worked_from(row: Mapping[str, Any], pack: Pack, today: date) -> WorkedDates:
    """The dates for `event` and `date` (or `school_year`), and any further date by its name.

    Raises `BadInputError` with what is missing or cannot be read, `UnclearDateError` for a date with several readings.
    """
    event = find_event(row.get("event"), pack.deadlines)
    given, notes = _own_date(row, event, today)
    for name in row:
        if name not in _OTHER_KEYS and name != event.start and row[name] not in (None, ""):
            if name not in event.extras:
                raise BadInputError(f"{event.id} takes no date called {name}: it takes {', '.join(event.takes)}")
            given[name], assumed = _day(row[name], name, event, today, pack)
            notes += assumed
    if event.start in given:
        return work_out(pack, today, event, given, notes)
    typed = row.get("date") if row.get("date") not in (None, "") else row.get(event.start)
    given[event.start], assumed = _day(typed, "date", event, today, pack)
    return work_out(pack, today, event, given, (*assumed, *notes))


def find_event(name: object, deadlines: Deadlines) -> Event:
    """The event called `name`, by its id or another of its names. Raises `BadInputError` with the ids there are."""
    wanted = _SPACES.sub("-", name.lower()).strip("-") if isinstance(name, str) else ""
    for event in deadlines.events.values():
        if wanted and wanted.removeprefix("the-") in (event.id, *event.also):
            return event
    there = ", ".join(deadlines.events) or "none in this pack"
    raise BadInputError(f"event must be one of: {there}" if wanted else f"say which event: {there}")


def date_lines(lines: Iterable[bytes], pack: Pack, today: date) -> Iterator[dict[str, Any]]:
    """One object a line that is not blank, in order; a line that cannot be used gives its id, number and error."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _line(line, number, pack, today)


def _line(line: bytes, number: int, pack: Pack, today: date) -> dict[str, Any]:
    id = None
    try:
        row = json.loads(line.decode("utf-8-sig"))
        if not isinstance(row, dict):
            raise BadInputError("expected an object with id, event and date")
        if isinstance(row.get("id"), bool) or not isinstance(row.get("id"), str | int | None):
            raise BadInputError("id must be text or a whole number")
        id = row.get("id")
        return {"id": id, **dates_object(worked_from(row, pack, today))}
    except UnicodeDecodeError:
        return {"id": id, "line": number, "error": "this line is not UTF-8 text"}
    except BadInputError as error:
        return {"id": id, "line": number, **error_object(error)}
    except (ValueError, RecursionError):
        return {"id": id, "line": number, "error": "this line is not JSON"}


def error_object(error: BadInputError) -> dict[str, Any]:
    """An error as JSON, with the days to choose from when a date was unclear."""
    choices = getattr(error, "choices", ())
    return {"error": str(error), **({"choices": [day.isoformat() for day in choices]} if choices else {})}


def _own_date(row: Mapping[str, Any], event: Event, today: date) -> tuple[dict[str, date], tuple[str, ...]]:
    """The event's own date where it is a school year or a calendar year, and what that stands for; else nothing."""
    typed = row.get("school_year") or row.get("date") or row.get(event.start)
    if row.get("school_year") and not event.leaving:
        raise BadInputError(f"{event.id} takes a date, not a school year")
    if not event.leaving or typed is None:
        return {}, ()
    said = " ".join(str(typed).lower().split())
    if alone := _YEAR_ALONE.fullmatch(said):
        return {event.start: date(int(alone[1]), 9, 1)}, ()
    year = read_school_year(said)
    if year is None:
        if row.get("school_year"):
            raise BadInputError(f"{typed!r} is not a school year I know: write it like Year 6, Reception or nursery")
        return {}, ()
    leaving = min((last for last in event.leaving if last >= year), default=None)
    if leaving is None:
        raise BadInputError(f"there is no such move after {year_name(year)}")
    day = move_day(year, leaving, today)
    return {event.start: day}, (f"This is for {event.leaving[leaving]} in September {day.year}.",)


def _day(typed: object, name: str, event: Event, today: date, pack: Pack) -> tuple[date, tuple[str, ...]]:
    if typed in (None, ""):
        raise BadInputError(f"{event.id} needs a date" + (" or a school_year" if event.leaving else ""))
    text = read_text(typed, name)
    reading = read_date(text, today, event.lean)
    if reading is None:
        raise BadInputError(f"{text[:40]!r} is not a date I can read: write it like 3 October 2025 or 2025-10-03")
    if not isinstance(reading, Known):
        raise UnclearDateError(text[:40], reading.choices)
    assumed = pack.phrases.say("dates_year_assumed", year=str(reading.day.year))
    return reading.day, ((assumed,) if reading.year_assumed else ())
