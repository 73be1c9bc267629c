"""The flow itself: which page comes next, and what an answered page makes the desk do. Pure; effects are values."""

from __future__ import annotations

from enum import StrEnum

from bot.booking.answers import Answers
from bot.booking.page import At


class Effect(StrEnum):
    """What the desk is asked to do once a page is answered."""

    NOTHING = "nothing"
    HOLD = "hold"
    BOOK = "book"
    MOVE = "move"
    JOIN = "join"


def next_page(answers: Answers, *, lines: bool) -> At:
    """The first page that still needs an answer; `lines` when there are messages they may share."""
    if not answers.surgery_id:
        return At.DATES
    if not answers.waiting and not (answers.slot_ids and answers.hold_id):
        return At.TIMES
    if answers.moving:
        return At.CHECK
    questions = (
        (At.VISIT, bool(answers.topic and answers.coming)),
        (At.NEEDS, answers.needs_asked),
        (At.CONTACT, bool(answers.first_name and answers.reach)),
        (At.QUESTIONS, answers.questions_asked or not lines),
    )
    return next((at for at, is_answered in questions if not is_answered), At.CHECK)


def effect_of(at: At, answers: Answers) -> Effect:
    """What answering this page without fault asks the desk to do."""
    if at is At.TIMES and not answers.waiting:
        return Effect.HOLD
    if at is not At.CHECK:
        return Effect.NOTHING
    if answers.waiting:
        return Effect.JOIN
    return Effect.MOVE if answers.moving else Effect.BOOK
