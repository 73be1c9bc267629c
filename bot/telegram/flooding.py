"""A chat that writes faster than anybody reads is asked to wait, once a minute, and does not slow the others.

What a rule takes for danger never comes here: it was answered when it arrived.
"""

from __future__ import annotations

import time

from bot.limits import RATES, Limits, Rate
from bot.telegram.caller import Caller, Told, told
from bot.telegram.parts import Say

NOTHING = Told(())


def chat_limits(a_minute: int) -> Limits | None:
    """So many messages a minute from one chat; none for 0."""
    if not a_minute:
        return None
    return Limits(time.monotonic, {**RATES, "conversation": Rate(a_minute, a_minute)})


def slowed(caller: Caller) -> Told | None:
    """What to say instead of acting, perhaps nothing; none while the chat keeps to its pace."""
    limits = caller.house.limits
    if limits is None:
        return None
    pressed = caller.came.kind == "press"
    if not limits.wait(("press" if pressed else "conversation", caller.address)):
        return None
    if pressed:
        return told(*caller.toast("tg_wait_press"))
    if limits.wait(("notice", caller.address)):
        return NOTHING
    return told(Say(caller.html("tg_wait"), ((caller.person(),), *caller.way_back())))
