"""The log says what happened and where, and never what somebody wrote, who they are or how they are reached."""

from __future__ import annotations

import ast
import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.logs import configure, only_codes

ROOT = Path(__file__).parent.parent.parent
CANARY = "Yusuf Amin, 12 High Street"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything this process logs while the test runs; the process's own hooks are put back afterwards."""
    root = logging.getLogger()
    kept = (root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    raises = logging.raiseExceptions
    stream = io.StringIO()
    configure("debug", stream=stream)
    yield stream
    root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = kept
    logging.raiseExceptions = raises
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_an_event_keeps_its_codes_and_numbers(log: io.StringIO) -> None:
    structlog.get_logger(room="courier").warning("letter_failed", channel="email", attempt=2, fault="smtp_451")
    (line,) = lines(log)
    assert line.pop("at")
    assert line == {
        "event": "letter_failed",
        "level": "warning",
        "room": "courier",
        "channel": "email",
        "attempt": 2,
        "fault": "smtp_451",
    }


def test_what_is_not_known_to_be_harmless_is_left_out(log: io.StringIO) -> None:
    structlog.get_logger().info(
        CANARY, channel=CANARY, text="hello", attempt=CANARY, token="abc", person=b"x", fault={"a": CANARY}, at=CANARY
    )
    (line,) = lines(log)
    assert CANARY not in log.getvalue() and "hello" not in log.getvalue() and "abc" not in log.getvalue()
    assert line["removed"] == 7


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.binary(), st.integers(), st.none(), st.lists(st.text()))))
def test_whatever_an_event_carries_only_known_names_with_codes_and_numbers_stay(event: dict[str, object]) -> None:
    for name, value in only_codes(None, "", dict(event)).items():
        assert name in logs.CODES | logs.NUMBERS
        assert isinstance(value, int | float) or logs.CODE.fullmatch(str(value)) or name == "at"


def test_of_an_exception_the_log_keeps_its_kind_and_its_place(log: io.StringIO) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"no such child: {CANARY}") from error
    except ValueError:
        structlog.get_logger().exception("turn_failed")
    (line,) = lines(log)
    assert line["error"] == "ValueError:KeyError"
    assert str(line["where"]).startswith("bot/test_logs.py:")
    assert CANARY not in log.getvalue()


def test_a_librarys_words_are_not_kept(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").info("started %s", CANARY)
    logging.getLogger("asyncio").error(f"Task failed: {CANARY}", exc_info=ValueError(CANARY))
    with warnings.catch_warnings():
        # The test runner keeps warnings to itself: hand them back to the log for a moment.
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(CANARY, stacklevel=1)
    # This cannot be formatted, and logging itself would print the values then.
    logging.getLogger("x").info("%d %s", *[CANARY])
    assert CANARY not in log.getvalue()
    assert [line["logger"] for line in lines(log)] == ["uvicorn.error", "asyncio", "py.warnings", "x"]
    assert lines(log)[1]["error"] == "ValueError"


def test_uncaught_exceptions_are_lines_of_their_kind(log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    def fall() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()
    try:
        fall()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)

    async def lose_a_task() -> None:
        asyncio.get_running_loop().call_exception_handler({"message": CANARY, "exception": ValueError(CANARY)})

    asyncio.run(lose_a_task())
    said = log.getvalue() + "".join(capfd.readouterr())
    assert CANARY not in said
    assert [line["event"] for line in lines(log) if line.get("error") == "ValueError"] == [
        "uncaught",
        "uncaught",
        "library",
    ]


@pytest.mark.parametrize(
    "statement", ["INSERT INTO nothing VALUES (:text)", "SELECT * FROM person WHERE nothing = :text"]
)
def test_an_exception_of_the_database_does_not_hold_what_the_statement_was_given(
    engine: Engine, statement: str
) -> None:
    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.execute(text(statement), {"text": CANARY})
    assert CANARY not in str(raised.value)


def test_with_redaction_off_the_words_are_there() -> None:
    root = logging.getLogger()
    kept = (root.handlers, root.level)
    stream = io.StringIO()
    try:
        configure("debug", redact=False, stream=stream)
        structlog.get_logger().info("told", text=CANARY)
        logging.getLogger("uvicorn.error").error("failed: %s", CANARY)
    finally:
        root.handlers, root.level = kept
        logging.captureWarnings(False)
        structlog.reset_defaults()
    assert stream.getvalue().count(CANARY) == 2


@pytest.mark.parametrize("room", ["bot", "handoff"])
def test_every_event_is_a_literal_so_that_no_words_can_become_one(room: str) -> None:
    found = []
    for file in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func):
                found += [f"{file.name}:{node.lineno}"] if not isinstance(node.args[0], ast.Constant) else []
    assert found == []


def _is_log(call: ast.Attribute) -> bool:
    levels = {"debug", "info", "warning", "error", "critical", "exception"}
    return call.attr in levels and "log" in ast.unparse(call.value)
