"""`askwell sources`: follow the council's own pages and files, see what changed, and decide what is answered from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from bot.app import load_settings_pack
from bot.desk_door import open_desk, refuse_while_off
from bot.gathering.fetching import Outcome
from bot.gathering.refreshing import Round, Tally
from bot.gathering.rounds import a_round, own_shelf
from bot.health_report import as_csv, as_html
from bot.settings import Settings
from bot.terminal import progress_bar, said, stop
from handoff.content import ContentError, may_edit
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.documents import Waiting, approve, in_the_pack, propose, waiting, watches
from handoff.officers import acting, officer_by_email
from handoff.rights import Acting
from handoff.switches import Part
from knowledge.local_offer import STATES, health
from knowledge.pack import Pack
from knowledge.sources.differences import differences
from knowledge.sources.document import UnreadableError
from knowledge.sources.holding import Held, Shelf, Tombstone, as_text
from knowledge.sources.shelving import article_of, source_of, title_of
from knowledge.sources.showing import unvouched
from knowledge.working_hours import LONDON

sources = typer.Typer(help="The council's own pages and files: followed, compared, approved.", no_args_is_help=True)
By = Annotated[str, typer.Option(help="The editor who answers for it: the address they sign in with.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids, as 'askwell sources list' prints them.")]


@dataclass
class Office:
    """The records and the pack, for one command."""

    settings: Settings
    pack: Pack
    engine: Engine
    desk: Desk

    def shelf(self, session: Session) -> Shelf:
        """The documents as they are in use."""
        return in_the_pack(session, self.desk, own_shelf(self.pack))


@sources.command()
def add(
    what: Annotated[list[str], typer.Argument(help="Addresses of pages, or files on this machine.")],
    url: Annotated[str, typer.Option(help="Where families find the file; for one file.")] = "",
) -> None:
    """Read pages or files, and keep what they say for an editor."""
    if url and len(what) != 1:
        stop("--url goes with one file.")
    with _ready_round() as (_, ready):
        for count, one in enumerate(what, start=1):
            ready.tell("Reading", count, len(what))
            try:
                if "://" in one:
                    ready.add(one)
                else:
                    ready.take_file(_bytes(one), Path(one).name, url)
            except (UnreadableError, ValueError) as error:
                ready.tally.faults[one] = str(error)
    _told(ready.tally)


@sources.command()
def refresh(
    site: Annotated[str, typer.Argument(help="One host of documents.yaml; all of them when not given.")] = "",
) -> None:
    """Ask for everything again, and look for new pages. Only what changed is read."""
    with _ready_round() as (office, ready):
        if not office.pack.following.sites:
            stop("documents.yaml of this pack names no site to read. See knowledge/README.md.")
        if site and site.lower() not in office.pack.following.sites:
            stop(f"{site} is not among the sites in documents.yaml.")
        _told(ready.refresh(site.lower()))


@sources.command(name="list")
def list_() -> None:
    """List what is in use, what waits, and what was taken out, with the days that count."""
    with _office() as office, reading(office.engine) as session:
        shelf, seen = office.shelf(session), watches(session, office.desk)
        waits = waiting(session, office.desk, shelf)
        for id, held in sorted(shelf.held.items()):
            row = seen.get(id)
            last = f"\tunchanged {row.unchanged_at:%Y-%m-%d}" if row and row.unchanged_at else ""
            fault = f"\t{row.fault}" if row and row.fault else ""
            days = f"read {held.read_on}{last}\treview by {held.review_by}"
            sys.stdout.write(f"{id}\tin use\t{title_of(held)}\t{days}\t{held.url or held.file}{fault}\n")
        for one in waits:
            kind = "to be taken out" if isinstance(one.one, Tombstone) else "changed" if one.before else "new"
            title = title_of(one.one) if isinstance(one.one, Held) else one.one.why
            sys.stdout.write(f"{one.one.id}\twaits: {kind}\t{title}\t{one.one.url}\n")
        for id, stone in sorted(shelf.gone.items()):
            sys.stdout.write(f"{id}\ttaken out {stone.gone}\t{stone.url}\n")


@sources.command()
def diff(ids: Ids = None) -> None:
    """Show what waits beside what is in use: lines that go, lines that come, and what needs a person's eye."""
    with _office() as office, reading(office.engine) as session:
        waits = _wanted(office, session, ids)
        for one in waits:
            _show(office, one)
    if not waits:
        said.print("Nothing waits.")


@sources.command(name="approve")
def approve_(
    by: By,
    ids: Ids = None,
    all: Annotated[bool, typer.Option("--all", help="Everything that waits and needs no closer look.")] = False,
    allow: Annotated[
        list[str] | None, typer.Option(help="A number, email or link in it that families may be shown.")
    ] = None,
) -> None:
    """Answer from what waits, from now on. A running server takes it in within seconds."""
    if bool(ids) is all:
        stop("Name what to approve, or give --all.")
    count = 0
    with _office() as office, transaction(office.engine) as session:
        who = _editor(session, office.desk, by)
        for one in _wanted(office, session, ids):
            if all and isinstance(one.one, Held) and one.one.document.findings:
                said.print(f"{one.one.id} needs a closer look: 'askwell sources diff {one.one.id}'. It was left.")
                continue
            try:
                approve(session, office.desk, who, one, _in_use(office, session, one.one.id), allow or ())
            except ContentError as error:
                stop(str(error), code=1)
            count += 1
    said.print(f"{count} put to use.")


