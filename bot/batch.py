"""Questions in as JSON lines, answers out as JSON lines. A broken line yields an error and the rest go on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.assistant import Assistant
from bot.door import BadInputError, read_turns
from bot.messages import Incoming, Reply
from bot.plain import as_json
from bot.turn import Past


def converse(assistant: Assistant, turns: Iterable[Incoming]) -> Reply:
    """The last reply of one conversation."""
    past, reply = Past(), None
    for incoming in turns:
        replied = assistant.reply(incoming, past)
        past, reply = replied.past, replied.reply
    assert reply is not None, "read_turns never gives an empty conversation"
    return reply


def answer_lines(assistant: Assistant, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One object a line of input that is not blank, in order."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answered(assistant, number, line)


def _answered(assistant: Assistant, number: int, line: bytes) -> dict[str, Any]:
    id = None
    try:
        row = json.loads(line.decode("utf-8-sig"))
        if not isinstance(row, dict):
            raise BadInputError("expected an object with id and question")
        id = row.get("id")
        if not isinstance(id, str | int | None) or isinstance(id, bool):
            id = None
            raise BadInputError("id must be text or a whole number")
        return {"id": id, **as_json(converse(assistant, read_turns(row)), assistant.engine.pack)}
    except UnicodeDecodeError:
        return {"id": id, "line": number, "error": "this line is not UTF-8 text"}
    except (json.JSONDecodeError, RecursionError):
        return {"id": id, "line": number, "error": "this line is not JSON"}
    except BadInputError as error:
        return {"id": id, "line": number, "error": str(error)}
