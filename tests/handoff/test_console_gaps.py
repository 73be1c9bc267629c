"""O8 and F12: what was not answered, in groups; mended, asked again, and told of once to those who asked to hear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from console_house import app_for, ask_for_a_person, at, hire, words
from fastapi import FastAPI
from small_gaps import ask
from small_library import assistant_at, small_library
from sqlalchemy import Engine
from sqlmodel import select

from bot.assistant import Assistant
from handoff.conversations import conversation_for, recent
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import erase
from handoff.feedback import is_read, say_if_it_helped
from handoff.gaps import ask_to_hear, settle, unanswered, waiting_to_hear
from handoff.letters import BODY
from handoff.models import AuditEntry, Helped, OfficerRole, OutboxMessage, Settled
from handoff.people import address_for

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
QUESTION = "can my son bring a packed lunch"
TEXT = (
    "## Food at the clubs {#food}\n\n```yaml\nasked_as:\n  - can my son bring a packed lunch\n"
    "  - is there food at the club\n  - do they give lunch\n```\n\nBring a packed lunch. [clubs]\n"
)


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return assistant_at(tmp_path / "pack")


@pytest.fixture
def app(engine: Engine, desk: Desk, assistant: Assistant, tmp_path: Path) -> FastAPI:
    hire(engine, desk, "Priya", OfficerRole.EDITOR, "send")
    hire(engine, desk, "Ben", OfficerRole.OFFICER, "send")
    return app_for(engine, desk, library=small_library(engine, desk, assistant, tmp_path))


def person(engine: Engine, desk: Desk, door: str) -> str:
    with transaction(engine) as session:
        return address_for(session, desk, "web", door).person_id


def wants_to_hear(engine: Engine, desk: Desk, door: str, id: str) -> bool:
    with transaction(engine) as session:
        return ask_to_hear(session, desk, address_for(session, desk, "web", door).person_id, id)


def told(engine: Engine, desk: Desk, door: str) -> list[str]:
    with transaction(engine) as session:
        chat = conversation_for(session, desk, address_for(session, desk, "web", door))
        return [line.text for line in recent(session, desk, chat.id) if line.status == "gap_answered"]


def test_a_gap_is_mended_asked_again_and_exactly_those_who_asked_to_hear_are_told_once(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    """The seeded journey: four families ask, two want to hear."""
    asked = {door: ask(engine, desk, door, QUESTION) for door in ("amina", "bilal", "cara", "dan")}
    assert wants_to_hear(engine, desk, "amina", asked["amina"]) and wants_to_hear(engine, desk, "bilal", asked["bilal"])
    assert wants_to_hear(engine, desk, "amina", asked["amina"])
    priya = at(app)
    listed = priya.get("/officers/gaps")
    address = re.search(r"/officers/gaps/[0-9a-z-]+", listed.text)
    assert address and QUESTION in words(listed) and " 4 4 0 0" in words(listed)
    gap = address[0]
    assert "Tell 2 people who asked to hear" in words(priya.get(gap))
    assert "0 of 4 find an answer now" in words(priya.press(f"{gap}/again", on=gap))
    early = priya.press(f"{gap}/tell", on=gap)
    assert early.status_code == 409 and told(engine, desk, "amina") == []
    form = priya.get(f"/officers/knowledge/texts/clubs/new?gap={gap.rsplit('/', 1)[1]}")
    assert QUESTION in form.text
    draft = str(priya.press("/officers/knowledge/texts/clubs/new", text=TEXT, why="A gap").headers["location"])
    assert priya.press(f"{draft}/apply", on=draft).status_code == 303
    assert "4 of 4 find an answer now" in words(priya.press(f"{gap}/again", on=gap))
    token = priya.form_token("/officers/two-steps")
    assert priya.post(f"{gap}/tell", {"form_token": token}).status_code == 303
    assert priya.post(f"{gap}/tell", {"form_token": token}).status_code == 404
    assert [len(told(engine, desk, door)) for door in asked] == [1, 1, 0, 0]
    assert "Bring a packed lunch." in told(engine, desk, "amina")[0]
    assert QUESTION not in words(priya.get("/officers/gaps"))
    with reading(engine) as session:
        assert waiting_to_hear(session, desk, list(asked.values())) == set()
        entries = session.exec(select(AuditEntry).where(AuditEntry.kind == "gap")).all()
        assert sorted(entry.act for entry in entries) == ["gap_answered", "gap_told", "gap_told"]


def test_a_letter_to_who_asked_to_hear_says_nothing_of_what_they_asked(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    at_the_door = "amina@example.org"
    id = ask(engine, desk, at_the_door, "how old for holiday club", channel="email")
    for door in ("bilal", "cara"):
        ask(engine, desk, door, "how old for holiday club")
    bilal = person(engine, desk, "bilal")
    with transaction(engine) as session:
        assert not ask_to_hear(session, desk, bilal, id)
        assert ask_to_hear(session, desk, address_for(session, desk, "email", at_the_door).person_id, id)
    priya = at(app)
    gap = re.search(r"/officers/gaps/[0-9a-z-]+", priya.get("/officers/gaps").text)
    assert gap and priya.press(f"{gap[0]}/tell", on=gap[0]).status_code == 303
    with reading(engine) as session:
        (letter,) = session.exec(select(OutboxMessage)).all()
        body = desk.open(letter.person_id, letter.sealed_body, BODY)
    assert "We have an answer now" in body and "club" not in body


def test_what_few_ask_is_counted_and_shown_to_nobody(app: FastAPI, engine: Engine, desk: Desk) -> None:
    for door in ("amina", "bilal"):
        ask(engine, desk, door, "does Zayn of Elm Road get a taxi")
        ask(engine, desk, door, "does Zayn of Elm Road get a taxi")
    page = words(at(app).get("/officers/gaps"))
    assert "Zayn" not in page and "4 more questions were asked by fewer than 3 people each" in page


def test_who_may_be_at_risk_and_who_was_erased_is_in_no_gap(app: FastAPI, engine: Engine, desk: Desk) -> None:
    for door in ("amina", "bilal", "cara", "dan", "eve"):
        ask(engine, desk, door, QUESTION)
    ask_for_a_person(engine, desk, "amina", urgent="abuse")
    with transaction(engine) as session:
        erase(session, desk, address_for(session, desk, "web", "bilal").person_id, by="family")
    with reading(engine) as session:
        assert len(unanswered(session, desk)) == 3


def test_an_answer_that_did_not_help_is_a_gap_too_and_looking_says_that_somebody_reads(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    for door, helped in (("amina", Helped.NO), ("bilal", Helped.PARTLY), ("cara", Helped.NO), ("dan", Helped.YES)):
        id = ask(engine, desk, door, "how old for holiday club", outcome="answer")
        with transaction(engine) as session:
            assert say_if_it_helped(session, desk, "web", id, helped)
    desk.now.move(days=15)  # type: ignore[attr-defined]
    with reading(engine) as session:
        assert not is_read(session, desk)
    assert "3 0 1 2" in words(at(app).get("/officers/gaps"))
    with reading(engine) as session:
        assert is_read(session, desk)


def test_words_become_one_more_way_to_ask_or_are_not_ours(app: FastAPI, engine: Engine, desk: Desk) -> None:
    for door in ("amina", "bilal", "cara"):
        ask(engine, desk, door, "youngest year for playscheme thing")
    priya = at(app)
    gap = re.search(r"/officers/gaps/[0-9a-z-]+", priya.get("/officers/gaps").text)
    assert gap
    assert priya.press(f"{gap[0]}/link", on=gap[0]).status_code == 422
    kept = priya.press(f"{gap[0]}/link", on=gap[0], section="clubs#ages")
    assert kept.status_code == 303
    assert "youngest year for playscheme thing" in words(priya.get(str(kept.headers["location"])))
    assert priya.press(f"{gap[0]}/not-ours", on=gap[0]).status_code == 303
    assert "youngest year" not in words(priya.get("/officers/gaps"))


def test_ben_sees_no_gap(app: FastAPI, engine: Engine, desk: Desk) -> None:
    ask(engine, desk, "amina", QUESTION)
    ben = at(app, "ben")
    assert ben.get("/officers/gaps").status_code == 403 and "Gaps" not in ben.get("/officers").text


def gaps_listed(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/officers/gaps/[0-9a-z-]+", page)))


def test_two_gaps_an_editor_puts_together_are_one_and_a_small_group_never_appears_that_way(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    for door in ("amina", "bilal", "cara"):
        ask(engine, desk, door, "is there a playscheme zq")
        ask(engine, desk, door, "holiday thing wx for him")
    for door in ("dan", "eve"):
        few = ask(engine, desk, door, "does Zayn of Elm Road get a taxi")
    priya = at(app)
    first, second = gaps_listed(priya.get("/officers/gaps").text)
    other = second.rsplit("/", 1)[1]
    assert priya.press(f"{first}/merge", on=first, other=few).status_code == 422
    assert priya.press(f"{first}/merge", on=first, other=other).headers["location"].endswith("merged")
    page = priya.get("/officers/gaps")
    assert len(gaps_listed(page.text)) == 1 and " 3 6 0 0" in words(page) and "Zayn" not in words(page)
    whole = words(priya.get(gaps_listed(page.text)[0]))
    assert "playscheme zq" in whole and "holiday thing wx" in whole


def test_what_was_answered_stands_in_the_draft_of_you_said_we_did_and_small_groups_do_not(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    lena = hire(engine, desk, "Lena", OfficerRole.LEAD, "send")
    with transaction(engine) as session:
        settle(session, desk, [f"q{number}" for number in range(6)], Settled.ANSWERED, lena, "clubs#ages")
        settle(session, desk, ["few"], Settled.ANSWERED, lena, "fares#price")
        settle(session, desk, ["x"], Settled.NOT_OURS, lena)
    page = at(app, "lena").get("/officers/reports")
    said = words(page).split("You said, we did", 1)[1]
    assert (
        "Ages for the holiday clubs" in said
        and " 6 " in said
        and 'href="/officers/knowledge/texts/clubs/ages"' in page.text
    )
    assert "fares" not in page.text
    assert '"Ages for the holiday clubs","6"' in at(app, "lena").get("/officers/reports/said.csv").text
