"""What a family has answered so far. It travels with the pages, so that nothing is kept before they book."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from handoff.bookings.visit import COMING, TOPICS, Reach, Visit

LONGEST_SO_FAR = 20_000


class SoFarError(Exception):
    """The answers that came back with a page cannot be read: the family begins again."""


@dataclass(frozen=True)
class Answers:
    """Answers by page. `moving` is the link of the booking that is being changed; `waiting` asks for the list.

    `until` is when the hold ends (ISO, UTC); `lines` are the messages of the conversation they may pick from.
    """

    surgery_id: str = ""
    slot_ids: tuple[str, ...] = ()
    hold_id: str = ""
    until: str = ""
    waiting: bool = False
    moving: str = ""
    topic: str = ""
    coming: str = ""
    needs: tuple[str, ...] = ()
    needs_asked: bool = False
    interpreter: str = ""
    other_need: str = ""
    first_name: str = ""
    reach: str = ""
    to: str = ""
    reminders: bool = False
    language: str = "en"
    questions: tuple[str, ...] = ()
    questions_asked: bool = False
    area: str = ""
    online: bool = False
    evening: bool = False

    def but(self, **changed: Any) -> Answers:
        """The same answers with some of them new."""
        return replace(self, **changed)

    def visit(self) -> Visit:
        """The visit as it is booked. Raises `ValueError` for answers that are not whole."""
        return Visit(
            topic=self.topic,
            coming=self.coming,
            first_name=self.first_name,
            reach=Reach(self.reach or Reach.NONE),
            to=self.to,
            reminders=self.reminders,
            needs=self.needs,
            interpreter=self.interpreter,
            other_need=self.other_need,
            questions=self.questions,
            language=self.language,
        )


def packed(answers: Answers) -> str:
    """The answers as one line of text, to travel with a page."""
    given = {name: value for name, value in asdict(answers).items() if value != getattr(NOTHING_YET, name)}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Answers:
    """What `packed` made. Every value is checked again, since it has been in somebody's hands. Raises `SoFarError`."""
    if not text:
        return NOTHING_YET
    try:
        given = json.loads(text) if len(text) <= LONGEST_SO_FAR else None
        if not isinstance(given, dict):
            raise SoFarError
        return _checked(Answers(**{name: _typed(name, value) for name, value in given.items()}))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SoFarError from error


def _typed(name: str, value: object) -> Any:
    kind = KINDS[name]
    if kind is tuple:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise SoFarError
        return tuple(value)
    if type(value) is not kind:
        raise SoFarError
    return value


def _checked(answers: Answers) -> Answers:
    """Raises `SoFarError` for a code that no page offers."""
    fine = (
        answers.topic in ("", *TOPICS)
        and answers.coming in ("", *COMING)
        and answers.reach in ("", *Reach)
        and len(answers.slot_ids) <= 4
    )
    if not fine:
        raise SoFarError
    return answers


NOTHING_YET = Answers()
KINDS = {field.name: type(getattr(NOTHING_YET, field.name)) for field in fields(Answers)}
