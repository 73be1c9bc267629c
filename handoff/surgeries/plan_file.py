"""A file of sessions as officers write it, CSV or YAML, read with an error for every line that cannot stand.

One row or item a session. `code` is the officers' own name for it, so that the same file can be read again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from handoff.models import SurgeryKind
from handoff.surgeries.planned import Planned, PlannedSlot, times
from knowledge.problems import Problem
from knowledge.yaml_files import read_text

FIELDS = (
    "code",
    "date",
    "start",
    "end",
    "kind",
    "area",
    "venue",
    "address",
    "online",
    "minutes",
    "places",
    "who",
    "arrive_before",
    "features",
    "teams",
    "travel",
    "bring",
    "late_call",
    "series",
    "slots",
)
NEEDED = ("code", "date", "start", "end")
LONGEST = {"code": 32, "series": 32, "area": 64, "venue": 120, "address": 240, "travel": 400, "bring": 400}
LONGEST |= {"late_call": 64, "who": 100}
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})\s*(am|pm)?|(\d{1,2})\s*(am|pm)", re.IGNORECASE)


class FaultError(Exception):
    """One field cannot be read; the message names it and says what to write."""


@dataclass(frozen=True)
class Numbered:
    """A session and the line of the file it stands on."""

    line: int
    planned: Planned


def read_plan_file(file: Path) -> tuple[list[Numbered], list[Problem]]:
    """The sessions in `file` (.csv, .yaml, .yml), and what is wrong with the rest."""
    text, problems = read_text(file, file.name)
    return ([], problems) if problems else read_plan_text(file.name, text)


def read_plan_text(name: str, text: str) -> tuple[list[Numbered], list[Problem]]:
    """The same of the text of a file called `name`. Rows copied out of a spreadsheet, with tabs, are CSV too."""
    ending = Path(name).suffix.lower()
    if ending == ".csv":
        return _read_rows(name, _csv_rows(text))
    if ending in (".yaml", ".yml"):
        try:
            return _read_rows(name, list(_yaml_rows(text)))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = f"this YAML cannot be read: {getattr(error, 'problem', None) or 'not valid YAML'}"
            return [], [Problem(name, mark.line + 1 if mark else 1, said)]
        except FaultError as error:
            return [], [Problem(name, 1, str(error))]
    return [], [Problem(name, 1, "save it as .csv or .yaml")]


def _csv_rows(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    names: list[str] = []
    rows: list[tuple[int, Mapping[str, Any]]] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = [cell.strip().lower() for cell in cells]
            continue
        row: dict[str, Any] = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
        if any(cell.strip() for cell in cells[len(names) :]):
            row["(a cell past the last heading)"] = "x"
        rows.append((reader.line_num, row))
    return rows


def _yaml_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        raise FaultError("expected a list of sessions: begin each with '- code: …'")
    loader = yaml.SafeLoader("")
    for item in node.value:
        value = loader.construct_object(item, deep=True)
        yield item.start_mark.line + 1, value if isinstance(value, dict) else {"(not a session)": value}


def _read_rows(name: str, rows: list[tuple[int, Mapping[str, Any]]]) -> tuple[list[Numbered], list[Problem]]:
    read: list[Numbered] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        try:
            planned = read_session(row)
        except FaultError as error:
            problems.append(Problem(name, line, str(error)))
            continue
        if planned.code in lines:
            problems.append(Problem(name, line, f"the code {planned.code} is also on line {lines[planned.code]}"))
        lines.setdefault(planned.code, line)
        read.append(Numbered(line, planned))
    if not rows:
        problems.append(Problem(name, 1, "there are no sessions in this file"))
    return read, problems


def read_session(row: Mapping[str, Any]) -> Planned:
    """One session from its fields. Raises `FaultError`."""
    if strangers := [str(key) for key in row if key not in FIELDS]:
        raise FaultError(f"'{strangers[0]}' is not a column; the columns are {', '.join(FIELDS)}")
    if missing := [name for name in NEEDED if row.get(name) in (None, "")]:
        raise FaultError(f"{missing[0]} is missing")
    words = {name: _words(row, name) for name in LONGEST}
    starts, ends = time_of(row, "start"), time_of(row, "end")
    return Planned(
        code=words["code"],
        day=day_of(row["date"]),
        starts=starts,
        ends=ends,
        venue=words["venue"] or ("Online" if _yes(row, "online") else ""),
        kind=_kind(row.get("kind")),
        area=words["area"],
        address=words["address"],
        online=_yes(row, "online"),
        drop_in_until=time_of(row, "arrive_before") if row.get("arrive_before") else None,
        features=tuple(code.replace("-", "_").replace(" ", "_").lower() for code in _list(row, "features")),
        teams=tuple(dict.fromkeys(_list(row, "teams"))),
        travel=words["travel"],
        bring=words["bring"],
        late_call=words["late_call"],
        series=words["series"],
        slots=_slots(row, starts, ends, words["who"]),
    )


def _slots(row: Mapping[str, Any], starts: time, ends: time, who: str) -> tuple[PlannedSlot, ...]:
    given = row.get("slots")
    if given:
        if row.get("minutes"):
            raise FaultError("give minutes, or slots, not both")
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise FaultError("slots is a list like '- {at: 9:30, minutes: 20, places: 1, who: EHC team}'")
        return tuple(
            PlannedSlot(time_of(one, "at"), _number(one, "minutes"), _number(one, "places", 1), _words(one, "who"))
            for one in given
        )
    if not row.get("minutes"):
        return ()
    return times(starts, ends, _number(row, "minutes"), _number(row, "places", 1), who)


def day_of(value: object) -> date:
    """A day as officers write it: 2027-01-12 or 12/01/2027. Raises `FaultError`."""
    if type(value) is date:
        return value
    text = str(value).strip()
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        raise FaultError(f"date: '{text}' is not a day. Write it like 2027-01-12 or 12/01/2027") from None


def time_of(row: Mapping[str, Any], name: str) -> time:
    """A time of day as officers write it: 9:30, 14:00 or 2pm. Raises `FaultError`."""
    value = row.get(name)
    if type(value) is int and 60 <= value < 24 * 60:
        # YAML reads 9:30 as a number to the base of sixty.
        return time(*divmod(value, 60))
    text = str(value if value is not None else "").strip()
    found = _TIME.fullmatch(text)
    try:
        if not found:
            raise ValueError(text)
        hour, minute = int(found[1] or found[4]), int(found[2] or 0)
        half = (found[3] or found[5] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValueError(text)
        return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)
    except ValueError:
        raise FaultError(f"{name}: '{text}' is not a time. Write it like 9:30 or 14:00") from None


def _kind(value: object) -> SurgeryKind:
    text = str(value or SurgeryKind.BOOKABLE).strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return SurgeryKind(text)
    except ValueError:
        raise FaultError(f"kind: '{value}' is not one of {', '.join(SurgeryKind)}") from None


def _yes(row: Mapping[str, Any], name: str) -> bool:
    text = str(row.get(name, "no")).strip().lower()
    if text in ("yes", "true", "y", "1"):
        return True
    if text in ("no", "false", "n", "0", ""):
        return False
    raise FaultError(f"{name}: write yes or no, not '{text}'")


def _number(row: Mapping[str, Any], name: str, without: int | None = None) -> int:
    value = row.get(name, without)
    text = str(value if value is not None else "").strip()
    if not re.fullmatch(r"\d{1,4}", text):
        raise FaultError(f"{name}: '{text}' is not a whole number")
    return int(text)


def _words(row: Mapping[str, Any], name: str) -> str:
    text = " ".join(str(row.get(name) if row.get(name) is not None else "").split())
    longest = LONGEST.get(name, 100)
    if len(text) > longest:
        raise FaultError(f"{name} is {len(text)} characters long: use {longest} or fewer")
    return text


def _list(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name)
    parts = value if isinstance(value, list) else str(value or "").split(";")
    found = [" ".join(str(part).split()) for part in parts]
    if any(len(part) > 100 for part in found):
        raise FaultError(f"{name}: each is 100 characters or fewer")
    return [part for part in found if part]
