"""`askwell schools`: which schools may read the AP Directory in full."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.database import transaction
from handoff.schools import SchoolError, end_access, invite, schools

schools_cli = typer.Typer(help="Which schools may read the AP Directory in full.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The school's own email address.")]
BY = "command"


@schools_cli.command("invite")
def invite_(email: Email, school: Annotated[str, typer.Option(help="The school's name.")]) -> None:
    """Invite a school. A letter with a link is sent when email is set up."""
    settings = Settings()
    with open_desk(settings) as (engine, desk):
        try:
            with transaction(engine) as session:
                access = invite(session, desk, email=email, school=school, by=BY, link_to=_link_to(settings))
        except SchoolError as error:
            stop(str(error), code=1)
        until = f"{access.ends_at:%-d %B %Y}"
        said.print(f"{access.school} may come in until {until}. A letter with a link waits to be sent.")


@schools_cli.command("list")
def list_() -> None:
    """List the schools that may come in."""
    with open_desk(Settings()) as (engine, desk), transaction(engine) as session:
        rows = schools(session, desk)
    for access, email in rows:
        came = f"since {access.accepted_at:%Y-%m-%d}" if access.accepted_at else "not yet come in"
        sys.stdout.write(f"{access.school}\t{email}\t{came}\tuntil {access.ends_at:%Y-%m-%d}\n")
    if not rows:
        said.print("No school may come in yet. Invite one with 'askwell schools invite'.")


@schools_cli.command("end")
def end(email: Email) -> None:
    """End a school's access at once, in every browser."""
    with open_desk(Settings()) as (engine, desk):
        try:
            with transaction(engine) as session:
                access = end_access(session, desk, email=email, by=BY)
        except SchoolError as error:
            stop(str(error), code=1)
        said.print(f"{access.school} is signed out and can no longer come in.")


def _link_to(settings: Settings) -> str:
    return f"{settings.address.rstrip('/')}/schools/enter/"
