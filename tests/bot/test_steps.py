"""What each step decides, with the little council and small parts."""

from datetime import date

import pytest
from little_council import little_engine

from bot.assistant import Assistant
from bot.batch import converse
from bot.messages import LONGEST, Incoming, Outcome, Role
from bot.plain import as_json, as_text
from knowledge.pack import Pack
from retrieval.risk import Risk


def ask(assistant: Assistant, *messages: str, role: Role = Role.FAMILY):  # type: ignore[no-untyped-def]
    return converse(assistant, [Incoming(message, role) for message in messages])


def test_an_answer_is_the_section_with_its_source_and_condition(little_assistant: Assistant):
    reply = ask(little_assistant, "how old for holiday club")
    assert (reply.outcome, reply.section) == (Outcome.ANSWER, "clubs#ages")
    assert reply.body[0].text == "Holiday clubs are for children aged 8 to 12. Each club has two leaders."
    assert reply.who_for[0].text == "Your child lives in Littleham."
    assert [c.url for c in reply.citations] == ["https://littleham.example/clubs"]
    assert "8 to 12" in reply.citations[0].quote
    text = as_text(reply, little_assistant.engine.pack)
    assert text.index("8 to 12") < text.index("Who this is for") < text.index("Where this comes from")
    assert "Page updated: 1 September 2026. From a saved copy, not yet checked with the council." in text


def test_what_is_not_known_is_said_with_the_route(little_assistant: Assistant):
    reply = ask(little_assistant, "price of a club day")
    assert reply.outcome is Outcome.ABSTAIN
    assert "01632 960001" in as_text(reply, little_assistant.engine.pack)


def test_far_from_everything_it_says_it_does_not_know_and_offers_a_person(little_assistant: Assistant):
    reply = ask(little_assistant, "zebra quantum xylophone")
    assert reply.outcome is Outcome.ABSTAIN
    assert reply.body == () and reply.citations == ()
    assert "offer@littleham.example" in reply.person[0]


def test_a_vague_question_gets_choices_and_a_choice_gets_its_answer(little_assistant: Assistant):
    assert ask(little_assistant, "can you help").choices == ("Club ages", "Bus fares")
    for choice in ("1", "Club ages", "club ages."):
        assert ask(little_assistant, "can you help", choice).section == "clubs#ages"


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n\t", "…"])
def test_nothing_asked(little_assistant: Assistant, text: str):
    reply = ask(little_assistant, text)
    assert (reply.outcome, reply.heading) == (Outcome.CLARIFY, "Write your question first.")


def test_too_long_says_the_limit(little_assistant: Assistant):
    reply = ask(little_assistant, "bus " * LONGEST)
    assert "1,500 characters" in reply.heading


def test_another_council_is_named(little_assistant: Assistant):
    reply = ask(little_assistant, "i live in bigtown, how much is the bus")
    assert reply.outcome is Outcome.OUT_OF_AREA and "Bigtown" in reply.heading
    moved = ask(little_assistant, "we moved from bigtown to littleham, how much is the bus")
    assert moved.outcome is not Outcome.OUT_OF_AREA


def test_past_review_a_sum_is_withheld_and_the_rest_is_labelled(little_pack: Pack):
    before = Assistant(little_engine(little_pack, date(2026, 11, 22)))
    after = Assistant(little_engine(little_pack, date(2026, 11, 23)))
    fresh, stale = (as_text(ask(one, "child fare on the 65 bus"), little_pack) for one in (before, after))
    assert "£1.20" in fresh and "past its review date" not in fresh
    assert "£1.20" not in stale and "Buses run every day." in stale
    assert "I am not showing a number or a sum" in stale and "past its review date" in stale


def test_past_review_a_contact_is_withheld_but_a_safeguarding_line_never(little_pack: Pack):
    after = Assistant(little_engine(little_pack, date(2026, 11, 23)))
    assert "01632 960002" not in as_text(ask(after, "bus phone number"), little_pack)
    urgent = as_text(ask(after, "my husband is hitting me right now"), little_pack)
    assert "01632 960003" in urgent and "999" in urgent


def test_safeguarding_comes_before_everything_and_needs_no_index(little_assistant: Assistant):
    reply = ask(little_assistant, "in bigtown my husband is hitting me right now " + "and " * 600)
    assert reply.outcome is Outcome.SAFEGUARD
    assert reply.body[0].text.startswith("I am a computer. Nobody is reading this now.")


def test_a_broken_search_does_not_stop_help(little_assistant: Assistant, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.engine.search", None)
    assert ask(little_assistant, "he has a knife and is breaking the door down").outcome is Outcome.SAFEGUARD


def test_personal_data_never_reaches_the_search(little_assistant: Assistant, monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []
    real = type(little_assistant.engine).search
    monkeypatch.setattr(
        type(little_assistant.engine),
        "search",
        lambda self, text, *a, **how: seen.append(text) or real(self, text, *a, **how),
    )
    reply = ask(little_assistant, "my son Adam Khan dob 3/4/2017, how old for holiday club", "and what does it cost")
    assert reply.section
    assert seen and not any(word in text for text in seen for word in ("Adam", "Khan", "2017"))


def test_a_follow_up_is_read_with_what_came_before(little_assistant: Assistant):
    assert ask(little_assistant, "tell me about holiday clubs", "what age").section == "clubs#ages"


def test_the_json_says_what_the_text_says(little_assistant: Assistant):
    reply = ask(little_assistant, "how old for holiday club")
    given = as_json(reply, little_assistant.engine.pack)
    assert set(given) == {"outcome", "status", "text", "citations", "confidence", "language", "easy", "next_steps"}
    assert set(given["citations"][0]) == {"url", "title", "quote", "passage", "page_updated", "checked"}
    assert 0 <= given["confidence"] <= 1 and given["language"] == "en"
    assert given["next_steps"][0] == "Ring the clubs desk on 01632 960001."


def with_risk(assistant: Assistant, *, sure: bool) -> Assistant:
    class Watched(type(assistant.engine)):  # type: ignore[misc]
        def risk(self, text: str) -> Risk:
            return Risk("child_at_risk", 0.6, sure)

    engine = assistant.engine
    return Assistant(Watched(engine.pack, engine.made, engine.encoders, engine.speller, engine.today))


def test_when_sure_help_comes_alone_and_in_doubt_above_the_answer(little_assistant: Assistant):
    pack = little_assistant.engine.pack
    sure = ask(with_risk(little_assistant, sure=True), "how old for holiday club")
    assert sure.outcome is Outcome.SAFEGUARD
    doubt = ask(with_risk(little_assistant, sure=False), "how old for holiday club")
    text = as_text(doubt, pack)
    assert doubt.outcome is Outcome.ANSWER
    assert text.index("999") < text.index("0800 1111") < text.index("8 to 12")
    assert "999" not in as_text(ask(little_assistant, "how old for holiday club"), pack)
