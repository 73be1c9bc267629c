"""What is written to the log: one JSON object a line, of codes and numbers. Never words, names, addresses or tokens.

Nothing is searched for and blacked out: what is not known to be harmless is left out. Our own events are literals in
the code (a house test reads them there) with named codes and numbers; of a library's message only the place in the
code is kept, because libraries write what they were working on into theirs; of an exception only its kind and where.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,63}")
EVENT = re.compile(r"[a-z][a-z0-9_]{0,47}")
# What an event of ours may carry. A word here must only ever be given a code of our own, never what somebody wrote.
CODES = frozenset(
    "event level room logger at method channel kind fault state part act outcome worker where queue chore error".split()
)
NUMBERS = frozenset("attempt count seconds freed died dropped status sent later dead rows port removed".split())
ROOMS = ("bot", "knowledge", "retrieval", "handoff")
ROOT = Path(__file__).parent.parent


def configure(level: str = "info", *, redact: bool = True, stream: TextIO | None = None) -> None:
    """Send every log line, warning and uncaught exception of this process to `stream` (stderr), redacted.

    `redact=False` is the control of campaign P2 and of nothing else.
    """
    wanted = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    to = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="at"),
            only_codes if redact else structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=repr),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(wanted),
        logger_factory=structlog.PrintLoggerFactory(to),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(_Library(redact))
    root = logging.getLogger()
    root.handlers, root.level = [handler], wanted
    # It notes every migration it looked at, each time the tables are looked at.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(True)
    # A formatting fault would otherwise print the message and its values to stderr.
    logging.raiseExceptions = not redact
    if redact:
        sys.excepthook = _uncaught
        threading.excepthook = lambda given: _uncaught(given.exc_type, given.exc_value, given.exc_traceback)
        sys.unraisablehook = lambda given: _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def only_codes(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The event with nothing in it but codes, numbers and, of an exception, its kind and place."""
    kept: EventDict = {}
    for name, value in event.items():
        if name == "exc_info":
            kept.update(_kind_and_place(value))
        elif _harmless(name, value):
            kept[name] = value
    left_out = len(event) - len(kept.keys() & event.keys()) - ("exc_info" in event)
    if left_out:
        kept["removed"] = left_out
    return kept


def _harmless(name: str, value: object) -> bool:
    if name in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "at":
        return isinstance(value, str) and len(value) <= 32
    if name == "event":
        return isinstance(value, str) and EVENT.fullmatch(value) is not None
    return name in CODES and isinstance(value, str) and CODE.fullmatch(value) is not None


def _kind_and_place(exc_info: object) -> dict[str, str]:
    error = sys.exc_info()[1] if exc_info is True else exc_info
    if isinstance(error, tuple):
        error = error[1]
    if not isinstance(error, BaseException):
        return {}
    return {"error": _kinds(error), "where": _place(error.__traceback__)}


def _kinds(error: BaseException) -> str:
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < 4:
        names.append(type(seen).__name__)
        seen = seen.__cause__ or seen.__context__
    return ":".join(names)[:64]


def _place(trace: TracebackType | None) -> str:
    """The last line of ours that the exception passed, or the last line at all."""
    frames = traceback.extract_tb(trace)
    ours = [
        frame for frame in frames if Path(frame.filename).is_relative_to(ROOT) and "site-packages" not in frame.filename
    ]
    if not frames:
        return "unknown"
    last = (ours or frames)[-1]
    return f"{'/'.join(Path(last.filename).parts[-2:])}:{last.lineno}"[:64]


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in ROOMS


class _Library(logging.Formatter):
    """A library's record as a line of ours: which library, where, how grave, and an exception's kind."""

    def __init__(self, redact: bool) -> None:
        super().__init__()
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        if not self.redact:
            return super().format(record)
        event: EventDict = {
            "event": "library",
            "level": record.levelname.lower(),
            "at": structlog.processors.TimeStamper(fmt="iso", key="at")(None, "", {})["at"],
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}"[:64],
        }
        if record.exc_info:
            event["exc_info"] = record.exc_info
        rendered: Callable[..., Any] = structlog.processors.JSONRenderer()
        return str(rendered(None, "", only_codes(None, "", event)))


def _uncaught(_kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or isinstance(error, KeyboardInterrupt):
        return
    structlog.get_logger(room="process").critical(
        "uncaught", error=_kinds(error), where=_place(trace or error.__traceback__)
    )
