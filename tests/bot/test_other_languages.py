"""In 17 other languages: Askwell explains in the person's own, quotes in English, changes no number, and offers an interpreter."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.answers import compose, not_found
from bot.messages import Incoming, Outcome
from bot.plain import as_text
from bot.steps.edges import other_council
from bot.steps.urgent import help_now
from bot.turn import Turn
from knowledge.pack import load_pack, pack_folder
from knowledge.safeguarding import KINDS

HOUNSLOW = load_pack(pack_folder("hounslow"))
OTHERS = [code for code in HOUNSLOW.languages if code != "en"]
PLACEHOLDER = re.compile(r"\{\w+\}")


def turn_in(language: str, text: str = "x") -> Turn:
    return Turn(Incoming(text), text, language, HOUNSLOW, date(2026, 11, 26), pytest.fail, pytest.fail, 0.5)


def test_seventeen_other_languages_are_spoken_and_none_is_called_checked():
    assert len(OTHERS) == 17
    assert [code for code in OTHERS if HOUNSLOW.phrases.languages[code].checked] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_placeholder_survives_translation(language: str):
    english, spoken = (HOUNSLOW.phrases.languages[code].phrases for code in ("en", language))
    differ = [
        key for key, text in spoken.items() if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english[key]))
    ]
    assert differ == []


@pytest.mark.parametrize("language", OTHERS)
def test_an_answer_is_explained_in_the_language_and_quoted_unchanged(language: str):
    section = HOUNSLOW.sections["sen-team#address"]
    english, spoken = (as_text(compose(turn_in(code), section, 1.0), HOUNSLOW) for code in ("en", language))
    say = HOUNSLOW.phrases.say
    for key in ("greeting", "english_follows", "information", "interpreter", "person"):
        assert say(key, language) in spoken and say(key, language) != say(key)
    quoted = [paragraph.text for paragraph in compose(turn_in("en"), section, 1.0).body]
    assert all(text in spoken for text in quoted)
    numbers = [
        set(re.findall(r"\d[\d ]{6,}\d|[\w.]+@[\w.]+|[A-Z]{2}\d \d[A-Z]{2}", text)) for text in (english, spoken)
    ]
    assert numbers[0] == numbers[1] and numbers[0]


@pytest.mark.parametrize("language", OTHERS)
def test_not_found_is_said_in_the_language_with_a_person_and_an_interpreter(language: str):
    reply = not_found(turn_in(language), [], 0.0, "")
    text = as_text(reply, HOUNSLOW)
    say = HOUNSLOW.phrases.say
    assert reply.outcome is Outcome.ABSTAIN and say("abstain", language) in text
    assert say("interpreter", language) in text and "020 8583 2000" in text


@pytest.mark.parametrize("language", OTHERS)
def test_names_are_said_as_they_are(language: str):
    reply = other_council(turn_in(language, "Ealing EHCP"))
    assert reply is not None and "Ealing" in reply.heading and "Hounslow" in reply.heading


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_help_opens_with_three_short_sentences_in_the_language_and_999_first(kind: str, language: str):
    text = as_text(help_now(HOUNSLOW, kind, language), HOUNSLOW)
    intro = HOUNSLOW.safeguarding.intros[language]
    sentences = [one for one in re.split(r"[.!?।۔]", intro) if one.strip()]
    assert text.startswith(intro) and len(sentences) == 3 and "999" in sentences[0]
    assert max(len(one.split()) for one in sentences) <= 16
    assert HOUNSLOW.safeguarding.kinds[kind].text in text
