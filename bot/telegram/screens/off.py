"""The chat while the council has switched it off: numbers to ring in danger, and how to reach a person."""

from __future__ import annotations

from bot.steps.urgent import numbers
from bot.telegram.caller import Caller
from bot.telegram.markup import escape
from bot.telegram.parts import Parts, Say


def switched_off(caller: Caller) -> Parts:
    """That it is off, whom to ring, whom to ask."""
    pack = caller.house.pack
    person = pack.contacts["local_offer"]
    lines = [caller.html("tg_off"), escape(f"{person.name}: {person.says('contact')}")]
    lines += [escape(text) for text in numbers(pack, caller.language)]
    return (Say("\n\n".join(lines), caller.way_back()),)
