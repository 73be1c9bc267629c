"""The clock in conversation: the little council with the law's own rules, on Monday 23 November 2026."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from little_council import little_engine

from bot.assistant import Assistant
from bot.batch import converse
from bot.messages import Incoming, Outcome, Reply
from bot.plain import as_json, as_text
from knowledge.calendar import read_calendar
from knowledge.deadline_records import read_deadlines
from knowledge.pack import PACKS, Pack
from knowledge.records import read_sources
from knowledge.routing import Queue

THEY_GOT_IT = "they got it on Friday 3 October, when must they decide?"


def with_clock(pack: Pack) -> Pack:
    """The little council with Hounslow's clock, calendar and the pages behind them."""
    hounslow = PACKS / "hounslow"
    (_, sources), _ = read_sources(hounslow)
    send = Queue("send", "SEN team", "plans", 20, contact="clubs")
    return replace(
        pack,
        deadlines=read_deadlines(hounslow)[0],
        calendar=read_calendar(hounslow)[0],
        sources={**sources, **pack.sources},
        queues={**pack.queues, "send": send},
    )


@pytest.fixture
def assistant(little_pack: Pack) -> Assistant:
    return Assistant(little_engine(with_clock(little_pack)))


def ask(assistant: Assistant, *messages: str, language: str | None = None) -> Reply:
    return converse(assistant, [Incoming(message, language=language) for message in messages])


def shown(assistant: Assistant, reply: Reply) -> str:
    return as_text(reply, assistant.engine.pack)


def test_a_date_an_event_and_a_question_give_the_dates_with_rule_and_source(assistant: Assistant):
    reply = ask(assistant, "they got it on Friday 2 October 2026, when must they decide?")
    assert (reply.outcome, reply.status) == (Outcome.ANSWER, "answered_dates")
    assert reply.heading == "The council got the request on Friday 2 October 2026"
    assert reply.body[0].text.startswith("By Friday 13 November 2026: The council must decide whether to assess")
    text = shown(assistant, reply)
    assert "Friday 22 January 2027" in text and "Friday 19 February 2027" in text
    assert "The rule: Within 6 weeks of getting the request." in text
    assert "This day has passed." in text
    assert "impractical" in text and "never a general pause for summer" in text
    assert "not a decision or legal advice" in text and "SENDIASS and IPSEA are independent" in text
    assert "clubs desk: 01632 960001" in text


def test_the_rule_is_what_is_quoted_from_its_page(assistant: Assistant):
    reply = ask(assistant, "they got it on 2/10/2026, when must they decide?")
    law = next(one for one in reply.citations if one.url and one.url.endswith("2014/1530/regulation/5"))
    assert law.quote.startswith("Within 6 weeks of getting the request.")
    assert law.number in reply.body[0].said[3].numbers
    assert as_json(reply, assistant.engine.pack)["citations"][0]["passage"] == "deadlines#request-received"


def test_a_year_that_was_not_typed_is_told(assistant: Assistant):
    reply = ask(assistant, "I got the refusal letter on 12 June, how long do I have to appeal?")
    assert reply.notes[0] == "You gave no year, so I used 2026."
    text = shown(assistant, reply)
    assert "By 5pm on Tuesday 1 September 2026" in text and "first working day after 31 August" in text
    assert "Check the date on your letter." in text and "If you have a mediation certificate" in text


def test_after_a_review_the_new_plan_has_its_date(assistant: Assistant):
    text = shown(assistant, ask(assistant, "annual review was 5 May when do we get the new plan"))
    assert "By Tuesday 28 July 2026: If the plan is amended, you must have the final plan." in text


def test_what_is_uncertain_is_named(assistant: Assistant):
    text = shown(assistant, ask(assistant, "final plan issued 4 March 2026 when is the first review due?"))
    assert "Not certain: The last day can be read in two ways." in text
    assert "The other reading gives Wednesday 3 March 2027." in text


def test_a_date_with_several_readings_gets_one_question_with_choices(assistant: Assistant):
    reply = ask(assistant, THEY_GOT_IT)
    assert (reply.outcome, reply.heading) == (Outcome.CLARIFY, "Which date do you mean?")
    assert reply.body[0].text == "The weekday and the date do not match."
    assert reply.choices == (
        "The council got the request on Friday 3 October 2025",
        "The council got the request on Friday 2 October 2026",
        "The council got the request on Saturday 3 October 2026",
    )


@pytest.mark.parametrize(
    "answer",
    ["2", "The council got the request on Friday 2 October 2026", "2/10/26", "it was Friday 2 October 2026."],
)
def test_a_choice_is_taken_by_number_by_its_words_or_by_a_date(assistant: Assistant, answer: str):
    reply = ask(assistant, THEY_GOT_IT, answer)
    assert reply.heading == "The council got the request on Friday 2 October 2026"


def test_a_choice_needs_no_memory(assistant: Assistant):
    for choice in ask(assistant, THEY_GOT_IT).choices:
        assert ask(assistant, choice).heading == choice


