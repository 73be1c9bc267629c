"""The bench counts what it says: seconds inside an encoder, answers of all who ask, and memory."""

from bot.assistant import Assistant
from bot.bench_answer_cli import TimedEncoder, answers_a_second, beside_encoders, growth, resident
from retrieval.encoders import HashingEncoder


def test_seconds_inside_the_encoder_are_counted_once():
    timed = TimedEncoder(HashingEncoder(8))
    assert timed.encode_query(["one question"]).shape == (1, 8)
    assert timed.spent() > 0.0
    assert timed.spent() == 0.0


def test_every_asker_gets_an_answer(little_assistant: Assistant):
    timed = TimedEncoder(HashingEncoder(8))
    assert "2 questions" in beside_encoders(little_assistant, [timed], ["what age are clubs for", "bus fare"])
    assert answers_a_second(little_assistant, ["what age are clubs for"] * 4, 2) > 0.0


def test_growth_and_memory_are_said():
    assert "over 40" in growth(20, 40, searches=2)
    assert resident() > 0
