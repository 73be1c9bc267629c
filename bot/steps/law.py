"""A question about a law that the pack does not hold is not answered from something near it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import GENERAL, person_lines
from bot.messages import Outcome, Reply
from bot.nearest import with_nearest
from bot.turn import Turn

# "the Care Act 2014", "special needs parents rights act 2019", "Regulation 47B", "clause 9".
_NAMED = re.compile(
    r"\b(?P<act>(?:[\w'’&-]+ ){1,10}?(?i:act|bill|regulations|code of practice))(?: of)?,? ?\(?(?P<year>(?:19"
    r"|20)\d\d)\)?"
    r"|\b(?P<capital>(?:(?:[A-Z][\w'’&-]*|of|and|for|the|\() ){1,9}(?:Act|Bill|Regulations|Code of Practice))\b",
)
_NUMBERED = re.compile(r"\b(?:regulation|clause|schedule) \d+\w?\b(?! ?(?:pm|am)\b)", re.IGNORECASE)
_SMALL = frozenset(
    "the of and for under in by does what is say says law a an to about new our my this that per with".split()
)


def law_not_held(turn: Turn) -> Reply | None:
    """The message names a law, or a numbered part of one, that the pack lacks: say so, with near pages and a person."""
    named = unknown_law(turn.text, turn.pack.laws)
    if named is None:
        return None
    found = turn.search(turn.text)
    reply = Reply(
        outcome=Outcome.ABSTAIN,
        status="abstained_law_not_held",
        language=turn.language,
        heading=turn.say("abstain"),
        lead=(turn.say("greeting"),) if turn.language != "en" else (),
        notes=(turn.say("law_not_held"),),
        person=person_lines(turn, turn.pack.queues[GENERAL]),
    )
    return with_nearest(turn, reply, found.hits, found.searched)


def unknown_law(text: str, held: Sequence[str]) -> str | None:
    """The first law that `text` names and `held` does not, or none. `held` are names, with their years."""
    for found in _NAMED.finditer(_lowered_starts(text)):
        name, year = found["act"] or found["capital"], found["year"]
        if not any(_same(name, year, law) for law in held):
            return found[0].strip()
    numbered = _NUMBERED.search(text)
    return numbered[0] if numbered and not any(numbered[0].lower() == law.lower() for law in held) else None


def _lowered_starts(text: str) -> str:
    """The first word of a sentence has a capital for no other reason."""
    return re.sub(r"(^|[.?!] )([A-Z])(?=\w* )", lambda start: start[1] + start[2].lower(), text)


def _same(name: str, year: str | None, law: str) -> bool:
    words = [word for word in re.findall(r"\w+", name.lower()) if word not in _SMALL]
    known = re.findall(r"\w+", law.lower())
    years = [word for word in known if re.fullmatch(r"(?:19|20)\d\d", word)]
    known = [word for word in known if word not in _SMALL and word not in years]
    return words[-len(known) :] == known and (not year or not years or year in years)
