"""Easy words lose nothing and add nothing: a sound text has no fault, and each way to damage it is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from little_council import LITTLE, write_pack

from knowledge.article import Claim, Section
from knowledge.check import check_pack
from knowledge.easy_words import HIGHEST_GRADE, MOST_WORDS, easy_faults
from knowledge.glossary import Glossary, Term
from knowledge.launch import launch_list
from knowledge.pack import Pack, load_pack, pack_folder
from knowledge.readability import grade, longest_sentence
from knowledge.reading import read_article

MOST_ASKED = 25
GLOSSARY = Glossary((Term("EHC plan", "A paper about help.", also=("EHCP",)),))
NORMAL = """---
id: clubs
title: Holiday clubs
audience: [family]
topics: [clubs]
queue: clubs
---

## Ages for the holiday clubs {#ages}

```yaml
asked_as: [how old for holiday club, what age can she start at the play scheme, is 7 too young for clubs]
conditions: ["Your child goes to primary school and has an EHC plan (EHCP). [clubs]"]
steps: ["Telephone the clubs desk on {phone:clubs}."]
```

Holiday clubs are usually for children aged 8 to 12, unless the Littleham Board agrees otherwise. [clubs]

You must complete registration at least 15 days before the opening. You cannot bring a relative or an animal. [clubs]

Registration costs £1.20, if anything is still available. Only the desk may decide. [fares]

An objection is possible 2 months from the letter, or 1 month from the certificate, whichever is later. [fares]
"""
EASY = """
### Easy words

Clubs are usually for ages 8 to 12. That is so unless the Littleham Board agrees to more. [clubs]

You must do your registration at least 15 days before. [clubs] That means you sign up. [askwell]

- You cannot bring an animal. [clubs]
- You cannot bring a relative. [clubs]
- Your child has an EHC plan. [clubs] An EHC plan is a paper about help. [askwell]
- Your child goes to primary school. [clubs]

It costs £1.20 to do the registration, if anything is still available. Only the desk may decide. [fares]

An objection can be made 2 months from the letter. Or it can be made 1 month from the certificate. [fares]
Use the later one. [fares]

