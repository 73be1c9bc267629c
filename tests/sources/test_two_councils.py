"""Two councils in one database, one data folder and one process: through no door does one see anything of the other.

Every door is looked through as Haven and as Ham. In Ham, where it happened, its marks must be found at each: that is the
control, without which "nothing was seen" would say nothing.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from console_house import at, hire
from fastapi import FastAPI
from little_council import little_engine
from papers import document_saying
from sqlalchemy import Engine
from sqlmodel import select
from web_house import browser_at as family_at

from bot import logs
from bot.app import build_front_desk, shelf_of
from bot.assistant import Assistant
from bot.front.handing_over import HandOver
from bot.front_desk import FrontDesk
from bot.messages import Arrived, Incoming
from bot.settings import Settings
from bot.shelf import Shelf
from bot.web.routes import create_app
from handoff import outbox
from handoff.backup import backup
from handoff.cases.naming import status_path
from handoff.cases.ownership import claim
from handoff.cases.replying import reply
from handoff.database import connect, reading, transaction, upgrade
from handoff.desk import Desk
from handoff.documents import BY_RULE, Waiting, approve, propose
from handoff.export import export_person
from handoff.models import AuditEntry, Case, CaseEvent, OfficerRole, Person
from handoff.officers import acting
from handoff.spool import Spool, Spooled
from handoff.switches import Part, turn
from knowledge.new_pack import scaffold
from knowledge.pack import load_pack
from knowledge.sources.holding import Held, Tombstone, as_text

SECRET = "Quintrell"
ASKS = f"what does a judo session cost at {SECRET}?"
SCREENS = (
    *("/officers", "/officers/queues?status=all", "/officers/letters", "/officers/audit", "/officers/settings"),
    *("/officers/knowledge", "/officers/documents", "/officers/documents/doc-judo", "/officers/found"),
)


@dataclass
class Council:
    """One council, served: its desk, its pages, its editor, and a family at its door."""

    name: str
    front: FrontDesk
    shelf: Shelf
    pages: FastAPI
    priya: str

    @property
    def desk(self) -> Desk:
        return self.front.office.desk

    @property
    def engine(self) -> Engine:
        return self.front.office.engine

    def hold(self, one: Held | Tombstone, before: Held | None = None) -> None:
        """Put it to use."""
        was = as_text(before) if before else ""
        with transaction(self.engine) as session:
            row = propose(session, self.desk, one, was, f"Read at {SECRET}")
            approve(session, self.desk, BY_RULE, Waiting(row, one, before), was)
        assert self.shelf.refresh()

    def ask(self, words: str, door: str = "4711") -> str:
        return str(self.front.reply(Arrived("telegram", door, f"{door}:{words}", Incoming(words))))


def served(name: str, folder: Path, records: Engine) -> Council:
    """The council `name` as `askwell serve` wires it, in the data folder that both share."""
    scaffold(folder / name, name.title())
    assistant = Assistant(little_engine(load_pack(folder / name)))
    settings = Settings(data=folder / "data", pack=str(folder / name))
    front = build_front_desk(settings, assistant, records)
    teams = front.office.desk.queues.keys() - {"safeguarding"}
    priya = hire(records, front.office.desk, "Priya Shah", OfficerRole.ADMIN, *teams)
    return Council(name, front, shelf_of(settings, front), create_app(front, settings), priya)


@contextmanager
def pair(folder: Path) -> Iterator[tuple[Council, Council]]:
    """Ham and Haven, wired in one process."""
    records = connect(f"sqlite:///{folder / 'askwell.db'}")
    upgrade(records)
    ham, haven = served("ham", folder, records), served("haven", folder, records)
    try:
        yield ham, haven
    finally:
        for one in (ham, haven):
            one.front.close()
        records.dispose()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Council, Council]]:
    """In Ham much happens; in Haven one family asks one thing."""
    with pair(tmp_path_factory.mktemp("both")) as (ham, haven):
        much_happens(ham)
        haven.ask("what can you help with?")
        yield ham, haven


def judo(fee: str = "£4") -> Held:
    held = document_saying("doc-judo", f"A judo session costs {fee} at {SECRET}.", heading="Judo sessions")
    return replace(held, owner="local_offer", generation="current")


def much_happens(ham: Council) -> None:
    """A document, six questions, a case that is answered by letter, a switch with its reason."""
    ham.hold(judo())
    for door in range(6):
        assert "£4" in ham.ask(ASKS, str(door))
    told = ham.front.hand_over(HandOver("telegram", "0", "k1", "local_offer", f"Please ring me about {SECRET}."))
    with transaction(ham.engine) as session:
        priya = acting(session, ham.desk, ham.priya)
        assert priya is not None
        (case,) = session.exec(select(Case).where(Case.reference == told.reference)).all()
        version = claim(session, ham.desk, priya, case.id, 1).version
        reply(session, ham.desk, priya, case.id, version, f"We met at {SECRET}.", "r1")
        turn(session, ham.desk, Part.INGESTION, off=True, reason=f"Moving to {SECRET}", by=priya.officer_id)


def the_pages(one: Council) -> str:
    priya = at(one.pages)
    return "".join(priya.get(path).text for path in SCREENS)


def the_exports(one: Council) -> str:
    """Each file an officer takes away, and each person's copy."""
    priya = at(one.pages)
    with ZipFile(io.BytesIO(priya.get("/officers/knowledge/export").content)) as texts:
        said = [texts.read(name).decode() for name in texts.namelist()]
    said += [priya.get("/officers/audit.csv").text]
    with reading(one.engine) as session:
        people = session.exec(select(Person.id).where(Person.pack == one.desk.pack)).all()
        said += [json.dumps(export_person(session, one.desk, id)) for id in people]
    return "".join(said)


