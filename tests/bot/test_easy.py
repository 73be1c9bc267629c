"""Easy words, from a pack to a reply: asked for, offered, marked as unchecked, withheld like the rest, never searched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from little_council import LITTLE, little_engine, write_pack
from typer.testing import CliRunner
from web_house import app_for, browser_at

from bot.answers import compose
from bot.assistant import Assistant
from bot.batch import answer_lines, converse
from bot.cli import cli
from bot.door import BadInputError, read_easy
from bot.indexing import name_of
from bot.messages import Incoming, Outcome, Reply
from bot.plain import as_json, as_text
from bot.steps.easy import asks_for_easy_words
from bot.turn import Past, Turn
from knowledge.article import passages_of
from knowledge.pack import Pack, load_pack, pack_folder
from retrieval.encoders import HashingEncoder
from retrieval.search import Encoders

AGES = "how old for holiday club"
FARE = "child fare on the 65 bus"
HOUNSLOW = load_pack(pack_folder("hounslow"))
LAST_DAY = date(2026, 11, 22)
CLUBS_EASY = """Each club has two leaders. [clubs]

### Easy words

The clubs are for ages 8 to 12. [clubs] A leader looks after you. [askwell]

- Your child must live in Littleham. [clubs]
- Ring {phone:clubs}. [clubs]
"""
FARES_EASY = """Buses run every day. [fares]

### Easy words

