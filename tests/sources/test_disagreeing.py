"""Two sources that say different things are found, shown as a card, and decided by an editor; none is merged."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.planted_contradictions import corpus, merged_in, run, word_for_word
from little_council import little_engine, write_pack

from bot.assistant import Assistant
from bot.messages import Incoming, Outcome, Reply
from knowledge.disagreeing.statements import values_in
from knowledge.pack import Pack, load_pack


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It costs £9.", "It costs £9.00."),
        ("Ring 020 8583 2672.", "Ring +44 (0)20 8583 2672."),
        ("From 1 September 2026.", "From 01/09/2026."),
        ("From 1 September 2026.", "From 2026-09-01."),
        ("Within two weeks.", "Within 14 days."),
        ("It opens at 9am.", "It opens at 09:00."),
        ("Come to TW3 3EB.", "Come to TW33EB."),
        ("It is run by the Acorn Trust.", "It is provided by Acorn Trust."),
    ],
)
def test_one_value_in_two_spellings_is_one(one: str, other: str) -> None:
    assert list(values_in(one)) == list(values_in(other)) != []


def test_contradictions_are_found_and_a_clean_corpus_gives_no_card(tmp_path: Path) -> None:
    """The short form of `tests/campaigns/planted_contradictions.py`."""
    told = run(tmp_path, 5, 8)
    assert (told.planted, told.found, told.false) == (5, 5, 0)
    assert told.cards_on_clean == 0 and told.statements == 80


def test_a_finder_that_compares_words_alone_finds_none(tmp_path: Path) -> None:
    """The control."""
    assert run(tmp_path, 2, 8, word_for_word).found == 0


def asked(pack: Pack, question: str) -> Reply:
    return Assistant(little_engine(pack)).reply(Incoming(question)).reply


def test_the_card_shows_both_and_an_editor_drives_it(tmp_path: Path) -> None:
    pack, _ = corpus(tmp_path / "p", 1, 8)
    ((id, found),) = pack.found.items()
    first, second = found.disagreement.one, found.disagreement.other
    question = "who runs the harbour music club?"
    reply = asked(pack, question)
    said = str(reply.body)
    assert reply.outcome is Outcome.CONFLICT and reply.status == f"conflict_{id}"
    assert "Neither is certain" in said and "Acorn" in said and "Bridge" in said
    assert {one.title for one in reply.citations} == {"About the harbour music club"} and len(reply.citations) == 2
    for ruling, shows, hides in (
        (f"{{ruling: settled, keep: '{first.section}', why: asked}}", first.words, second.words),
        ("{ruling: withdrawn, why: asked}", "", first.words),
        ("{ruling: apart, why: two clubs}", "", "Neither is certain"),
    ):
        (tmp_path / "p" / "found.yaml").write_text(f"decisions:\n  {id}: {ruling}\n", encoding="utf-8")
        now = asked(load_pack(tmp_path / "p"), question)
        body = str((now.body, now.more))
        assert shows in body and hides not in body and now.outcome is not Outcome.CONFLICT
    assert first.words in str(load_pack(tmp_path / "p").sections[first.section].text)


def test_no_section_states_both_sides_outside_a_card(tmp_path: Path) -> None:
    """None merged: wherever one of the two is said, it is said in the card that says the other as well."""
    pack, planted = corpus(tmp_path / "p", 3, 4)
    assert len(pack.found) == len(planted) == 6
    assert merged_in(pack) == []


def test_a_pack_without_documents_is_left_as_it_is(tmp_path: Path) -> None:
    assert load_pack(write_pack(tmp_path / "p")).found == {}
