"""A person's rights on the command line: a copy of their data, erasure, a legal hold, and the daily sweep."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff import audit
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import ErasureReceipt, apply_erasures, forget
from handoff.export import NobodyError, as_file, export_person, person_of
from handoff.holds import HoldError, HoldReason, end_hold, hold
from handoff.housekeeping import keep_house, scrub_now
from handoff.models import OfficerRole
from handoff.officers import officer_by_email

Who = Annotated[str, typer.Argument(help="A person's id, or the reference of a case of theirs.")]
By = Annotated[str, typer.Option(help="The officer who answers for it: the address they sign in with.")]


def export(
    who: Who,
    by: By,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    notes: Annotated[bool, typer.Option(help="Add officers' notes: a lead has read them first.")] = False,
) -> None:
    """Write a copy of everything held about one person, as JSON a person can read."""
    with _desk() as (engine, desk), transaction(engine) as session:
        officer = _officer(session, desk, by, lead=notes)
        person_id = person_of(session, desk, who)
        copy = as_file(export_person(session, desk, person_id, notes=notes))
        _write(out, copy)
        detail = "with_notes" if notes else ""
        audit.record(session, desk, actor=officer, act="exported", kind="person", subject=person_id, detail=detail)
    said.print(f"Written to {out}. It is personal: give it to the person alone, and then delete the file.")


def erase(who: Who, by: By, yes: Annotated[bool, typer.Option(help="Do not ask again.")] = False) -> None:
    """Erase one person: their records and the key to their words. It cannot be undone."""
    with _desk() as (engine, desk):
        with reading(engine) as session:
            officer = _officer(session, desk, by)
            person_id = person_of(session, desk, who)
        if not yes and not typer.confirm(f"Erase everything held about {who}? It cannot be undone.", err=True):
            stop("Nothing was erased.", code=1)
        receipt = forget(engine, desk, person_id, officer)
        left = scrub_now(engine, desk).left if receipt.done else ()
        tell_receipt(receipt)
        if left:
            said.print("Some files are in use and still hold unreadable bytes. 'askwell sweep' tries again.")


def hold_command(
    who: Who,
    by: By,
    reason: Annotated[HoldReason | None, typer.Option(help="Why everything must be kept.")] = None,
    end: Annotated[bool, typer.Option(help="End the hold.")] = False,
) -> None:
    """Keep everything of one person while a law requires it, or end that."""
    if (reason is None) is not end:
        stop("Give either --reason or --end.")
    with _desk() as (engine, desk):
        with transaction(engine) as session:
            officer = _officer(session, desk, by, lead=True)
            person_id = person_of(session, desk, who)
            if reason is None:
                end_hold(session, desk, person_id, officer)
            else:
                hold(session, desk, person_id, reason, officer)
        if reason is not None:
            said.print(f"Held ({reason}): nothing of {who} is erased or swept until 'askwell hold {who} --end'.")
            return
        said.print("The hold is over.")
        for receipt in apply_erasures(engine, desk):
            tell_receipt(receipt)


def sweep() -> None:
    """Remove what has been kept long enough. Run it daily; a running server does so itself."""
    with _desk() as (engine, desk):
        done = keep_house(engine, desk)
    for name, count in done.swept.rows.items():
        if count:
            sys.stdout.write(f"{name}\t{count}\n")
    sys.stdout.write(f"people\t{len(done.swept.people)}\nerasures finished\t{len(done.erased)}\n")
    if done.scrubbed and not done.scrubbed.done:
        said.print(f"Not scrubbed, because in use or not allowed to this role: {'; '.join(done.scrubbed.left)}")


def retention() -> None:
    """List how long each kind of record is kept, and why."""
    with _desk() as (_, desk):
        for rule in desk.rules.values():
            marks = [mark for mark, on in (("duty", rule.duty), ("to be confirmed", rule.confirm)) if on]
            marked = f"\t({', '.join(marks)})" if marks else ""
            sys.stdout.write(f"{rule.name}\t{rule.days} days after {rule.after}\t{rule.why}{marked}\n")


def tell_receipt(receipt: ErasureReceipt) -> None:
    """The receipt, for the person who asked: its number, and what had to be kept."""
    if not receipt.done:
        sys.stdout.write(f"{receipt.number}\tnot erased: a legal hold. It is erased when the hold ends.\n")
        return
    sys.stdout.write(f"{receipt.number}\terased {receipt.at:%Y-%m-%d %H:%M} UTC\n")
    for kept in receipt.kept:
        sys.stdout.write(f"{receipt.number}\tkept\t{kept.reference}\t{kept.why}\n")


@contextmanager
def _desk() -> Iterator[tuple[Engine, Desk]]:
    try:
        with open_desk(Settings()) as opened:
            yield opened
    except (NobodyError, HoldError) as error:
        stop(str(error), code=1)


def _officer(session: Session, desk: Desk, email: str, *, lead: bool = False) -> str:
    officer = officer_by_email(session, desk, email)
    if officer is None or officer.left_at is not None:
        stop(f"There is no officer {email}. 'askwell officers list' shows them.", code=1)
    if lead and officer.role not in (OfficerRole.LEAD, OfficerRole.SAFEGUARDING, OfficerRole.ADMIN):
        stop(f"{email} is no lead: a lead answers for this.", code=1)
    return officer.id


def _write(out: Path, text: str) -> None:
    try:
        # For the owner's eyes alone, and never over another file.
        with out.open("x", encoding="utf-8") as file:
            out.chmod(0o600)
            file.write(text)
    except FileExistsError:
        stop(f"{out} is there already. Name another file.", code=1)
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}.", code=1)
