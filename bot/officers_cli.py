"""`askwell officers`: who of the council's staff may sign in, and which queues each may see."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import Officer, OfficerRole
from handoff.officers import (
    OfficerError,
    add_officer,
    leave,
    officer_by_email,
    officers,
    queues_of,
    set_password,
    set_queues,
    set_role,
)

officers_cli = typer.Typer(help="Who may sign in to the officers' pages.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The address they sign in with.")]
Queues = Annotated[list[str] | None, typer.Option("--queue", help="A queue they may see. Give it once for each.")]
Role = Annotated[OfficerRole, typer.Option(help="What they may do.")]


@contextmanager
def _office() -> Iterator[tuple[Session, Desk]]:
    """The council's desk inside one transaction. What cannot be done is said plainly."""
    try:
        with open_desk(Settings()) as (engine, desk), transaction(engine) as session:
            yield session, desk
    except OfficerError as error:
        stop(str(error), code=1)


def _ask_password() -> str:
    """Typed twice on a terminal, or one line of standard input. Never an argument: those are seen by others."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _find(session: Session, desk: Desk, email: str) -> Officer:
    found = officer_by_email(session, desk, email)
    if found is None:
        raise OfficerError(f"There is no officer with the address {email}. 'askwell officers list' shows them.")
    return found


@officers_cli.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The name families and colleagues see.")],
    role: Role = OfficerRole.OFFICER,
    queue: Queues = None,
) -> None:
    """Add an officer. The password is asked for."""
    password = _ask_password()
    with _office() as (session, desk):
        made = add_officer(
            session, desk, email=email, name=name, role=role, queues=frozenset(queue or ()), password=password
        )
    seen = ", ".join(sorted(queue or ())) or "no queue yet: use 'askwell officers queues'"
    said.print(f"{made.name} may sign in as {made.email}. Role: {made.role}. Sees: {seen}.")


@officers_cli.command("list")
def show(everyone: Annotated[bool, typer.Option("--all", help="Those who have left too.")] = False) -> None:
    """List the officers, what each may do and see."""
    with _office() as (session, desk):
        rows = [(one, queues_of(session, desk, one.id)) for one in officers(session, desk, with_leavers=everyone)]
    for one, seen in rows:
        gone = f"\tleft {one.left_at:%Y-%m-%d}" if one.left_at else ""
        sys.stdout.write(f"{one.email}\t{one.name}\t{one.role}\t{', '.join(sorted(seen)) or '-'}{gone}\n")
    if not rows:
        said.print("Nobody may sign in yet. Add someone with 'askwell officers add'.")


@officers_cli.command("queues")
def queues(
    email: Email,
    queue: Queues = None,
    role: Annotated[OfficerRole | None, typer.Option(help="Change what they may do as well.")] = None,
) -> None:
    """Give an officer sight of these queues and no others. Without --queue they see none."""
    with _office() as (session, desk):
        found = _find(session, desk, email)
        set_queues(session, desk, found.id, frozenset(queue or ()))
        if role is not None:
            set_role(session, desk, found.id, role)
    said.print(f"{found.name} now sees: {', '.join(sorted(queue or ())) or 'no queue'}.")


@officers_cli.command("password")
def password(email: Email) -> None:
    """Give an officer a new password. Every place they are signed in is signed out."""
    typed = _ask_password()
    with _office() as (session, desk):
        set_password(session, desk, _find(session, desk, email).id, typed)
    said.print("The password is changed.")


@officers_cli.command("leave")
def left(email: Email) -> None:
    """An officer leaves: signed out everywhere, no queue, no sign-in. Their name stays on what they did."""
    with _office() as (session, desk):
        found = _find(session, desk, email)
        leave(session, desk, found.id)
    said.print(f"{found.name} is signed out and can no longer sign in.")
