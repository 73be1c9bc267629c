"""Several questions in one message are told apart, in English by their words, elsewhere by their marks."""

from __future__ import annotations

import pytest

from bot.questions import parts_of


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("what age for the club", "en", 0),
        ("can i get dla for him, and how long must he have had it", "en", 2),
        ("How much is the bus? Who do I ring about it? Thanks", "en", 2),
        ("ما هي خطة الرعاية؟ ومن أتصل به في المجلس؟", "ar", 2),
        ("میری بیٹی کو اسکول میں مدد چاہیے، EHC پلان کیا ہے؟", "ur", 2),
        ("मेरे बेटे को मदद चाहिए। SENCO कौन होता है?", "hi", 2),
        ("Mój syn ma autyzm, co to jest MIP?", "pl", 2),
        ("Co to jest MIP?", "pl", 0),
    ],
)
def test_several_questions_are_told_apart(text: str, language: str, count: int) -> None:
    assert len(parts_of(text, language)) == count


def test_no_more_than_four_are_taken_up() -> None:
    assert len(parts_of("Who is the SENCO now? " * 9)) == 4
