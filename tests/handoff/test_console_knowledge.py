"""O7: sources with their state, the ask box, and texts that officers change, applied without a restart."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from console_house import Browser, app_for, at, hire, words
from fastapi import FastAPI
from little_council import little_engine
from small_library import CONFLICTS, assistant_at, small_library
from sqlalchemy import Engine

from bot.assistant import Assistant
from bot.messages import Incoming
from bot.shelf import Shelf
from handoff.content import ContentError, apply_draft, draft
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import OfficerRole
from handoff.rights import Acting
from handoff.switches import Part, turn
from knowledge.pack import load_pack

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
AGES = "/officers/knowledge/texts/clubs/ages"


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return assistant_at(tmp_path / "pack", **{"conflicts.yaml": CONFLICTS})


@pytest.fixture
def app(engine: Engine, desk: Desk, assistant: Assistant, tmp_path: Path) -> FastAPI:
    hire(engine, desk, "Priya", OfficerRole.EDITOR, "send")
    hire(engine, desk, "Ben", OfficerRole.OFFICER, "send")
    return app_for(engine, desk, library=small_library(engine, desk, assistant, tmp_path))


def said(assistant: Assistant, question: str) -> str:
    return " ".join(paragraph.text for paragraph in assistant.reply(Incoming(question)).reply.body)


def edit(browser: Browser, old: str, new: str, page: str = AGES) -> str:
    """Keep a draft with one change; the address of its page."""
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", browser.get(page).text, re.DOTALL)
    assert shown and old in shown[1]
    kept = browser.press(page, text=unescape(shown[1]).replace(old, new), why="The page changed")
    assert kept.status_code == 303, words(kept)
    return str(kept.headers["location"])


def test_every_source_is_listed_with_its_state_the_worst_first(app: FastAPI) -> None:
    page = words(at(app).get("/officers/knowledge"))
    assert page.index("Bus fares Stale") < page.index("Holiday clubs In conflict") < page.index("own note Unchecked")
    only = words(at(app).get("/officers/knowledge?state=stale"))
    assert "Bus fares" in only and "Holiday clubs" not in only


def test_marking_a_source_as_checked_shows_in_the_next_answer(app: FastAPI, assistant: Assistant) -> None:
    priya, one = at(app), "/officers/knowledge/sources/clubs"
    assert "Ages for the holiday clubs" in words(priya.get(one)) and "Shown under 5 times" in words(priya.get(one))
    assert priya.press(f"{one}/check", on=one, updated="2 November 2026").status_code == 303
    citation = assistant.reply(Incoming("how old for holiday club")).reply.citations[0]
    assert (str(citation.checked), citation.page_updated) == ("2026-11-23", "2 November 2026")
    assert "Compared with the live page" in words(priya.get(one)) and "23 Nov 2026 by Priya" in words(priya.get(one))


def test_the_ask_box_shows_the_answer_the_passages_and_the_rule(app: FastAPI) -> None:
    ben, ask = at(app, "ben"), "/officers/knowledge/ask"
    found = words(ben.press(ask, question="how old for holiday club"))
    assert "A text answers. The best text reached" in found and "children aged 8 to 12" in found and "meaning" in found
    lost = words(ben.press(ask, question="the weather on the moon tomorrow"))
    assert "No text is near enough" in lost and "is needed" in lost
    assert "Words about someone at risk" in words(ben.press(ask, question="my dad hits me"))
    hidden = words(ben.press(ask, question="which clubs? ring me on 07700 900123"))
    assert "Looked up as which clubs? ring me on [" in hidden
    assert ben.press(ask, question=" ").status_code == 422


def test_a_changed_text_is_previewed_then_answers_without_a_restart_and_leaves_as_a_file(
    app: FastAPI, assistant: Assistant, tmp_path: Path
) -> None:
    priya = at(app)
    draft = edit(priya, "aged 8 to 12", "aged 7 to 12")
    shown = words(priya.get(draft))
    assert "how old for holiday club" in shown and "answered differently" in shown and "aged 7 to 12" in shown
    assert "aged 8 to 12" in said(assistant, "how old for holiday club")
    assert priya.press(f"{draft}/apply", on=draft).status_code == 303
    assert "aged 7 to 12" in said(assistant, "how old for holiday club")
    packed = zipfile.ZipFile(io.BytesIO(priya.get("/officers/knowledge/export").content))
    assert packed.namelist() == ["articles/clubs.md"]
    # Laid over the pack's own folder, the files say the same to a service that has never seen the database.
    packed.extractall(tmp_path / "pack")
    assert "aged 7 to 12" in said(Assistant(little_engine(load_pack(tmp_path / "pack"))), "how old for holiday club")


def test_another_process_takes_the_change_in(app: FastAPI, engine: Engine, desk: Desk, tmp_path: Path) -> None:
    other = assistant_at(tmp_path / "pack")
    shelf = Shelf(engine, desk, other, tmp_path / "theirs")
    assert shelf.refresh() is False
    priya = at(app)
    draft = edit(priya, "aged 8 to 12", "aged 7 to 12")
    priya.press(f"{draft}/apply", on=draft)
    assert shelf.refresh() is True and shelf.refresh() is False
    assert "aged 7 to 12" in said(other, "how old for holiday club")


def test_a_text_with_a_fault_is_never_put_to_use(app: FastAPI, assistant: Assistant) -> None:
    priya = at(app)
    draft = edit(priya, "children aged 8 to 12. [clubs]", "children aged 8 to 12. [nowhere]")
    assert "It cannot be put to use yet" in words(priya.get(draft)) and "nowhere" in words(priya.get(draft))
    assert "Put it to use" not in priya.get(draft).text
    assert priya.press(f"{draft}/apply", on=draft).status_code == 409
    assert "aged 8 to 12" in said(assistant, "how old for holiday club")
    lost = priya.press(AGES, text="## Ages {#other}\n\nGone.", why="x")
    assert lost.status_code == 422 and "Gone." in lost.text
    assert priya.press(AGES, text="## A {#ages}\n\nx [clubs]", why=" ").status_code == 422


def test_a_new_text_answers_what_nothing_answered(app: FastAPI, assistant: Assistant) -> None:
    priya, question = at(app), "can my son bring a packed lunch"
    assert "packed lunch" not in said(assistant, question)
    text = (
        "## Food at the clubs {#food}\r\n\r\n```yaml\r\nasked_as:\r\n  - can my son bring a packed lunch\r\n"
        "  - is there food at the club\r\n  - do they give lunch\r\n```\r\n\r\nBring a packed lunch. [clubs]\r\n"
    )
    kept = priya.press("/officers/knowledge/texts/clubs/new", text=text, why="Asked for often")
    draft = str(kept.headers["location"])
    assert "Food at the clubs" in words(priya.get(draft))
    assert priya.press(f"{draft}/apply", on=draft).status_code == 303
    assert "Bring a packed lunch." in said(assistant, question)
    assert "Asked for often" in words(priya.get("/officers/knowledge/texts/clubs/food"))


def test_two_editors_never_undo_each_other_unseen(app: FastAPI, assistant: Assistant) -> None:
    priya = at(app)
    first, second = edit(priya, "aged 8 to 12", "aged 7 to 12"), edit(priya, "two leaders", "three leaders")
    assert priya.press(f"{first}/apply", on=first).status_code == 303
    late = priya.press(f"{second}/apply", on=second)
    assert late.status_code == 409 and "A colleague changed this text meanwhile" in words(late)
    assert "two leaders" in said(assistant, "how old for holiday club")
    assert priya.press(f"{second}/drop", on=second).status_code == 303


def test_who_may_not_edit_reads_and_changes_nothing(app: FastAPI) -> None:
    priya, ben = at(app), at(app, "ben")
    draft = edit(priya, "aged 8 to 12", "aged 7 to 12")
    token = ben.form_token("/officers/two-steps")
    assert "aged 8 to 12" in ben.get(AGES).text and "<textarea" not in ben.get(AGES).text
    for act in (AGES, f"{draft}/apply", f"{draft}/drop", "/officers/knowledge/sources/clubs/check"):
        assert ben.post(act, {"form_token": token, "text": "x", "why": "x"}).status_code == 403
    assert ben.get("/officers/knowledge/texts/clubs/new").status_code == 403
    assert ben.get("/officers/knowledge/texts/clubs/nowhere").status_code == 404


def test_while_taking_in_is_switched_off_nothing_is_put_to_use(app: FastAPI, engine: Engine, desk: Desk) -> None:
    priya = at(app)
    draft = edit(priya, "aged 8 to 12", "aged 7 to 12")
    with transaction(engine) as session:
        turn(session, desk, Part.INGESTION, off=True, reason="A wrong date came in", by="ada")
    refused = priya.press(f"{draft}/apply", on=draft)
    assert refused.status_code == 409 and "Taking in new text is switched off" in words(refused)


def test_a_teams_hours_are_changed_as_a_file_and_every_room_follows(app: FastAPI, engine: Engine, desk: Desk) -> None:
    hire(engine, desk, "Ada", OfficerRole.ADMIN, "send")
    ada = at(app, "ada")
    draft = edit(ada, "{name: SEN team,", "{name: Plans team,", "/officers/settings/files/queues")
    assert desk.queues["send"].name == "SEN team"
    assert ada.press(f"{draft}/apply", on=draft).status_code == 303
    assert desk.queues["send"].name == "Plans team" and "Plans team" in words(ada.get("/officers/settings"))
    assert ada.get("/officers/settings/files/secrets").status_code == 404


def test_rules_are_put_to_use_by_a_second_person(app: FastAPI, engine: Engine, desk: Desk) -> None:
    priya = hire(engine, desk, "Ada", OfficerRole.ADMIN, "send")
    lena = hire(engine, desk, "Lena", OfficerRole.EDITOR, "send")
    first, second = (Acting(id, OfficerRole.EDITOR, frozenset()) for id in (priya, lena))
    with transaction(engine) as session:
        made = draft(session, desk, first, "rules/mip.yaml", "a: 1\n", "", "Approved by the board")
    with pytest.raises(ContentError, match="second person"), transaction(engine) as session:
        apply_draft(session, desk, first, made.id, "")
    with transaction(engine) as session:
        assert apply_draft(session, desk, second, made.id, "").number == 1
