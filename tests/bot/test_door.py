"""Bad input gets a clear message and never a traceback; a broken line of a batch does not stop the rest."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.batch import answer_lines
from bot.door import BadInputError, read_role, read_text, read_turns


def test_control_characters_become_spaces():
    assert read_text("a\0b\x07c\td\n") == "a b c\td\n"


@pytest.mark.parametrize("value", [None, 3, ["x"], "a\ud800b", "x" * 20_001])
def test_what_is_no_text_is_refused(value: object):
    with pytest.raises(BadInputError):
        read_text(value)


def test_roles():
    assert read_role(None) == "family" and read_role("senco") == "senco"
    with pytest.raises(BadInputError, match="family, senco, young_person"):
        read_role("headteacher")


@pytest.mark.parametrize("row", [{}, {"turns": []}, {"turns": "x"}, {"turns": [1]}, {"turns": ["x"] * 51}])
def test_rows_without_a_message_are_refused(row: dict[str, object]):
    with pytest.raises(BadInputError):
        read_turns(row)


BROKEN = [
    b"not json",
    b"[]",
    b"{}",
    b'{"id": {}, "question": "x"}',
    b"\xff\xfe",
    b'{"id": 1, "question": 4}',
    b"[" * 9999,
]


def test_a_broken_line_yields_an_error_and_the_rest_go_on(little_assistant: Assistant):
    lines = [*BROKEN, b"", b'{"id": "last", "question": "how old for holiday club"}']
    given_back = list(answer_lines(little_assistant, lines))
    assert len(given_back) == len(BROKEN) + 1
    assert all(row["error"] and row["line"] == number for number, row in enumerate(given_back[:-1], start=1))
    assert given_back[-1]["id"] == "last" and given_back[-1]["outcome"] == "answer"


def test_turns_are_one_conversation_and_the_last_reply_is_written(little_assistant: Assistant):
    line = json.dumps({"id": 1, "turns": ["can you help", "2"]}).encode()
    assert [row["citations"][0]["passage"] for row in answer_lines(little_assistant, [line])] == ["fares#fare"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: json.dumps({"id": "x", "question": t}).encode()))
def test_any_line_gets_one_object(little_assistant: Assistant, line: bytes):
    for row in answer_lines(little_assistant, line.splitlines()):
        assert ("error" in row) or row["text"]