def the_backup(one: Council) -> str:
    """Every row of the council's backup."""
    file = one.shelf.folder.parent.parent / f"{one.name}-{one.desk.new_id()}.backup"
    backup(one.engine, one.desk, file)
    return file.read_bytes().decode("latin-1")


def the_answers(one: Council) -> str:
    """A family's answer in its chat and on the page; what the ask box finds."""
    found = at(one.pages).press("/officers/knowledge/ask", question="judo sessions").text
    with family_at(one.pages) as family:
        return one.ask("what does judo cost?", "new") + family.ask("what does a judo session cost?").text + found


def the_copies(one: Council) -> str:
    """What is kept to answer quickly: the index in memory, the pack as it is laid out on the disk."""
    files = [file.read_text("utf-8", "replace") for file in one.shelf.folder.rglob("*") if file.is_file()]
    return str(one.front.office.assistant.engine.made.index.passages) + "".join(files)


DOORS: dict[str, Callable[[Council], str]] = {
    "pages": the_pages,
    "exports": the_exports,
    "backup": the_backup,
    "search and answers": the_answers,
    "index and copies": the_copies,
}


@pytest.mark.parametrize("door", DOORS)
def test_what_happened_in_ham_is_at_no_door_of_haven(both: tuple[Council, Council], door: str) -> None:
    ham, haven = both
    assert SECRET in DOORS[door](ham), "the control: in Ham it is there"
    assert SECRET not in DOORS[door](haven)


def test_events_letters_and_live_numbers_are_each_councils_own(both: tuple[Council, Council]) -> None:
    def seen(one: Council) -> tuple[int, int, int, int, bool]:
        with transaction(one.engine) as session:
            letters = len(outbox.take_due(session, one.desk, "a-worker"))
            acts = len(session.exec(select(CaseEvent).where(CaseEvent.pack == one.desk.pack)).all())
            audited = session.exec(select(AuditEntry.number).where(AuditEntry.pack == one.desk.pack)).all()
            session.rollback()
        live = at(one.pages).get("/officers/live.json").json()
        return letters, acts, live["opened"], len(audited), one.front.office.switches.off(Part.INGESTION)

    ham, haven = both
    letters, acts, opened, audited, off = seen(ham)
    assert letters >= 1 and acts >= 3 and opened == 1 and audited > 8 and off
    assert seen(haven)[:3] == (0, 0, 0) and not seen(haven)[4]


