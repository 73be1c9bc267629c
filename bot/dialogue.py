"""The conversation written down as a list, in the order it runs. The last step always replies."""

from __future__ import annotations

from bot.messages import Reply
from bot.steps.answering import answering, chosen, not_found
from bot.steps.booking import booking
from bot.steps.deadlines import deadlines
from bot.steps.easy import easy_words
from bot.steps.edges import nothing_asked, orders, other_council, switched_off, too_long
from bot.steps.law import law_not_held
from bot.steps.privacy import privacy
from bot.steps.urgent import urgent, with_numbers_above
from bot.turn import Step, Turn

STEPS: tuple[Step, ...] = (
    urgent,
    nothing_asked,
    too_long,
    privacy,
    switched_off,
    easy_words,
    chosen,
    orders,
    other_council,
    law_not_held,
    deadlines,
    booking,
    answering,
    not_found,
)
# What is never switched off, and never left to an officer who may not look before Monday.
ALWAYS: tuple[Step, ...] = (urgent, privacy)


def respond(turn: Turn, steps: tuple[Step, ...] = STEPS) -> Reply:
    """The reply of the first of `steps` that has one; the last must."""
    return replied_by(turn, steps)[0]


def replied_by(turn: Turn, steps: tuple[Step, ...] = STEPS) -> tuple[Reply, str]:
    """The reply, and the name of the step it comes from."""
    for step in steps:
        reply = step(turn)
        if reply is not None:
            return with_numbers_above(turn, reply), step.__name__
    raise AssertionError("the last step always replies")
