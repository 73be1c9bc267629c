"""Where two pages differ: settled, open and withdrawn, in a small council and in all of Hounslow's pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from little_council import LITTLE, little_engine, write_pack

from bot.answers import compose, further_sections
from bot.assistant import Assistant
from bot.batch import converse
from bot.messages import Incoming, Outcome
from bot.plain import as_text
from bot.turn import Turn
from knowledge.article import Passage
from knowledge.check import check_pack
from knowledge.conflicts import Conflict, State
from knowledge.facts import fact_places
from knowledge.pack import Pack, PackError, load_pack, pack_folder
from knowledge.problems import Problem
from retrieval.hits import Hit

HOUNSLOW = load_pack(pack_folder("hounslow"))
CONFLICTS = HOUNSLOW.conflicts.by_id
FARE = "A child's fare was £1.20. [fares] Buses run every day. [fares]"
OPEN = """
conflicts:
  C1:
    about: the bus fare
    differ_in: fee
    state: open
    older: {says: "An old page says £1.20.", pages: [fares]}
    newer: {says: "A newer page says £1.50.", pages: [clubs]}
    which: The second is newer.
    owner: clubs
"""
SETTLED = """
conflicts:
  C1:
    about: the bus fare
    differ_in: fee
    state: settled
    older: {says: The fare was £1.20., pages: [fares], words: '£1\\.20'}
    newer: {says: The fare is £1.50., pages: [clubs]}
    owner: clubs
    sections: [fares#fare]
"""


def council(folder: Path, conflicts: str, fare: str, block: str = "") -> Pack:
    """The little council, with its conflicts, the words of its fare and a line for its block."""
    fares = LITTLE["articles/fares.md"].replace(FARE, fare)
    fares = fares.replace("asked_as: [how much is the bus", f"{block}asked_as: [how much is the bus")
    sources = LITTLE["sources.yaml"].replace("    review_by: 2026-11-22\n", "")
    return load_pack(
        write_pack(folder, **{"conflicts.yaml": conflicts, "articles/fares.md": fares, "sources.yaml": sources})
    )


def faults(pack: Pack) -> list[str]:
    return [problem.message for problem in check_pack(pack)]


def test_an_open_conflict_is_a_card_with_both_statements_their_dates_and_the_owner(tmp_path: Path):
    pack = council(tmp_path / "p", OPEN, "Two pages differ. [askwell]\n\nRing {phone:clubs}. [clubs]", "conflict: C1\n")
    assert faults(pack) == []
    reply = converse(Assistant(little_engine(pack)), [Incoming("how much is the bus")])
    said = [paragraph.text for paragraph in reply.body]
    assert (reply.outcome, reply.status) == (Outcome.CONFLICT, "conflict_C1")
    assert said == [
        "Two pages differ.",
        "An old page says £1.20. Page date: not known.",
        "A newer page says £1.50. Page date: 1 September 2026.",
        "The second is newer. Who looks after this: Clubs.",
        "Ring 01632 960001.",
    ]
    assert {citation.title for citation in reply.citations} == {"Bus fares", "Holiday clubs"}


@pytest.mark.parametrize(
    ("conflicts", "fare", "block", "says"),
    [
        (OPEN, "The fare is £1.20. [fares]", "conflict: C1\n", "must begin by saying that neither is certain"),
        (OPEN, "Two pages differ. [askwell]", "", "there are 0"),
        (OPEN.replace("    which: The second is newer.\n", ""), "Two pages differ. [askwell]", "conflict: C1\n", "(`which`)"),
        (OPEN.replace("[fares]", "[ferries]"), "Two pages differ. [askwell]", "conflict: C1\n", "'ferries' is not in sources"),
        (OPEN.replace("owner: clubs", "owner: trams"), "They differ. [askwell]", "conflict: C1\n", "'trams' is not a queue"),
        (SETTLED, "The fare is £1.50. [clubs]", "", "does not say that this replaced an older page"),
        (SETTLED, "The fare is £1.50, not £1.20. This replaced an older page. [clubs]", "", "still says what was replaced"),
        (SETTLED.replace("[fares#fare]", "[fares#ferry]"), "It is £1.50. [clubs]", "", "fares#ferry does not exist"),
        (SETTLED, "Two pages differ. [askwell]", "conflict: C1\n", "is not an open one"),
        (SETTLED.replace("settled", "withdrawn"), "The fare was £1.20. [fares]", "", "prints what was withdrawn"),
        (SETTLED.replace("settled", "withdrawn").replace(r"£1\.20", "960001"), "It is free. [clubs]", "", "the contact clubs"),
    ],
)  # fmt: skip
def test_a_pack_that_does_not_keep_to_the_state_is_faulted(
    tmp_path: Path, conflicts: str, fare: str, block: str, says: str
):
    assert any(says in fault for fault in faults(council(tmp_path / "p", conflicts, fare, block)))


def test_a_settled_conflict_that_says_it_replaced_an_older_page_is_sound(tmp_path: Path):
    assert faults(council(tmp_path / "p", SETTLED, "The fare is £1.50. This replaced an older page. [clubs]")) == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("  C1: nothing\n", "it needs about"),
        (SETTLED.split("conflicts:\n")[1].replace("settled", "undecided"), "none of settled, open, withdrawn"),
        (SETTLED.split("conflicts:\n")[1].replace("fee", "colour"), "differ_in"),
        (SETTLED.split("conflicts:\n")[1].replace(r"'£1\.20'", "'('"), "no pattern"),
        (SETTLED.split("conflicts:\n")[1].replace("    about: the bus fare\n", ""), "it has no about"),
        (SETTLED.split("conflicts:\n")[1] + "    colour: red\n", "colour is not a name known here"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, row: str, says: str):
    with pytest.raises(PackError) as raised:
        load_pack(write_pack(tmp_path / "p", **{"conflicts.yaml": "conflicts:\n" + row}))
    assert [(problem.path, problem.line) for problem in raised.value.problems] == [("conflicts.yaml", 2)]
    assert says in str(raised.value)


def test_every_conflict_of_the_facts_has_its_row_and_no_row_is_a_stranger():
    listed = {place.fact for place in fact_places(HOUNSLOW) if place.fact[0] == "C" and place.fact[1:].isdigit()}
    assert set(CONFLICTS) == listed and len(listed) == 26


def test_a_conflict_with_no_row_is_a_fault(monkeypatch: pytest.MonkeyPatch):
    fewer = {id: one for id, one in CONFLICTS.items() if id != "C4"}
    problems = check_pack(replace(HOUNSLOW, conflicts=replace(HOUNSLOW.conflicts, by_id=fewer)))
    assert Problem("conflicts.yaml", 1, "C4 is in facts.yaml and has no row here") in problems


def reply_of(section: str, *more: str) -> str:
    turn = Turn(Incoming("x"), "x", "en", HOUNSLOW, date(2026, 11, 26), pytest.fail, pytest.fail, 0.5)
    others = [HOUNSLOW.sections[id] for id in more]
    return as_text(compose(turn, HOUNSLOW.sections[section], 1.0, others), HOUNSLOW)


@pytest.mark.parametrize("id", [one.id for one in CONFLICTS.values() if one.state is State.OPEN])
def test_hounslows_open_conflicts_show_both_sides_and_neither_as_fact(id: str):
    conflict = CONFLICTS[id]
    section = next(one.id for one in HOUNSLOW.sections.values() if one.conflict == id)
    text = reply_of(section)
    for side in (conflict.older, conflict.newer):
        assert side.says in text
        assert all(HOUNSLOW.sources[page].title in text for page in side.pages)
    assert conflict.which in text and HOUNSLOW.queues[conflict.owner].name in text
    assert text.count("Page date: ") >= 2
    elsewhere = [one for one in HOUNSLOW.sections.values() if one.id != section]
    bare = [one.id for one in elsewhere if any(side.says in one.text for side in (conflict.older, conflict.newer))]
    assert bare == []


@pytest.mark.parametrize("id", [c.id for c in CONFLICTS.values() if c.state is State.SETTLED and not c.both_stand])
def test_hounslows_settled_conflicts_give_the_current_statement_and_say_what_it_replaced(id: str):
    conflict = CONFLICTS[id]
    assert conflict.older.words
    for section in conflict.sections:
        text = reply_of(section)
        assert "replac" in text and not conflict.older.words.search(text.split("Where this comes from")[0])


def test_what_was_withdrawn_is_in_no_reply_to_anyone():
    gone = [c.older.words for c in CONFLICTS.values() if c.state is State.WITHDRAWN and c.older.words]
    assert len(gone) == 3
    everything = [reply_of(section) for section in HOUNSLOW.sections]
    kinds = [
        line for kind in HOUNSLOW.safeguarding.kinds.values() for line in (kind.text, *(x.say for x in kind.lines))
    ]
    assert [found[0] for text in (*everything, *kinds) for words in gone if (found := words.search(text))] == []


def settled_with_history() -> list[Conflict]:
    return [conflict for conflict in CONFLICTS.values() if conflict.history]


@pytest.mark.parametrize("conflict", settled_with_history(), ids=lambda conflict: conflict.id)
def test_stale_and_current_are_never_in_one_answer(conflict: Conflict):
    turn = Turn(Incoming("x"), "x", "en", HOUNSLOW, date(2026, 11, 26), pytest.fail, pytest.fail, 0.5)
    for new in conflict.sections:
        for old in conflict.history:
            for first, second in ((new, old), (old, new)):
                hits = [Hit(Passage(first, ""), 2.0, 1), Hit(Passage(second, ""), 2.0, 2)]
                assert further_sections(turn, hits) == ()
    both = [Hit(Passage("mip-schools#what", ""), 2.0, 1), Hit(Passage("mip-schools#reach", ""), 2.0, 2)]
    assert [one.id for one in further_sections(turn, both)] == ["mip-schools#reach"]