def test_reports_count_one_council(both: tuple[Council, Council]) -> None:
    ham, haven = both
    six = re.compile('"Answered","([6-9]|1[0-9])"')
    assert six.search(at(ham.pages).get("/officers/reports/answers.csv").text)
    assert not six.search(at(haven.pages).get("/officers/reports/answers.csv").text)


def test_neither_a_session_nor_a_link_of_ham_opens_anything_in_haven(both: tuple[Council, Council]) -> None:
    ham, haven = both
    with reading(ham.engine) as session:
        (case,) = session.exec(select(Case).where(Case.pack == "ham")).all()
    hers = at(ham.pages)
    assert hers.get(f"/officers/cases/{case.id}").status_code == 200
    theirs = at(haven.pages)
    assert theirs.get(f"/officers/cases/{case.id}").status_code == 404
    theirs.client.cookies = hers.client.cookies
    assert theirs.get("/officers").status_code == 303, "signed in at Ham is a stranger at Haven"
    link = status_path(ham.desk, case.id)
    with family_at(ham.pages) as amina, family_at(haven.pages) as ben:
        assert case.reference in amina.get(link).text
        assert case.reference not in ben.get(link).text


def test_the_log_of_the_process_holds_no_words_of_either(both: tuple[Council, Council]) -> None:
    def logged(*, redact: bool) -> str:
        stream = io.StringIO()
        logs.configure("debug", redact=redact, stream=stream)
        for one in both:
            one.ask(f"who runs the club at {SECRET} in {one.name}?")
            logging.getLogger("some.library").warning("could not read %s of %s", SECRET, one.name)
        return stream.getvalue()

    said = logged(redact=True)
    assert said and SECRET not in said and "haven" not in said
    assert SECRET in logged(redact=False), "the control"


def test_the_same_paper_laid_over_two_packs_is_not_one_pack(tmp_path: Path) -> None:
    with pair(tmp_path) as (ham, haven):
        for one in (ham, haven):
            one.hold(judo())
            assert one.front.office.assistant.engine.pack.council == one.name.title()
        assert haven.shelf.folder != ham.shelf.folder


def test_what_ham_takes_out_haven_still_says(tmp_path: Path) -> None:
    with pair(tmp_path) as (ham, haven):
        for one in (ham, haven):
            one.hold(judo())
        ham.hold(Tombstone("doc-judo", judo().read_on, judo().url, "Closed"), judo())
        assert "£4" not in ham.ask(ASKS) and SECRET not in the_copies(ham)
        assert "£4" in haven.ask(ASKS) and SECRET in the_copies(haven)
        haven.shelf.assistant.engine = replace(haven.shelf.assistant.engine, content=-1)
        assert haven.shelf.refresh() and "£4" in haven.ask(ASKS, "again")


def test_a_cry_for_help_that_waits_on_the_disk_reaches_its_own_council(tmp_path: Path) -> None:
    with pair(tmp_path) as (ham, haven):
        waits = Spooled(
            "telegram", "1", "m1", "my dad hits me", "child_writing", "family", "en", "2026-11-23T10:00:00+00:00"
        )
        ham.front.office.spool.put(waits)
        assert haven.front.sweep() == 0 and ham.front.sweep() >= 1
        with reading(ham.engine) as session:
            assert [one.pack for one in session.exec(select(Case)).all()] == ["ham"]
        shared = Spool(ham.front.office.spool.folder, ham.front.office.spool.keys)
        shared.put(replace(waits, message_id="m2"))
        assert haven.front.sweep() >= 1, "the control: with no council sealed in, whoever is first has it"