@sources.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids, as 'askwell sources list' prints them.")],
    by: By,
    why: Annotated[str, typer.Option(help="Why. It is kept.")] = "Taken out by an editor",
) -> None:
    """Take documents out for good. From this moment no answer, search or earlier version gives their words."""
    with _office() as office, transaction(office.engine) as session:
        who, today = _editor(session, office.desk, by), office.desk.now().astimezone(LONDON).date()
        shelf = office.shelf(session)
        for id in ids:
            held = shelf.held.get(id)
            if held is None:
                stop(f"There is no document {id} in use.", code=1)
            was = as_text(held)
            row = propose(session, office.desk, Tombstone(id, today, held.url, why), was, why, who.officer_id)
            stone = Tombstone(id, today, held.url, why)
            approve(session, office.desk, who, Waiting(row, stone, held), was)
    said.print(f"{len(ids)} taken out.")


@sources.command(name="health")
def health_(
    html: Annotated[Path | None, typer.Option(help="Write the report as a page.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the report as CSV.")] = None,
    links: Annotated[bool, typer.Option(help="Ask for every address on a site of documents.yaml.")] = False,
) -> None:
    """Say how healthy the Local Offer is: dead links, stale pages, hard words, acronyms, what the law wants."""
    with _office() as office, progress_bar() as tell:
        pack = with_documents(office)
        asked = dead_links(office, pack, tell) if links else {}
        today = office.desk.now().astimezone(LONDON).date()
        lines = health(pack, today, asked)
    for line in lines:
        if line.state != "good":
            sys.stdout.write(f"{line.part}\t{STATES[line.state]}\t{line.what}\t{line.said}\n")
    if html:
        _write(html, as_html(lines, pack.council, today))
    if csv:
        _write(csv, as_csv(lines))
    counts = ", ".join(f"{sum(one.state == state for one in lines)} {said.lower()}" for state, said in STATES.items())
    said.print(f"{counts}.")


def with_documents(office: Office) -> Pack:
    """The pack with every document that is in use, as its articles."""
    with reading(office.engine) as session:
        shelf = office.shelf(session)
    articles, pages = dict(office.pack.articles), dict(office.pack.sources)
    known = {one.id: one for one in office.pack.generations}
    for id in shelf.gone:
        articles.pop(id, None)
        pages.pop(id, None)
    articles |= {id: article_of(one, office.pack.contacts) for id, one in shelf.held.items()}
    pages |= {id: source_of(one, known) for id, one in shelf.held.items()}
    return replace(office.pack, articles=articles, sources=pages)


def dead_links(office: Office, pack: Pack, tell: Callable[[str, int, int], None]) -> dict[str, str]:
    """What became of asking for each page's address; one on no site of the manifest is not asked."""
    found: dict[str, str] = {}
    wanted = [source.url for source in pack.sources.values() if source.url and pack.following.followed(source.url)]
    with a_round(office.settings, office.pack, office.engine, office.desk) as ready:
        for count, url in enumerate(wanted, start=1):
            tell("Asking for pages", count, len(wanted))
            fetched = ready.manners.fetch(url)
            found[url] = "" if fetched.outcome in (Outcome.FETCHED, Outcome.UNCHANGED) else fetched.fault
    return found


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.", code=1)


@contextmanager
def _office() -> Iterator[Office]:
    settings = Settings()
    pack = load_settings_pack(settings)
    with open_desk(settings) as (engine, desk):
        yield Office(settings, pack, engine, desk)


@contextmanager
def _ready_round() -> Iterator[tuple[Office, Round]]:
    with _office() as office, progress_bar() as tell:
        refuse_while_off(office.settings, Part.INGESTION)
        with a_round(office.settings, office.pack, office.engine, office.desk, tell) as ready:
            yield office, ready


def _wanted(office: Office, session: Session, ids: list[str] | None) -> list[Waiting]:
    waits = waiting(session, office.desk, office.shelf(session))
    known = {one.one.id for one in waits}
    for id in ids or ():
        if id not in known:
            stop(f"Nothing waits for {id}.", code=1)
    return [one for one in waits if not ids or one.one.id in ids]


def _in_use(office: Office, session: Session, id: str) -> str:
    shelf = office.shelf(session)
    one = shelf.held.get(id) or shelf.gone.get(id)
    return as_text(one) if one else ""


def _editor(session: Session, desk: Desk, email: str) -> Acting:
    officer = officer_by_email(session, desk, email)
    who = acting(session, desk, officer.id) if officer else None
    if who is None or not may_edit(who):
        stop(f"{email} is no editor or administrator here. 'askwell officers list' shows them.", code=1)
    return who


def _show(office: Office, one: Waiting) -> None:
    out = sys.stdout.write
    out(f"{one.one.id}\t{one.version.why}\n")
    for place in differences(one.before, one.one):
        out(f"  {place.heading}\n")
        out(f"  - {place.before}\n" if place.before else "")
        out(f"  + {place.after}\n" if place.after else "")
    if isinstance(one.one, Held):
        for found in one.one.document.findings:
            out(f"  ! {found.trouble.value}: {found.where}: {found.said}\n")
        for words in unvouched(one.one, office.pack.contacts):
            out(f"  ? held back until an editor allows it: {words}\n")


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be opened: {error.strerror}") from error


def _told(tally: Tally) -> None:
    for what, why in sorted(tally.faults.items()):
        sys.stdout.write(f"{what}\t{why}\n")
    said.print(f"{tally.line()[:1].upper()}{tally.line()[1:]}.")
    if tally.waiting:
        said.print("'askwell sources diff' shows what waits, 'askwell sources approve' puts it to use.")
