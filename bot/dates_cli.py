"""`askwell dates`: the dates in law that follow from an event, on the terminal, as JSON, as a calendar file."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.app import load_settings_pack
from bot.dates_door import date_lines, error_object, worked_from
from bot.door import BadInputError
from bot.plain import as_text
from bot.settings import Settings
from bot.terminal import USAGE, said, stop
from bot.worked_dates import WorkedDates, dates_object, dates_reply, day_entries
from knowledge.deadlines import Deadlines
from knowledge.ics import day_calendar
from knowledge.pack import Pack

Today = Annotated[str | None, typer.Option(help="Reckon from this day (YYYY-MM-DD) in place of today.")]
Day = Annotated[str | None, typer.Option(help="Its date, where the event takes one.")]


def dates(
    event: Annotated[str | None, typer.Argument(help="What happened. Without one, the events are listed.")] = None,
    when: Annotated[list[str] | None, typer.Argument(help="Its date, such as 3 October 2025 or 3/10/25.")] = None,
    certificate: Day = None,
    letter: Day = None,
    notice: Day = None,
    meeting: Day = None,
    school_year: Annotated[str | None, typer.Option(help="For a move: the school year now, such as Year 6.")] = None,
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[Path | None, typer.Option(help="Work out a file of JSON lines.")] = None,
    ics: Annotated[Path | None, typer.Option(help="Write the dates to this calendar file.")] = None,
    today: Today = None,
) -> None:
    """Work out the dates in law that follow from an event. Information, not legal advice."""
    pack, day = load_settings_pack(Settings()), read_today(today)
    if batch is not None:
        return _batch(batch, pack, day)
    if event is None:
        return _list(pack.deadlines, as_object)
    row = {"event": event, "date": " ".join(when or []), "school_year": school_year}
    row |= {"certificate": certificate, "letter": letter, "notice": notice, "meeting": meeting}
    try:
        worked = worked_from({name: value for name, value in row.items() if value}, pack, day)
    except BadInputError as error:
        if as_object:
            sys.stdout.write(json.dumps(error_object(error), ensure_ascii=False) + "\n")
            raise SystemExit(USAGE) from None
        stop(f"{error}.")
    if ics is not None:
        _write(ics, worked)
    shown = (
        json.dumps(dates_object(worked), ensure_ascii=False) if as_object else as_text(dates_reply(worked, "en"), pack)
    )
    sys.stdout.write(shown + "\n")
    return None


def read_today(typed: str | None) -> date:
    """The day to reckon from: today unless one was typed. Ends the command when it is no day."""
    if typed is None:
        return date.today()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        stop(f"--today must be a day like 2026-11-23, not {typed!r}.")


def _batch(file: Path, pack: Pack, today: date) -> None:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.")
    wrong = 0
    for told in date_lines(lines, pack, today):
        wrong += "error" in told
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    if wrong:
        stop(f"{wrong} lines could not be worked out: each says why under error.", code=1)


def _list(clock: Deadlines, as_object: bool) -> None:
    """The events, the dates each takes and what it gives."""
    events = [
        {"event": event.id, "name": event.name, "takes": list(event.takes), "school_year": bool(event.leaving)}
        for event in clock.events.values()
    ]
    if as_object:
        sys.stdout.write(json.dumps({"events": events}, ensure_ascii=False) + "\n")
        return
    for event in clock.events.values():
        more = f"  (also --{', --'.join(event.extras)})" if event.extras else ""
        more += "  (or --school-year)" if event.leaving else ""
        sys.stdout.write(f"{event.id:<22} {event.name}{more}\n")
    said.print("Give one with its date: askwell dates request-received 3 October 2025")


def _write(file: Path, worked: WorkedDates) -> None:
    made = day_calendar(day_entries(worked), stamp=datetime.now(UTC))
    try:
        file.write_bytes(made)
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.")
