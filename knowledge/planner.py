"""Getting ready for adult life by school year: what to do now and what comes next, from the pack's own timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.article import Claim
from knowledge.counting import last_friday_of_june
from knowledge.deadlines import Deadlines, Event
from knowledge.problems import Problem
from knowledge.reading import read_claims
from knowledge.school_years import LAST, move_day, school_year_end
from knowledge.yaml_files import read_mapping

NAME = "planner.yaml"
YEAR_11 = 11
FIRST_AGE, LAST_AGE = 19, 25


@dataclass(frozen=True)
class Stage:
    """A few school years (from 19: ages), both ends included, and the sections that say what to do in them."""

    id: str
    name: str
    first: int
    last: int
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Rights:
    """What is said, from one school year to another, of the day on which rights pass; {date} stands for it."""

    first: int
    last: int
    says: Claim


@dataclass(frozen=True)
class Planner:
    """A pack's stages in order, and its line on rights; none of either for a pack without the file."""

    stages: tuple[Stage, ...] = ()
    rights: Rights | None = None


@dataclass(frozen=True)
class YearPlan:
    """For one school year (or age): the stage it is in, the next one (none at the end), and the moves ahead.

    `moves` holds the events of the clock for a move in this school year or the next, each with the day of the move.
    `rights_pass` is the day after which the pupil holds the rights, when that is near; with the line that says so.
    """

    year: int
    now: Stage
    next: Stage | None
    moves: tuple[tuple[Event, date], ...] = ()
    rights: Rights | None = None
    rights_pass: date | None = None


def plan_for(year: int, planner: Planner, clock: Deadlines, today: date) -> YearPlan | None:
    """The plan for someone in school year `year` today, or aged `year` from 19 on; none when no stage covers it."""
    places = [place for place, stage in enumerate(planner.stages) if stage.first <= year <= stage.last]
    if not places:
        return None
    following = planner.stages[places[0] + 1 :]
    rights = planner.rights if planner.rights and planner.rights.first <= year <= planner.rights.last else None
    return YearPlan(
        year=year,
        now=planner.stages[places[0]],
        next=following[0] if following else None,
        moves=tuple(_moves(year, clock, today)) if year <= LAST else (),
        rights=rights,
        rights_pass=last_friday_of_june(school_year_end(today) + YEAR_11 - year) if rights else None,
    )


def _moves(year: int, clock: Deadlines, today: date) -> list[tuple[Event, date]]:
    return [
        (event, move_day(year, leaving, today))
        for event in clock.events.values()
        for leaving in event.leaving
        if leaving - 1 <= year <= leaving
    ]


def read_planner(folder: Path) -> tuple[Planner, list[Problem]]:
    """The planner in `folder`, and what is wrong with it; an empty one for a pack without the file."""
    if not (folder / NAME).exists():
        return Planner(), []
    given, problems = read_mapping(folder, NAME)
    try:
        stages = tuple(_stage(row) for row in given.get("stages") or [])
        rights = _rights(given["rights"]) if given.get("rights") else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Planner(), [*problems, Problem(NAME, 1, f"each stage needs id, name, first, last and sections: {error}")]
    return Planner(stages, rights), problems


def _stage(row: Mapping[str, Any]) -> Stage:
    sections = tuple(str(id) for id in row["sections"])
    return Stage(str(row["id"]), str(row["name"]), int(row["first"]), int(row["last"]), sections)


def _rights(row: Mapping[str, Any]) -> Rights:
    (claim,) = read_claims(str(row["says"]), 1)
    return Rights(int(row["first"]), int(row["last"]), claim)
