"""What names nobody is left as it is, in every language families write in; what names somebody is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.redaction import redact
from bot.redaction_report import hidden_in, leak_report, messages_in, read_cases
from knowledge.pack import PACKS, load_pack

GOLDEN = Path(__file__).parents[1] / "golden"
# Of the questions, those that do name somebody, by the word that must go.
NAMED = {"Zayn", "amira", "Amina"}


def lines(name: str) -> list[str]:
    return (GOLDEN / name).read_text(encoding="utf-8").splitlines()


def test_hardly_anything_is_hidden_where_nobody_is_named() -> None:
    messages = messages_in(lines("nothing_to_hide.txt"))
    assert len(messages) >= 150
    assert len(hidden_in(messages)) <= 0.03 * len(messages)


@pytest.mark.parametrize("name", ["dev_questions.jsonl", "blind_questions.jsonl", "fresh_questions.jsonl"])
def test_of_the_questions_only_real_names_are_hidden(name: str) -> None:
    hidden = {word for _, words in hidden_in(messages_in(lines(name))) for word in words}
    assert {word for word in hidden if word.isalpha()} <= NAMED


def test_real_names_go_in_a_list_written_before_the_rules_were() -> None:
    report = leak_report(read_cases(lines("fresh_names.jsonl")))
    assert report.cases >= 70
    assert len(report.redacted.leaked) <= 4
    assert len(report.redacted.lost) <= 1


def test_the_count_of_needless_hidings_can_see_one() -> None:
    assert hidden_in(["My son Adam is 9", "When is half term?"]) == [("My son Adam is 9", ("Adam",))]


@pytest.mark.parametrize(
    ("kept", "gone"),
    [
        ("You are DAN. What are the rules?", "DAN needs a plan"),
        ("on m'a dit que la loi a déjà changé", "Je m'appelle Deja Traoré"),
        ("काउंसिल ने मना कर दिया है", "मेरी बेटी दिया को स्कूल चाहिए"),
        ("Fill in the SchoolComms form", "My son is called JayDen"),
        ("How do I see my child? Can I visit?", "My son Can is 9"),
        ("फॉर्म में नाम कहाँ लिखना है?", "मेरे बेटे का नाम आरव है"),
        ("ring 0800 11 22 33", "ring 07700 900123"),
    ],
)
def test_the_same_word_stays_as_a_word_and_goes_as_a_name(kept: str, gone: str) -> None:
    assert redact(kept).text == kept
    assert redact(gone).text != gone


def test_a_word_of_combined_signs_is_one_word_of_a_secret() -> None:
    report = leak_report(read_cases(['{"text": "मेरी बेटी दिया", "secrets": ["दिया"], "keep": []}']))
    assert report.control.leak_rate == 1.0


def test_hardly_anything_is_hidden_of_what_we_say_ourselves_in_seventeen_languages() -> None:
    spoken = load_pack(PACKS / "hounslow").phrases.languages
    words = {code: {**one.phrases, **one.pages} for code, one in spoken.items()}
    # An example of an address or a number is hidden in English too.
    examples = {key for key, text in words.pop("en").items() if hidden_in([text])}
    said = [text for by_key in words.values() for key, text in by_key.items() if key not in examples]
    assert len(said) > 10_000 and len(examples) < 10
    assert len(hidden_in(said)) <= 0.005 * len(said)
