"""Messages that are no question for this council: empty, too long, or about another council."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from bot.answers import GENERAL, person_lines
from bot.messages import LONGEST, Outcome, Reply, Role
from bot.orders import asks_something, gives_orders, without_orders
from bot.turn import Turn
from knowledge.glossary import whole_words
from knowledge.pack import Pack


def nothing_asked(turn: Turn) -> Reply | None:
    """A message with no letter or digit in it asks nothing."""
    if any(char.isalnum() for char in turn.text):
        return None
    return _short(turn, "clarifying_nothing_asked", Outcome.CLARIFY, turn.say("no_question"))


def too_long(turn: Turn) -> Reply | None:
    """Past `LONGEST` characters the message is refused, with the limit; nothing of it is used."""
    if len(turn.incoming.text) <= LONGEST:
        return None
    return _short(turn, "clarifying_too_long", Outcome.CLARIFY, turn.say("too_long", limit=f"{LONGEST:,}"))


def other_council(turn: Turn) -> Reply | None:
    """A family's question that names another council and not this one is that council's to answer."""
    if turn.incoming.role is Role.SENCO:
        return None
    other = _names(turn.pack.other_councils).search(turn.text)
    if other is None or _names(turn.pack.local_names).search(turn.text):
        return None
    name = next(name for name in turn.pack.other_councils if name.lower() == other[0].lower())
    says = turn.say("other_council", other=name, council=turn.pack.council)
    reply = _short(turn, "out_of_area_other_council", Outcome.OUT_OF_AREA, says)
    return replace(reply, person=person_lines(turn, turn.pack.queues[GENERAL]))


def switched_off(turn: Turn) -> Reply | None:
    """Nothing is looked up while the council has switched answers off."""
    return answering_is_off(turn.pack, turn.language) if turn.incoming.answers_off else None


def orders(turn: Turn) -> Reply | None:
    """A message that only tells the machine what to be or to say asks nothing; what it orders is not done."""
    if not gives_orders(turn.text) or asks_something(without_orders(turn.text)):
        return None
    says = turn.say("not_obeyed", council=turn.pack.council)
    person = person_lines(turn, turn.pack.queues[GENERAL])
    reply = _short(turn, "out_of_area_orders", Outcome.OUT_OF_AREA, says)
    return replace(reply, person=person)


def answering_is_off(pack: Pack, language: str) -> Reply:
    """What is said while the council has switched answers off: why not, and who to ask."""
    says = pack.phrases.say("answering_off", language)
    person = pack.contacts["local_offer"]
    return Reply(
        outcome=Outcome.ABSTAIN,
        status="switched_off",
        language=language,
        heading=says,
        person=(f"{person.name}: {person.says('contact')}",),
    )


def with_an_officer(pack: Pack, language: str) -> Reply:
    """What is said when an officer has the conversation: the message is with them, and Askwell keeps quiet."""
    says = pack.phrases.say("with_officer", language)
    return Reply(outcome=Outcome.HANDOFF, status="with_an_officer", language=language, heading=says)


@lru_cache(maxsize=8)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    return whole_words(names)


def _short(turn: Turn, status: str, outcome: Outcome, text: str) -> Reply:
    return Reply(outcome=outcome, status=status, language=turn.language, heading=text)
