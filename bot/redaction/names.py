"""People's names: found where something announces them, then hidden at every mention."""

from __future__ import annotations

from bot.redaction.announced import announced_names
from bot.redaction.keeping import Keeping
from bot.redaction.languages import introduced_names
from bot.redaction.message import Message, Run
from bot.redaction.spans import Redaction
from bot.redaction.vocabulary import is_ordinary

JOINERS = str.maketrans("", "", "'-")
SHORTEST_PART = 3
SHORTEST_MENTION = 2


def find_names(view: str, keeping: Keeping) -> list[Redaction]:
    """Every name in `view`, and every later and earlier mention of each."""
    message = Message.read(view, keeping)
    runs = [*announced_names(message), *introduced_names(message)]
    if not runs:
        return []
    words = {at for start, end in runs for at in range(start, end)}
    words |= mentions(message, words)
    return [name_at(message, run) for run in join_neighbours(message, sorted(words))]


def mentions(message: Message, words: set[int]) -> set[int]:
    """Where the names at `words` come up again, in any case, with or without an 's."""
    known: set[str] = set()
    shaky: set[str] = set()
    for at in words:
        for part in parts_of(message.tokens[at].low):
            (shaky if is_ordinary(part) else known).add(part)
    return {at for at in range(len(message.tokens)) if at not in words and is_mention(message, at, known, shaky)}


def parts_of(low: str) -> set[str]:
    """The forms a name may come back in: whole, without its hyphen or apostrophe, and each half."""
    parts = {low, low.translate(JOINERS)} | {part for part in low.split("-") if len(part) >= SHORTEST_PART}
    return {part for part in parts if len(part) >= SHORTEST_MENTION}


def is_mention(message: Message, at: int, known: set[str], shaky: set[str]) -> bool:
    """Whether the word at `at` is one of the names; "will" and "summer" need a capital inside a sentence."""
    token = message.tokens[at]
    if at in message.allowed:
        return False
    forms = parts_of(token.low)
    if token.low.endswith("s") and len(token.low) > SHORTEST_PART and not is_ordinary(token.low):
        forms |= parts_of(token.low[:-1])
    if forms & known:
        return True
    return bool(forms & shaky) and token.titled and (not token.opens or message.shows_person(at))


def join_neighbours(message: Message, words: list[int]) -> list[Run]:
    """Consecutive name words as one name."""
    runs: list[Run] = []
    for at in words:
        if runs and runs[-1][1] == at and message.tokens[at].joined and not message.tokens[at - 1].owns:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def name_at(message: Message, run: Run) -> Redaction:
    """The span of one name, without its possessive."""
    return Redaction("name", message.tokens[run[0]].start, message.tokens[run[1] - 1].end)