You paid £1.20. [fares] There are buses every day. [fares]
"""


def with_easy(folder: Path, **changed: str) -> Pack:
    clubs = LITTLE["articles/clubs.md"].replace("Each club has two leaders. [clubs]\n", CLUBS_EASY)
    fares = LITTLE["articles/fares.md"].replace("Buses run every day. [fares]\n", FARES_EASY)
    return load_pack(write_pack(folder, **{"articles/clubs.md": clubs, "articles/fares.md": fares, **changed}))


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return with_easy(tmp_path / "p")


@pytest.fixture
def assistant(pack: Pack) -> Assistant:
    return Assistant(little_engine(pack, LAST_DAY))


def ask(assistant: Assistant, *messages: str, easy: bool = False, language: str | None = None) -> Reply:
    return converse(assistant, [Incoming(message, language=language, easy=easy) for message in messages])


def words(reply: Reply) -> str:
    assert reply.easy is not None
    return " ".join(paragraph.text for paragraph in reply.easy.body)


def test_an_answer_carries_its_easy_words_as_a_part_of_its_own(assistant: Assistant, pack: Pack):
    reply = ask(assistant, AGES)
    assert words(reply).startswith("The clubs are for ages 8 to 12.")
    assert reply.easy and not reply.easy.checked
    assert reply.easy.note == "A person has not checked these easy words yet."
    assert "ages 8 to 12" not in as_text(reply, pack)


def test_easy_words_have_the_same_source_numbers_and_are_never_quoted(assistant: Assistant):
    reply = ask(assistant, AGES)
    assert reply.easy is not None
    assert reply.easy.body[0].said[0].numbers == reply.body[0].said[0].numbers == (1,)
    assert [citation.number for citation in reply.citations] == [1]
    assert not any("for ages 8 to 12" in citation.quote for citation in reply.citations)


def test_asked_for_they_stand_in_the_place_of_the_answer_with_its_sources(assistant: Assistant, pack: Pack):
    text = as_text(ask(assistant, AGES, easy=True), pack)
    assert "The clubs are for ages 8 to 12. [1]" in text and "01632 960001" in text
    assert "(A person has not checked these easy words yet.)" in text
    assert "Holiday clubs are for children" not in text and "Who this is for" not in text
    assert "Where this comes from" in text and "You can talk to a person" in text


@pytest.mark.parametrize("said", ["easy", "Easy words", "/easy", "in easy words please", "can you say it in easy words?",
                                  "make it simpler", "Łatwe słowa"])  # fmt: skip
def test_easy_after_an_answer_says_that_answer_again(assistant: Assistant, said: str):
    reply = ask(assistant, AGES, said)
    assert (reply.section, reply.in_easy_words) == ("clubs#ages", True)


@pytest.mark.parametrize("said", ["is it easy to get a place", "simple", "easy words about bus fares", "plain"])
def test_a_question_is_not_taken_for_a_wish_for_easy_words(pack: Pack, said: str):
    assert asks_for_easy_words(said, pack.phrases) is (said in ("simple", "plain"))


def test_easy_is_not_remembered_as_a_question(assistant: Assistant):
    past = Past()
    for message in (AGES, "easy"):
        past = assistant.reply(Incoming(message), past).past
    assert past.asked == (AGES,) and past.section == "clubs#ages"


def test_easy_before_any_question_is_told_to_ask(assistant: Assistant):
    reply = ask(assistant, "easy")
    assert (reply.outcome, reply.heading) == (Outcome.CLARIFY, "Write your question first.")


def test_where_there_are_none_the_reply_says_so_and_gives_the_answer(assistant: Assistant, pack: Pack):
    text = as_text(ask(assistant, "price of a club day", "easy"), pack)
    assert "I do not have this in easy words yet." in text and "I do not have the price of a club day." in text
    assert "easy words" not in as_text(ask(assistant, "price of a club day"), pack)


def test_help_comes_before_easy_words(assistant: Assistant):
    assert ask(assistant, AGES, "my husband is hitting me right now", easy=True).outcome is Outcome.SAFEGUARD


def test_past_review_a_sum_is_withheld_in_easy_words_too(pack: Pack):
    before, after = (Assistant(little_engine(pack, day)) for day in (LAST_DAY, date(2026, 11, 23)))
    assert words(ask(before, FARE)) == "You paid £1.20. There are buses every day."
    stale = ask(after, FARE, easy=True)
    assert words(stale) == "There are buses every day."
    text = as_text(stale, pack)
    assert "£1.20" not in text and "I am not showing a number or a sum" in text and "past its review date" in text


def test_past_review_a_contact_is_withheld_in_easy_words_too(tmp_path: Path):
    sources = LITTLE["sources.yaml"].replace("page_updated: 1 September 2026", "review_by: 2026-11-22")
    assert sources != LITTLE["sources.yaml"]
    pack = with_easy(tmp_path / "p", **{"sources.yaml": sources})
    before, after = (Assistant(little_engine(pack, day)) for day in (LAST_DAY, date(2026, 11, 23)))
    assert "01632 960001" in words(ask(before, AGES))
    assert "01632 960001" not in words(ask(after, AGES))


def test_a_sum_said_in_easy_words_alone_is_withheld_and_the_reply_says_so(tmp_path: Path):
    fares = LITTLE["articles/fares.md"].replace("A child's fare was £1.20. [fares] ", "")
    pack = with_easy(
        tmp_path / "p", **{"articles/fares.md": fares.replace("Buses run every day. [fares]\n", FARES_EASY)}
    )
    text = as_text(ask(Assistant(little_engine(pack)), FARE), pack)
    assert "£1.20" not in text and "I am not showing a number or a sum" in text


@pytest.mark.parametrize("section", [id for id, one in HOUNSLOW.sections.items() if one.easy])
def test_when_every_page_is_past_review_hounslows_easy_words_hold_no_date_sum_or_contact(section: str):
    late = max(source.review_by for source in HOUNSLOW.sources.values()) + timedelta(days=1)
    turn = Turn(Incoming("easy", easy=True), "easy", "en", HOUNSLOW, late, pytest.fail, pytest.fail, 0.5)
    easy = compose(turn, HOUNSLOW.sections[section], 1.0).easy
    said = " ".join(paragraph.text for paragraph in easy.body) if easy else ""
    kept = [one for one in HOUNSLOW.contacts.values() if not one.safeguarding]
    assert [one.id for one in kept if any(way and way in said for way in (one.phone, one.email))] == []
    assert not re.search(r"£|December 2024|September 2025|{|@", said)


def test_a_person_who_checked_is_named_with_the_day(tmp_path: Path):
    clubs = LITTLE["articles/clubs.md"].replace("Each club has two leaders. [clubs]\n", CLUBS_EASY)
    checked = clubs.replace("asked_as:", "easy_checked: 2026-11-20\neasy_checked_by: Priya Shah\nasked_as:", 1)
    pack = with_easy(tmp_path / "p", **{"articles/clubs.md": checked})
    easy = ask(Assistant(little_engine(pack)), AGES).easy
    assert easy is not None and easy.checked
    assert easy.note == "Priya Shah checked these easy words: 20 November 2026"


def test_the_mark_is_in_the_persons_language(assistant: Assistant):
    easy = ask(assistant, "Ile lat? How old for holiday club?", language="pl").easy
    assert easy is not None and easy.note == "Nikt jeszcze nie sprawdził tego tekstu łatwymi słowami."


def test_easy_words_are_not_announced_as_the_councils_own(assistant: Assistant, pack: Pack):
    own = pack.phrases.say("english_follows", "pl")
    reply = ask(assistant, "Ile lat? How old for holiday club?", language="pl", easy=True)
    assert reply.language == "pl" and own not in reply.lead
    assert own in ask(assistant, "Ile lat? How old for holiday club?", language="pl").lead


def test_the_json_has_them_and_null_where_there_are_none(assistant: Assistant, pack: Pack):
    easy = as_json(ask(assistant, AGES), pack)["easy"]
    assert set(easy) == {"text", "checked", "note"} and easy["checked"] is False
    assert "for ages 8 to 12" in easy["text"]
    assert as_json(ask(assistant, "price of a club day"), pack)["easy"] is None


def test_a_line_of_a_batch_may_ask_for_them(assistant: Assistant):
    asked = b'{"id": 1, "question": "how old for holiday club", "easy": true}'
    wrong = b'{"id": 2, "question": "how old for holiday club", "easy": "perhaps"}'
    first, second = answer_lines(assistant, [asked, wrong])
    assert "for ages 8 to 12" in first["text"]
    assert second["error"] == "easy must be true or false"


def test_only_true_and_false_are_read():
    assert read_easy(True) and not read_easy(None)
    for value in (1, "true", [], 0):
        with pytest.raises(BadInputError):
            read_easy(value)


def test_the_api_takes_and_gives_them(assistant: Assistant, tmp_path: Path):
    with browser_at(app_for(assistant, tmp_path / "web")) as browser:
        given = browser.client.post("/api/ask", json={"question": AGES, "easy": True}).json()
        assert "for ages 8 to 12" in given["text"] and given["easy"]["checked"] is False


def test_on_the_terminal_they_are_offered_and_given(assistant: Assistant, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.ask_cli.ready_assistant", lambda _settings: assistant)
    talked = CliRunner().invoke(cli, ["ask"], input=f"{AGES}\neasy\nprice of a club day\n\n").stdout
    offer = 'Write "easy" to read this in easy words.'
    first, rest = talked.split(offer)
    assert "Holiday clubs are for children aged 8 to 12." in first and "for ages 8 to 12" in rest
    assert "for ages 8 to 12" in CliRunner().invoke(cli, ["ask", AGES, "--easy"]).stdout


def test_the_page_has_them_folded_with_no_script(assistant: Assistant, tmp_path: Path):
    with browser_at(app_for(assistant, tmp_path / "web")) as browser:
        page = browser.ask(AGES).text
    with browser_at(app_for(assistant, tmp_path / "other")) as browser:
        none = browser.ask("price of a club day").text
    part = page.split('<details class="easy"', 1)[1].split("</details>", maxsplit=1)[0]
    assert "Easy words</summary>" in part and "A person has not checked these easy words yet." in part
    assert "The clubs are for ages 8 to 12." in part
    assert '<details class="easy"' not in none


def test_easy_words_change_neither_what_is_searched_nor_the_name_of_the_index(little_pack: Pack, pack: Pack):
    encoders = Encoders(HashingEncoder())
    assert passages_of(pack.articles) == passages_of(little_pack.articles)
    assert name_of(pack, encoders) == name_of(little_pack, encoders)
    article = pack.articles["clubs"]
    said = replace(article.sections[0], asked_as=("another phrasing",))
    other = replace(article, sections=(said, *article.sections[1:]))
    changed = replace(pack, articles={**pack.articles, "clubs": other})
    assert name_of(changed, encoders) != name_of(pack, encoders)
