"""`askwell surgeries`: sessions planned from a file, published, moved, withdrawn, and run on the day."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlmodel import Session

from bot.app import load_settings_pack
from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.bookings.errors import SlotTakenError
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.surgeries import changing, on_the_day, planning
from handoff.surgeries.on_the_day import AtTheDoor
from handoff.surgeries.plan_file import read_plan_file
from handoff.surgeries.planned import faults, on_day
from handoff.surgeries.reading import surgeries as every_surgery
from handoff.surgeries.rights import at_the_terminal
from handoff.surgeries.series import monthly
from knowledge.dates_in_words import clock_words, day_words, local_day, span_words
from knowledge.problems import Problem

surgeries = typer.Typer(help="SEND Surgery sessions: plan, publish, move, withdraw, and the day itself.")
T = TypeVar("T")
Code = Annotated[str, typer.Argument(help="The session's code.")]
Day = Annotated[str | None, typer.Option(help="The new day, such as 2027-01-12.")]
Hour = Annotated[str | None, typer.Option(help="The new hour it begins, such as 09:30.")]


@surgeries.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or YAML file of sessions.")],
    check: Annotated[bool, typer.Option("--check", help="Say what is wrong and keep nothing.")] = False,
    publish_now: Annotated[bool, typer.Option("--publish", help="Publish them too.")] = False,
) -> None:
    """Plan every session of a file, as drafts. All of them, or none when a line is wrong."""
    settings = Settings()
    calendar = load_settings_pack(settings).calendar
    found, problems = read_plan_file(file)
    with open_desk(settings) as (engine, desk):
        for one in found:
            problems += [Problem(file.name, one.line, fault) for fault in faults(one.planned, calendar, desk.now())]
        if problems:
            for problem in sorted(problems):
                said.print(str(problem))
            stop("Nothing was kept. Mend the lines above.", code=1)
        if check:
            said.print(f"{len(found)} sessions are right. Nothing was kept.")
            return
        did = []
        with transaction(engine) as session:
            for one in found:
                try:
                    did.append(planning.plan(session, desk, at_the_terminal(), one.planned, calendar).did)
                except planning.PlanError as error:
                    stop(f"{file.name}:{one.line}: {error}. Nothing was kept.", code=1)
            for one in found if publish_now else ():
                planning.publish(session, desk, at_the_terminal(), one.planned.code)
    said.print(f"{len(found)} sessions: {did.count('new')} new, {did.count('changed')} changed.")


@surgeries.command()
def plan(
    file: Annotated[Path, typer.Argument(help="A file with one session: the first of the series.")],
    months: Annotated[int, typer.Option(min=1, max=24, help="How many, a month apart.")] = 1,
) -> None:
    """Plan a series: the session of a file, once a month on the same weekday of the month."""
    settings = Settings()
    calendar = load_settings_pack(settings).calendar
    found, problems = read_plan_file(file)
    if problems or len(found) != 1:
        stop("\n".join(map(str, problems)) or f"{file.name} must hold one session.", code=1)
    first = found[0].planned
    days, passed = monthly(first.day, months, calendar)
    for day, why in passed:
        said.print(f"Passed over {day_words(day)}: {why}.")
    codes = [f"{first.code}-{day:%Y-%m}" if months > 1 else first.code for day in days]

    def act(session: Session, desk: Desk) -> None:
        for day, code in zip(days, codes, strict=True):
            planning.plan(session, desk, at_the_terminal(), on_day(first, day, code), calendar)

    _do(act)
    sys.stdout.write("\n".join(codes) + "\n")


@surgeries.command()
def publish(codes: Annotated[list[str], typer.Argument(help="Codes of sessions.")]) -> None:
    """Let families see sessions. Whoever waits is offered places first; whoever asked for dates is told."""

    def act(session: Session, desk: Desk) -> None:
        for code in codes:
            planning.publish(session, desk, at_the_terminal(), code)

    _do(act)
    said.print(f"Published: {', '.join(codes)}.")


@surgeries.command()
def withdraw(code: Code) -> None:
    """Call a session off. Everybody booked is told, with the nearest other times."""
    lost = _do(lambda session, desk: changing.withdraw(session, desk, at_the_terminal(), code))
    said.print(f"{code} is withdrawn. {lost} bookings were told.")


@surgeries.command()
def move(
    code: Code,
    day: Day = None,
    start: Hour = None,
    venue: Annotated[str | None, typer.Option(help="The new place.")] = None,
    address: Annotated[str | None, typer.Option(help="Its address.")] = None,
) -> None:
    """Put a session on another day, at another hour or in another place. Everybody booked moves along and is told."""
    try:
        when, hour = date.fromisoformat(day) if day else None, time.fromisoformat(start) if start else None
    except ValueError:
        stop("Write the day like 2027-01-12 and the hour like 09:30.")
    calendar = load_settings_pack(Settings()).calendar

    def act(session: Session, desk: Desk) -> int:
        acting = at_the_terminal()
        return changing.move(session, desk, acting, code, calendar, day=when, starts=hour, venue=venue, address=address)

    said.print(f"{code} is moved. {_do(act)} bookings were told.")


@surgeries.command("list")
def list_(past: Annotated[bool, typer.Option(help="Those that are over too.")] = False) -> None:
    """List the sessions: code, state, day, hours, place, places taken, bookings, waiting."""
    with open_desk(Settings()) as (engine, desk), reading(engine) as session:
        for one in every_surgery(session, desk, at_the_terminal(), past=past):
            surgery = one.surgery
            when = f"{day_words(local_day(surgery.starts_at))}, {span_words(surgery.starts_at, surgery.ends_at)}"
            mark = "  EXAMPLE" if surgery.example else ""
            sys.stdout.write(
                f"{surgery.code:<20} {surgery.state:<10} {when}, {surgery.venue}: {one.taken} of {one.places} places, "
                f"{one.bookings} bookings, {one.waiting} waiting{mark}\n"
            )


@surgeries.command("door-list")
def door_list(code: Code) -> None:
    """Print who is expected. It holds personal data: each time it is printed is noted in the audit."""
    lines = _do(lambda session, desk: on_the_day.door_list(session, desk, at_the_terminal(), code))
    for line in lines:
        sys.stdout.write(_door_line(line) + "\n")
    said.print(f"{len(lines)} bookings.")


@surgeries.command()
def arrived(references: Annotated[list[str], typer.Argument(help="References of bookings.")]) -> None:
    """Note that families are here."""
    _do(lambda session, desk: [on_the_day.arrived(session, desk, at_the_terminal(), one) for one in references])


@surgeries.command("no-show")
def no_show(references: Annotated[list[str], typer.Argument(help="References of bookings.")]) -> None:
    """Note that families did not come."""
    _do(lambda session, desk: [on_the_day.no_show(session, desk, at_the_terminal(), one) for one in references])


@surgeries.command("walk-in")
def walk_in(code: Code) -> None:
    """Count somebody who came without booking to a drop-in or mixed session. Nothing about them is kept."""
    _do(lambda session, desk: on_the_day.walk_in(session, desk, at_the_terminal(), code))


def _do(act: Callable[[Session, Desk], T]) -> T:
    """What `act` gives, in one transaction; what cannot be done ends the command in plain words."""
    with open_desk(Settings()) as (engine, desk):
        try:
            with transaction(engine) as session:
                return act(session, desk)
        except planning.PlanError as error:
            stop(f"{error}.", code=1)
        except SlotTakenError:
            stop("That time is taken.", code=1)


def _door_line(line: AtTheDoor) -> str:
    parts = [
        f"{clock_words(line.starts_at):<8} {line.reference}  {line.first_name or '(erased)'}",
        line.coming.replace("_", " "),
        line.topic.replace("_", " "),
        f"{line.places} places" if line.places > 1 else "",
        f"needs {', '.join(line.needs)}" if line.needs else "",
        f"interpreter: {line.interpreter}" if line.interpreter else "",
        f"also: {line.other_need}" if line.other_need else "",
        f"NOT ARRANGED YET: {', '.join(line.missing)}" if line.missing else "",
        *(f"asks: {question}" for question in line.questions),
        line.state,
    ]
    return " | ".join(part for part in parts if part)
