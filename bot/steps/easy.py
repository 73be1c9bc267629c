"""The last answer again, in easy words, when the person writes "easy"."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers import compose
from bot.messages import Outcome, Reply
from bot.turn import Turn
from knowledge.phrases import Phrases

_ASKS = re.compile(
    r"/?(?:please )?(?:(?:can you |could you )?(?:say|put|write|show|give|make|explain)(?: me)?(?: it| that| this)? )?"
    r"(?:in |into |the )?(?:more )?(?:easy|easier|simple|simpler|plain)(?: (?:words?|read|english|version|language))?"
    r"(?: please)?"
)


def easy_words(turn: Turn) -> Reply | None:
    """The section shown last, in easy words; a request with no answer before it is told to ask first."""
    if not asks_for_easy_words(turn.text, turn.pack.phrases):
        return None
    if turn.past.section not in turn.pack.sections:
        heading = turn.say("no_question")
        return Reply(Outcome.CLARIFY, "clarifying_easy_of_what", language=turn.language, heading=heading)
    easier = replace(turn, incoming=replace(turn.incoming, easy=True))
    return compose(easier, turn.pack.sections[turn.past.section], confidence=1.0)


def asks_for_easy_words(text: str, phrases: Phrases) -> bool:
    """True when that is all `text` says: in English, or by the words on the button in any language."""
    said = " ".join(text.lower().split()).rstrip(".!?")
    buttons = (language.phrases.get("easy", "") for language in phrases.languages.values())
    return _ASKS.fullmatch(said) is not None or any(button and said == button.lower() for button in buttons)