Telephone the desk on {phone:clubs}. [askwell]
"""


def section(text: str) -> Section:
    article, problems = read_article(text, "clubs.md")
    assert article is not None and problems == []
    return article.sections[0]


def faults(easy: str) -> list[str]:
    return [message for _, message in easy_faults(section(NORMAL + easy), GLOSSARY)]


def test_sound_easy_words_have_no_fault():
    assert faults(EASY) == []


def test_a_section_with_no_easy_words_has_no_fault():
    assert faults("") == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("8 to 12", "8 to 13", "lose or change 8-12"),
        ("8 to 12", "8 to 13", "add 8-13"),
        ("ages 8 to 12", "all ages", "lose or change 8-12"),
        ("at least 15 days", "15 days", "lose or change >= 15 day"),
        ("at least 15 days", "up to 15 days", "lose or change >= 15 day"),
        ("£1.20", "£1.25", "lose or change £1.20"),
        ("That means you sign up.", "That means you sign up 3 times.", "add 3"),
        ("2 months from the letter. Or it can be made 1 month", "1 month from the letter. Or it can be made 2 months",
         "lose or change 2 month"),
        ("unless the Littleham Board agrees to more", "and the Littleham Board agrees to more", "a limit (unless)"),
        ("usually for", "for", "a limit (most or some)"),
        ("You must do", "You do", "a limit (must)"),
        ("cannot bring an animal", "can bring an animal", "a limit (not)"),
        ("cannot bring a relative", "can bring a relative", "a limit (not)"),
        (", if anything is", " and anything is", "a limit (if)"),
        ("Only the desk may", "The desk may", "a limit (only)"),
        ("the desk may decide", "the desk does decide", "a limit (may)"),
        ("Use the later one.", "Use one.", "a limit (later or earlier)"),
        ("Clubs are usually", "Clubs are not usually", "add a limit (not)"),
        ("An objection can", "An objection must", "add a limit (must)"),
        ("It costs", "It only costs", "add a limit (only)"),
        ("- Your child goes to primary school. [clubs]\n", "", "do not say this: Your child goes to primary"),
        ("Littleham Board", "Littleham team", "leave out the name Board"),
        ("EHC plan", "plan", "leave out EHC"),
        ("An EHC plan is a paper about help.", "", "use EHC and do not say what it is"),
        ("{phone:clubs}", "the phone", "leave out {phone:clubs}"),
        ("{phone:clubs}", "{phone:clubs} or {phone:local_offer}", "add {phone:local_offer}"),
        ("That means you sign up. [askwell]", "That means you sign up.", "with no source: That means you sign up."),
        ("That means you sign up. [askwell]", "That means you sign up. [elsewhere]", "stand on elsewhere"),
        ("You cannot bring an animal.", "You cannot bring an animal, " + "a big one or " * 2 + "a small one.", "of 16 words"),
        ("That means you sign up.", "Registration necessitates administrative documentation. " * 3, "at grade"),
    ],
)  # fmt: skip
def test_each_damage_is_told(old: str, new: str, says: str):
    assert old in EASY
    said = faults(EASY.replace(old, new))
    assert any(says in fault for fault in said), said


def test_what_a_page_says_may_not_be_left_out():
    without_fares = "\n".join(line for line in EASY.splitlines() if "[fares]" not in line)
    assert any("leave out what fares says" in fault for fault in faults(without_fares))


def test_a_figure_said_of_two_things_is_said_of_both():
    twice = NORMAL.replace("before the opening.", "before the opening, and at least 15 days before a change.")
    said = [message for _, message in easy_faults(section(twice + EASY), GLOSSARY)]
    assert "15 day is said 2 times, in the easy words 1" in said


def test_easy_words_no_easier_than_the_section_are_told():
    plain = (
        "## Ages {#a}\n\nYou can go to the club. [clubs]\n\n### Easy words\n\nYou can go to the holiday club. [clubs]\n"
    )
    head = NORMAL.split("## Ages", maxsplit=1)[0]
    said = [message for _, message in easy_faults(section(head + plain), GLOSSARY)]
    assert any("no easier" in fault for fault in said)


def test_empty_easy_words_are_told():
    assert faults("\n### Easy words\n") == ["the easy words say nothing"]


def little(tmp_path: Path, easy: str, settings: str = "") -> Pack:
    text = NORMAL.replace("asked_as:", f"{settings}asked_as:", 1) + easy
    others = LITTLE["articles/clubs.md"].split("## What a club day costs")[1]
    glossary = LITTLE["glossary.yaml"] + "  - {term: EHC plan, means: A paper about help., also: [EHCP]}\n"
    changed = {"articles/clubs.md": f"{text}\n## What a club day costs{others}", "glossary.yaml": glossary}
    return load_pack(write_pack(tmp_path / "p", **changed))


def test_check_names_the_file_and_the_line(tmp_path: Path):
    assert check_pack(little(tmp_path, EASY)) == []
    said = [str(problem) for problem in check_pack(little(tmp_path, EASY.replace("£1.20", "£1.25")))]
    assert "articles/clubs.md:36: the easy words add £1.25: It costs £1.25 to do the registration" in said[1]


def test_check_looks_at_contacts_and_sources_in_easy_words(tmp_path: Path):
    said = [str(problem) for problem in check_pack(little(tmp_path, EASY.replace("{phone:clubs}", "{phone:nobody}")))]
    assert any("the contact 'nobody' is not in contacts.yaml" in problem for problem in said)


def test_a_check_older_than_the_copy_is_told(tmp_path: Path):
    old = little(tmp_path, EASY, "easy_checked: 2026-10-31\neasy_checked_by: Priya Shah\n")
    assert any("compare the two again" in str(problem) for problem in check_pack(old))
    new = little(tmp_path, EASY, "easy_checked: 2026-11-02\neasy_checked_by: Priya Shah\n")
    assert check_pack(new) == []


def test_the_launch_list_names_easy_words_nobody_has_checked(tmp_path: Path):
    waiting = "have a person compare the easy words with the section: clubs#ages"
    assert waiting in [item.what for item in launch_list(little(tmp_path, EASY))]
    checked = little(tmp_path, EASY, "easy_checked: 2026-11-02\neasy_checked_by: Priya Shah\n")
    assert waiting not in [item.what for item in launch_list(checked)]


# What follows is about the Hounslow pack.


@cache
def hounslow() -> Pack:
    return load_pack(pack_folder("hounslow"))


def easy_sections() -> list[Section]:
    return [one for one in hounslow().sections.values() if one.easy]


def told(damaged: Section) -> bool:
    return any(True for _ in easy_faults(damaged, hounslow().glossary))


def test_the_most_asked_sections_have_easy_words_and_none_claims_a_check():
    found = easy_sections()
    assert len(found) >= MOST_ASKED
    assert [one.id for one in found if one.easy and one.easy.checked] == []


@pytest.mark.parametrize("one", easy_sections(), ids=lambda one: one.id)
def test_easy_words_are_easier_and_short(one: Section):
    assert one.easy is not None
    said = grade("\n".join(claim.text for claim in one.claims))
    assert grade(one.easy.text) < said and grade(one.easy.text) <= HIGHEST_GRADE
    assert longest_sentence(one.easy.text)[0] <= MOST_WORDS


def changed(one: Section, claim: Claim, text: str) -> Section:
    """`one` with the words of one easy claim replaced; taken out when they are empty."""
    assert one.easy is not None
    blocks = [
        replace(block, claims=tuple(replace(c, text=text) if c is claim else c for c in block.claims if text or c is not claim))
        for block in one.easy.blocks
    ]  # fmt: skip
    return replace(one, easy=replace(one.easy, blocks=tuple(blocks)))


def each_change(pattern: str, put: Callable[[re.Match[str]], str]) -> list[tuple[str, Section]]:
    """Every section with one match of `pattern` in what a page says replaced."""
    return [
        (f"{one.id}: {claim.text}", changed(one, claim, claim.text[: hit.start()] + put(hit) + claim.text[hit.end() :]))
        for one in easy_sections()
        if one.easy
        for claim in one.easy.claims
        if claim.sources != ("askwell",)
        for hit in re.finditer(pattern, claim.text)
    ]


def test_every_number_changed_in_hounslows_easy_words_is_told():
    damaged = each_change(r"(?<![:\w])\d+", lambda hit: str(int(hit[0]) + 1))
    assert len(damaged) >= MOST_ASKED
    assert [where for where, one in damaged if not told(one)] == []


def test_nearly_every_not_taken_out_of_hounslows_easy_words_is_told():
    damaged = each_change(r"\bnot |\bcannot\b|\bno\b", lambda hit: {"cannot": "can", "no": "a"}.get(hit[0], ""))
    missed = [where for where, one in damaged if not told(one)]
    assert len(damaged) >= 12 and len(missed) <= 1, missed


def test_nine_in_ten_claims_taken_out_of_hounslows_easy_words_are_told():
    damaged = each_change(r"\A.*\Z", lambda _: "")
    missed = [where for where, one in damaged if not told(one)]
    assert len(missed) <= 0.1 * len(damaged), missed
