"""Amina's question finds no answer; she asks to hear; an editor writes the text; Amina alone reads it on her page."""

from __future__ import annotations

from pathlib import Path

from small_library import assistant_at
from web_house import app_for, browser_at, hidden

from handoff.database import reading, transaction
from handoff.gaps import tell_of_answer, unanswered

QUESTION = "can my son bring a packed lunch"


def test_who_asked_to_hear_reads_the_answer_on_their_page_once(tmp_path: Path) -> None:
    app = app_for(assistant_at(tmp_path / "pack"), tmp_path / "data")
    office = app.state.site.front.office
    with browser_at(app) as amina, browser_at(app) as ben:
        assert "Tell me if you find an answer" in amina.ask(QUESTION).text
        ben.ask(QUESTION)
        with reading(office.engine) as session:
            asked = unanswered(session, office.desk)
        assert [one.text for one in asked] == [QUESTION, QUESTION]
        for one in asked:
            # Each browser tries both: only the own question counts.
            amina.post("/hear", {**hidden(amina.get("/").text), "answer": one.id})
        assert "We will tell you here, once" in amina.get("/").text
        assert "We will tell you here, once" not in ben.get("/").text
        for _ in range(2):
            with transaction(office.engine) as session:
                for one in asked:
                    tell_of_answer(session, office.desk, one.id, "Bring a packed lunch.", ("clubs#food",), "priya")
        assert amina.get("/").text.count("Bring a packed lunch.") == 1
        assert "Bring a packed lunch." not in ben.get("/").text
