"""What a kept conversation still shows once a document it quotes was taken out: nothing of its words, at no door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from papers import document_saying
from sqlmodel import select
from web_house import Browser, browser_at, front_for

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.messages import Arrived, Incoming, More, Outcome, Paragraph, Reply, Said
from bot.settings import Settings
from bot.shelf import Shelf
from bot.taken_out import without_taken_out
from bot.web.routes import create_app, site_for
from handoff.conversations import Said as Line
from handoff.conversations import latest_at, record
from handoff.database import reading, transaction
from handoff.documents import BY_RULE, Waiting, approve, propose
from handoff.export import export_person
from handoff.gaps import GAP_ANSWERED
from handoff.models import Conversation, Who
from handoff.people import known_address
from knowledge.sources.holding import Held, Tombstone, as_text

ASKS = "what does a judo session cost?"
TOLD = "The page this answer came from was taken out"
STONE = Tombstone("doc-judo", date(2026, 11, 23), "https://littleham.example/doc-judo", "It was wrong")


@dataclass
class Town:
    """Amina's browser, and the desk behind it, which has answered her from a document."""

    front: FrontDesk
    shelf: Shelf
    amina: Browser
    judo: Held

    def take_out(self) -> None:
        office = self.front.office
        with transaction(office.engine) as session:
            row = propose(session, office.desk, STONE, as_text(self.judo), "It was wrong")
            approve(session, office.desk, BY_RULE, Waiting(row, STONE, self.judo), as_text(self.judo))
        assert self.shelf.refresh()

    def everything_shown(self) -> str:
        """Each page and answer that shows what was said before."""
        again = self.front.reply(Arrived("telegram", "4711", "1", Incoming(ASKS)))
        pages = ("/", "/turns", "/turns?seen=0", "/email-answer?answer=1", "/memory")
        return str(again) + "".join(self.amina.get(page).text for page in pages)


@pytest.fixture
def town(little_assistant: Assistant, tmp_path: Path) -> Iterator[Town]:
    front = front_for(little_assistant, tmp_path)
    office = front.office
    judo = document_saying("doc-judo", "A judo session costs £4 at Quintrell.", heading="Judo sessions")
    with transaction(office.engine) as session:
        row = propose(session, office.desk, judo, "", "Read")
        approve(session, office.desk, BY_RULE, Waiting(row, judo, None), "")
    shelf = Shelf(office.engine, office.desk, office.assistant, tmp_path / "content")
    assert shelf.refresh()
    with browser_at(create_app(front, site=site_for(front, Settings(data=tmp_path)))) as amina:
        yield Town(front, shelf, amina, judo)
    front.close()
    office.engine.dispose()


def test_no_page_and_no_repeated_message_gives_the_words_of_what_was_taken_out(town: Town) -> None:
    town.amina.ask(ASKS)
    before = town.everything_shown()
    assert before.count("Quintrell") >= 3, "the control: each of them shows the words while they are in use"
    town.take_out()
    after = town.everything_shown()
    assert "Quintrell" not in after and "£4" not in after
    page = town.amina.get("/").text
    assert TOLD in page and ASKS in page, "what she asked is hers, and stays"
    assert "Did this help" not in page
    assert "Quintrell" not in town.amina.ask(ASKS).text


def test_an_answer_that_was_sent_later_goes_too(town: Town) -> None:
    town.amina.ask("can my son bring a lunch")
    desk = town.front.office.desk
    with transaction(town.front.office.engine) as session:
        talk = session.exec(select(Conversation)).one()
        told = Line(
            Who.ASSISTANT, "It costs £4 at Quintrell.", status=GAP_ANSWERED, sections=("doc-judo#judo-sessions",)
        )
        record(session, desk, talk, told)
    assert "Quintrell" in town.amina.get("/").text
    town.take_out()
    page = town.amina.get("/").text
    assert "Quintrell" not in page and TOLD in page


def test_the_persons_own_copy_keeps_what_they_were_told(town: Town) -> None:
    """It is the record of what the council said to them: they may need it, and it is shown to nobody else."""
    town.front.reply(Arrived("telegram", "4711", "1", Incoming(ASKS)))
    town.take_out()
    office = town.front.office
    with reading(office.engine) as session:
        door = known_address(session, office.desk, "telegram", "4711")
        assert door is not None and latest_at(session, office.desk, door) is not None
        assert "Quintrell" in json.dumps(export_person(session, office.desk, door.person_id))


def test_of_an_answer_from_several_pages_only_the_part_goes(town: Town) -> None:
    reply = town.front.reply(Arrived("telegram", "4711", "1", Incoming(ASKS)))
    (cited,) = reply.citations
    clubs = replace(cited, number=1, source="clubs", url="https://littleham.example/clubs")
    said = (Paragraph((Said("Clubs are for children aged 8 to 12.", (1,)),)),)
    part = More("Judo", (Paragraph((Said("It costs £4 at Quintrell.", (2,)),)),))
    both = Reply(Outcome.ANSWER, "answered", body=said, more=(part,), citations=(clubs, replace(cited, number=2)))
    phrases = town.front.office.assistant.engine.pack.phrases
    left = without_taken_out(both, {"doc-judo": STONE}, phrases)
    assert left.body == said and left.more == () and left.citations == (clubs,)
    assert "part of this answer was taken out" in " ".join(left.notes)
    assert without_taken_out(both, {}, phrases) is both
    older = replace(reply, section=None, citations=(replace(cited, source=""),))
    assert without_taken_out(older, {"doc-judo": STONE}, phrases).body == ()
