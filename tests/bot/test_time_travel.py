"""The day after a page falls due, every answer that stands on it changes: labelled, sums, dates and contacts withheld."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.answers import _PERISHABLE, compose
from bot.messages import Incoming, Reply
from bot.plain import as_text
from bot.steps.urgent import help_now
from bot.turn import Turn
from bot.worked_dates import work_out
from knowledge.article import Section
from knowledge.contacts import placeholders
from knowledge.pack import Pack, load_pack, pack_folder
from knowledge.safeguarding import KINDS

HOUNSLOW = load_pack(pack_folder("hounslow"))
DUE = date(2026, 12, 31)
LATE = DUE + timedelta(days=1)
NEVER = date(2099, 1, 1)
PAST_REVIEW = HOUNSLOW.phrases.say("past_review")
WITHHELD = HOUNSLOW.phrases.say("withheld")


def due_alone(source: str) -> Pack:
    """The pack in which this page falls due on `DUE` and no other ever does."""
    sources = {id: replace(one, review_by=DUE if id == source else NEVER) for id, one in HOUNSLOW.sources.items()}
    return replace(HOUNSLOW, sources=sources)


def on(pack: Pack, section: Section, day: date) -> Reply:
    turn = Turn(Incoming("x"), "x", "en", pack, day, pytest.fail, pytest.fail, 0.5)
    return compose(turn, section, 1.0)


def stands_on(section: Section, source: str) -> bool:
    """Whether a sentence of `section`, or a contact in it, was read on `source`."""
    contacts = [(HOUNSLOW.contacts[id], what) for claim in section.claims for what, id in placeholders(claim.text)]
    said = any(source in claim.sources for claim in section.claims)
    return said or any(contact.source_of(what) == source for contact, what in contacts)


def perishable(section: Section, source: str) -> list[str]:
    """What of `section` must go when `source` is past review: its claims with sums and dates."""
    return [claim.text for claim in section.claims if source in claim.sources and _PERISHABLE.search(claim.text)]


CITED = [id for id in HOUNSLOW.sources if id != "askwell" and any(stands_on(s, id) for s in HOUNSLOW.sections.values())]


@pytest.mark.parametrize("source", CITED)
def test_the_day_after_review_every_answer_that_stands_on_the_page_changes(source: str):
    pack = due_alone(source)
    for section in (one for one in HOUNSLOW.sections.values() if stands_on(one, source)):
        before, after = (as_text(on(pack, section, day), pack) for day in (DUE, LATE))
        assert before != after, section.id
        assert PAST_REVIEW not in before and WITHHELD not in before, section.id
        assert PAST_REVIEW in after or WITHHELD in after, section.id
        kept = [text for text in perishable(section, source) if "{" not in text and text in after]
        assert kept == [], section.id
        assert on(pack, section, LATE).person, section.id


def test_an_answer_that_does_not_stand_on_the_page_stays_as_it_was():
    pack = due_alone("travel-post16")
    section = HOUNSLOW.sections["mip-schools#started"]
    assert not stands_on(section, "travel-post16")
    assert as_text(on(pack, section, DUE), pack) == as_text(on(pack, section, LATE), pack)


def test_a_contact_past_review_is_withheld_and_the_route_stays():
    source = HOUNSLOW.contacts["send"].source
    pack = due_alone(source)
    section = HOUNSLOW.sections["sen-team#what"]
    before, after = (as_text(on(pack, section, day), pack) for day in (DUE, LATE))
    number = HOUNSLOW.contacts["send"].phone or ""
    assert number in before and number not in after and WITHHELD in after
    assert HOUNSLOW.contacts["local_offer"].phone in after  # type: ignore[operator]


@pytest.mark.parametrize("kind", KINDS)
def test_safeguarding_lines_never_change(kind: str):
    late = replace(
        HOUNSLOW, sources={id: replace(one, review_by=date(2020, 1, 1)) for id, one in HOUNSLOW.sources.items()}
    )
    assert as_text(help_now(late, kind, "en"), late) == as_text(help_now(HOUNSLOW, kind, "en"), HOUNSLOW)
    assert "999" in as_text(help_now(late, kind, "en"), late)


def test_no_date_in_law_is_given_past_review():
    given = date(2026, 3, 2)
    for event in HOUNSLOW.deadlines.events.values():
        pages = {id for rule in event.rules for id in rule.rule.sources}
        assert pages, event.id
        late = max(HOUNSLOW.sources[id].review_by for id in pages) + timedelta(days=1)
        worked = work_out(HOUNSLOW, late, event, {event.takes[0]: given})
        assert {one.rule.id for one in worked.deadlines} == set(worked.withheld), event.id