@pytest.mark.parametrize("answer", ["9", "0", "none of them", "how old for holiday club"])
def test_anything_else_after_the_question_is_an_ordinary_message(assistant: Assistant, answer: str):
    reply = ask(assistant, THEY_GOT_IT, answer)
    assert reply.status not in ("answered_dates", "clarifying_date")


def test_two_dates_of_which_one_is_in_doubt_keep_the_other_in_the_choices(assistant: Assistant):
    asked = "letter dated 1 October 2026, mediation certificate Monday 1 November 2026, when must I appeal by"
    reply = ask(assistant, asked)
    assert reply.outcome is Outcome.CLARIFY and len(reply.choices) >= 2
    assert all(
        choice.startswith("The decision letter is dated Thursday 1 October 2026 and") for choice in reply.choices
    )
    assert "mediation certificate is dated" in ask(assistant, asked, "1").heading
    dated = ask(assistant, asked, "2 November 2026")
    assert dated.heading.endswith("the mediation certificate is dated Monday 2 November 2026")


def test_the_question_may_come_first_and_the_date_in_the_next_message(assistant: Assistant):
    said = assistant.reply(Incoming("can you help"))
    remembered = replace(
        said.past, asked=("I asked for an EHC assessment, when must they decide?",), labels=(), choices=()
    )
    reply = assistant.reply(Incoming("they got it on 2 October 2026"), remembered).reply
    assert reply.heading == "The council got the request on Friday 2 October 2026"


def test_a_second_date_may_follow_in_the_next_message(assistant: Assistant):
    first = "I got the refusal letter on 12 June 2026, how long do I have to appeal?"
    said = assistant.reply(Incoming(first))
    remembered = replace(said.past, asked=(first,))
    reply = assistant.reply(Incoming("my mediation certificate is dated 20 August 2026"), remembered).reply
    assert reply.heading.endswith("and the mediation certificate is dated Thursday 20 August 2026")
    assert "By 5pm on Monday 21 September 2026" in shown(assistant, reply)
    other = assistant.reply(Incoming("we go on holiday on 20 August 2026"), remembered).reply
    assert other.status != "answered_dates"


@pytest.mark.parametrize(
    "question",
    [
        "how old for holiday club on 3 October",
        "I got the refusal letter for the bus pass on 12 June, how long do I have to appeal?",
        "how long does a council have to decide",
        "child fare on the 65 bus, they got it on 3 October",
    ],
)
def test_ordinary_questions_keep_their_ordinary_answer(assistant: Assistant, little_pack: Pack, question: str):
    plain = Assistant(little_engine(little_pack))
    assert ask(assistant, question) == ask(plain, question)


def test_a_pack_without_a_clock_never_answers_with_dates(little_assistant: Assistant):
    assert ask(little_assistant, THEY_GOT_IT).status not in ("answered_dates", "clarifying_date")


def test_help_comes_first(assistant: Assistant):
    reply = ask(assistant, f"my husband is hitting me right now. {THEY_GOT_IT}")
    assert reply.outcome is Outcome.SAFEGUARD


def test_another_council_is_asked_about_first(assistant: Assistant):
    assert ask(assistant, f"i live in bigtown, {THEY_GOT_IT}").outcome is Outcome.OUT_OF_AREA


def test_past_the_review_date_of_a_page_no_date_is_worked_out(little_pack: Pack):
    late = Assistant(little_engine(with_clock(little_pack), date(2027, 5, 22)))
    assert ask(late, "they got it on 2 October 2026, when must they decide?").status != "answered_dates"


def test_a_date_of_birth_is_neither_asked_for_nor_used(assistant: Assistant):
    reply = ask(assistant, "my son, born 3 October 2016, they got it on 2 October 2026, when must they decide?")
    text = shown(assistant, reply)
    assert reply.status == "answered_dates"
    assert "2016" not in text and "born" not in text and "date of birth" not in text
    assert "I hid some details to protect you." in text


def test_in_another_language_the_words_around_are_theirs_and_the_rule_is_english(assistant: Assistant):
    reply = ask(assistant, "They got it on 2 October 2026, when must they decide?", language="pl")
    assert reply.language == "pl" and len(reply.lead) == 2
    assert reply.lead[0] != assistant.engine.pack.phrases.say("greeting")
    assert "Friday 13 November 2026" in shown(assistant, reply)


def test_in_another_language_without_the_event_in_words_it_knows_the_ordinary_answer_stands(assistant: Assistant):
    reply = ask(assistant, "Gmina dostała wniosek 2.10.2026. Kiedy musi zdecydować o ocenie mojego syna?")
    assert reply.status != "answered_dates"


@pytest.mark.parametrize(
    "file", sorted(Path(PACKS / "hounslow" / "phrases").glob("*.yaml")), ids=lambda file: file.stem
)
def test_every_language_can_close_a_date_with_what_it_is_not(file: Path):
    assert "  information:" in file.read_text(encoding="utf-8")
