"""Saved replies with their sources, and a look at a reply before it is sent."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from re import search

import pytest
from console_house import Browser, app_for, ask_for_a_person, at, hire, words
from small_library import assistant_at, small_library
from sqlalchemy import Engine

from handoff.database import reading
from handoff.desk import Desk
from handoff.models import Case, OfficerRole

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
REPLIES = "ages: {title: How old for the clubs, sources: [clubs], text: Clubs are for children from 8.}\n"


@pytest.fixture
def priya(engine: Engine, desk: Desk, tmp_path: Path) -> Browser:
    hire(engine, desk, "Priya", OfficerRole.OFFICER, "send")
    assistant = assistant_at(tmp_path / "pack", **{"replies.yaml": REPLIES})
    return at(app_for(engine, desk, library=small_library(engine, desk, assistant, tmp_path)))


@pytest.fixture
def reply(engine: Engine, desk: Desk, priya: Browser) -> str:
    """The address of the reply page of a case that Priya has taken."""
    case = ask_for_a_person(engine, desk)
    priya.press(f"/officers/cases/{case.id}/take", on=f"/officers/cases/{case.id}", version="1")
    return f"/officers/cases/{case.id}/reply"


def box(page: str) -> str:
    found = search(r'<textarea id="text"[^>]*>([^<]*)</textarea>', page)
    assert found
    return unescape(found[1])


def test_a_saved_reply_is_put_below_what_was_written_with_the_page_it_stands_on(priya: Browser, reply: str) -> None:
    page = priya.press(reply, text="Hello Amina.", do="saved:ages", version="2", key="k").text
    assert box(page) == "Hello Amina.\n\nClubs are for children from 8.\n\nhttps://littleham.example/clubs"
    assert box(priya.press(reply, text="Hello.", do="saved:nothing", version="2", key="k").text) == "Hello."


def test_a_look_shows_it_as_the_family_does_says_what_is_hard_and_sends_nothing(
    engine: Engine, priya: Browser, reply: str
) -> None:
    hard = "Notwithstanding " + "considerable administrative deliberation " * 8 + "regarding Oluwaseun Adebayo."
    page = words(priya.press(reply, text=hard, do="look", version="2", key="k"))
    assert "As the family sees it" in page and "Two short ones are easier" in page and "school grade" in page
    easy = words(priya.press(reply, text="We read your note. We will ring you.", do="look", version="2", key="k"))
    assert "It is short and easy to read" in easy
    with reading(engine) as session:
        assert session.get_one(Case, ("littleham", reply.split("/")[3])).answered_at is None


def test_personal_details_are_pointed_out_before_it_is_sent(priya: Browser, reply: str) -> None:
    said = words(priya.press(reply, text="Ring me on 07700 900123.", do="look", version="2", key="k"))
    assert "look like personal details: 07700 900123" in said
