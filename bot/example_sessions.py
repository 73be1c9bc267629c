"""SEND Surgery sessions that are made up and say so: for trying things out. Nothing else ever loads them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session, select

from handoff.desk import Desk
from handoff.models import Surgery
from handoff.surgeries.plan_file import Numbered, read_plan_file
from handoff.surgeries.planned import Planned, on_day
from handoff.surgeries.planning import plan, publish
from handoff.surgeries.rights import at_the_terminal
from knowledge.calendar import WorkingCalendar

EXAMPLES = Path(__file__).with_name("example_surgeries.yaml")
TUESDAY = 1


def publish_examples(session: Session, desk: Desk, calendar: WorkingCalendar) -> int:
    """The examples on the next open Tuesdays, a fortnight apart; how many are published."""
    found, problems = read_plan_file(EXAMPLES)
    assert not problems, "the examples are in the package, and are read by a test"
    return load_examples(session, desk, found, calendar)


def load_examples(session: Session, desk: Desk, found: list[Numbered], calendar: WorkingCalendar) -> int:
    """These examples on the next open Tuesdays; those that are there already stay. How many there are."""
    day = desk.now().date() + timedelta(days=1)
    for one in found:
        day = _next_open(day, calendar)
        example = on_day(one.planned, day, one.planned.code)
        known = session.exec(select(Surgery).where(Surgery.pack == desk.pack, Surgery.code == example.code)).first()
        if known is None:
            _publish(session, desk, example, calendar)
        day += timedelta(days=14)
    return len(found)


def _publish(session: Session, desk: Desk, example: Planned, calendar: WorkingCalendar) -> None:
    plan(session, desk, at_the_terminal(), example, calendar, example=True)
    publish(session, desk, at_the_terminal(), example.code)


def _next_open(day: date, calendar: WorkingCalendar) -> date:
    while day.weekday() != TUESDAY or calendar.closed_because(day):
        day += timedelta(days=1)
    return day
