"""What the first screen offers to press is answered from the section meant, whichever language its words are in."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from bot.messages import Incoming, Outcome
from knowledge.pack import PACKS, load_pack

PACK = load_pack(PACKS / "hounslow")
PRESSED = [(code, number, id) for code in PACK.phrases.languages for number, id in enumerate(PACK.starters, start=1)]


@pytest.mark.parametrize(("code", "number", "section"), PRESSED)
def test_a_starter_is_answered_from_its_section(hounslow: Assistant, code: str, number: int, section: str) -> None:
    words, language = PACK.phrases.on_page(f"starter_{number}", code)
    reply = hounslow.reply(Incoming(words, language=code)).reply
    assert language == code and reply.section == section
    assert reply.outcome in (Outcome.ANSWER, Outcome.BOOKING) and reply.above == ()


def test_every_starter_of_the_screen_has_its_section() -> None:
    assert len(PACK.starters) == sum(key.startswith("starter_") for key in PACK.phrases.languages["en"].pages)
    assert PACK.started_by("  what IS an EHC plan?") == "ehc-plans#what"
    assert PACK.started_by("What is an EHC plan for?") is None
