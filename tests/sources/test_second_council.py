"""Nothing is Hounslow's alone: a scaffolded council answers, its Local Offer is judged, and two never meet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from databases import desk_at
from little_council import little_engine
from papers import document_saying
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import select

from bot.assistant import Assistant
from bot.health_report import as_csv, as_html
from bot.messages import Incoming, Outcome
from bot.shelf import Shelf
from handoff.content import apply_draft, history, in_use
from handoff.database import connect, reading, transaction, upgrade
from handoff.desk import Desk
from handoff.documents import BY_RULE, in_the_pack, note, propose, waiting, watches
from handoff.models import AuditEntry
from knowledge.check import check_pack
from knowledge.local_offer import Line, checklist, health
from knowledge.new_pack import scaffold
from knowledge.pack import load_pack
from knowledge.sources.holding import Shelf as Held
from knowledge.sources.holding import path_of

SECRET = "Quintrell"


def test_a_new_pack_is_sound_and_says_nothing_of_hounslow(tmp_path: Path) -> None:
    scaffold(tmp_path / "littlehaven", "Littlehaven", "www.littlehaven.example")
    pack = load_pack(tmp_path / "littlehaven")
    assert [str(problem) for problem in check_pack(pack)] == []
    own = [file for file in (tmp_path / "littlehaven").glob("*") if file.is_file() and file.name != "safeguarding.yaml"]
    assert not any("ounslow" in file.read_text("utf-8") for file in own)
    assert list(pack.following.sites) == ["www.littlehaven.example"]
    assistant = Assistant(little_engine(pack))
    assert assistant.reply(Incoming("what can you help with?")).reply.outcome is Outcome.ANSWER
    assert assistant.reply(Incoming("my dad hits me")).reply.outcome is Outcome.SAFEGUARD


@pytest.mark.parametrize("wrong", ["", "1", "../x", "<b>"])
def test_a_name_that_is_none_makes_nothing(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="name"):
        scaffold(tmp_path / "p", wrong)
    assert not (tmp_path / "p").exists()
    (tmp_path / "there").mkdir()
    with pytest.raises(ValueError, match="already"):
        scaffold(tmp_path / "there", "Littlehaven")


@dataclass
class Two:
    """Two councils on one database: Ham has a document with a secret, Haven has none."""

    engine: Engine
    ham: Desk
    haven: Desk
    ham_answers: Assistant
    haven_answers: Assistant
    shelves: tuple[Shelf, Shelf]
    folder: Path


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    engine = connect(f"sqlite:///{tmp_path / 'askwell.db'}")
    upgrade(engine)
    made = []
    for name in ("ham", "haven"):
        scaffold(tmp_path / name, name.title())
        assistant = Assistant(little_engine(load_pack(tmp_path / name)))
        desk = desk_at(tmp_path / f"{name}-desk", Clock())
        desk = Desk(
            pack=name, vault=desk.vault, queues=dict(assistant.engine.pack.queues), now=desk.now, new_id=desk.new_id
        )
        made.append(
            (desk, assistant, Shelf(engine, desk, assistant, tmp_path / f"{name}-content", tmp_path / f"{name}-v"))
        )
    (ham, ham_answers, one), (haven, haven_answers, other) = made
    try:
        yield Two(engine, ham, haven, ham_answers, haven_answers, (one, other), tmp_path)
    finally:
        engine.dispose()


def test_one_councils_documents_are_nowhere_in_the_others(two: Two) -> None:
    held = document_saying("doc-judo", f"A judo session costs £4 at {SECRET}.", heading="Judo sessions")
    held = type(held)(**{**held.__dict__, "owner": "local_offer", "generation": "current"})
    with transaction(two.engine) as session:
        row = propose(session, two.ham, held, "", f"Read at {SECRET}")
        note(session, two.ham, held.id, f"https://ham.example/{SECRET}")
        apply_draft(session, two.ham, BY_RULE, row.id, "")
    assert [shelf.refresh() for shelf in two.shelves] == [True, False]
    question = Incoming(f"what does a judo session cost at {SECRET}?")
    assert "£4" in str(two.ham_answers.reply(question).reply.body), "the control: Ham itself answers from it"
    seen = [str(two.haven_answers.reply(question).reply.body), str(two.haven_answers.engine.made.index.passages)]
    nothing = Held({}, {})
    with reading(two.engine) as session:
        seen += [str(in_use(session, two.haven)), str(history(session, two.haven, "document:doc-judo"))]
        seen += [str(waiting(session, two.haven, nothing)), str(in_the_pack(session, two.haven, nothing))]
        seen += [str(watches(session, two.haven))]
        seen += [str(session.exec(select(AuditEntry).where(AuditEntry.pack == "haven")).all())]
        assert SECRET in str(in_use(session, two.ham)) + str(watches(session, two.ham))
    seen += [file.read_text("utf-8", "replace") for file in (two.folder / "haven-content").rglob("*") if file.is_file()]
    seen += [file.read_text("latin-1") for file in (two.folder / "haven-v").rglob("*") if file.is_file()]
    assert not any(SECRET in one for one in seen)
    with pytest.raises(KeyError):
        two.shelves[1].text_of(path_of("doc-judo"))


def test_the_health_of_a_local_offer_as_lines_html_and_csv(tmp_path: Path) -> None:
    scaffold(tmp_path / "haven", "Haven")
    article = tmp_path / "haven" / "articles" / "more.md"
    article.write_text(
        "---\nid: more\ntitle: Travel\naudience: [family]\ntopics: [travel]\nqueue: send\n---\n\n## School transport {#bus}\n\n"
        "```yaml\nasked_as: [a, b, c]\n```\n\nThe XYZ panel decides on transport to school. [old]\n",
        encoding="utf-8",
    )
    with (tmp_path / "haven" / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  old:\n    url: https://haven.example/bus\n    title: =Buses\n    generation: older\n    review_by: 2026-01-02\n"
        )
    pack = load_pack(tmp_path / "haven")
    lines = health(pack, date(2026, 11, 26), {"https://haven.example/bus": "404"})

    def said(what: str) -> Line:
        return next(line for line in lines if line.what == what)

    assert said("Travel to school and college").state in ("good", "look")
    assert said("Pupil referral units").state == "missing"
    assert said("https://haven.example/bus").said == "It was not read: 404"
    assert said("=Buses").said == "328 days past its review date"
    assert "not explained in 1 place" in said("XYZ").said
    rows = list(csv.reader(io.StringIO(as_csv(lines))))
    assert len(rows) == len(lines) + 1 and not any(cell.startswith("=") for row in rows for cell in row)
    page = as_html(lines, "Haven & <b>", date(2026, 11, 26))
    assert (
        "Haven &amp; &lt;b&gt;" in page
        and "<script" not in page
        and page.count("<h2>") == len({one.part for one in lines}) + 1
    )


def test_each_line_of_the_law_says_where_it_was_read_and_what_was_not_read_is_named() -> None:
    law = checklist()
    assert {line["seen"] for line in law["lines"]} <= law["seen"].keys()
    cited = " ".join(line["law"] for line in law["lines"])
    for place in (*"abcdefgh", *(f"3({one})" for one in "abcd"), *(f"5({one})" for one in "abcdefghij"), "15", "17"):
        assert f"Schedule 2, {f'1({place})' if len(place) == 1 else place}" in cited
    assert "4, 6 to 14, 16 and 18" in law["not_judged"]
