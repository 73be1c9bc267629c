"""What a family needs at a visit, and whether a session has it. Codes only; words are in the pack's phrases."""

from __future__ import annotations

from collections.abc import Iterable

BSL = "bsl"
INTERPRETER = "interpreter"
STEP_FREE = "step_free"
QUIET_ROOM = "quiet_room"
PHONE = "phone"
OTHER = "other"
# In the order a family is asked (ux.md B4).
NEEDS = (INTERPRETER, BSL, STEP_FREE, QUIET_ROOM, PHONE, OTHER)
# What an officer may say of a session. `other` is words, so no session can promise it.
FEATURES = (STEP_FREE, QUIET_ROOM, BSL, INTERPRETER, PHONE)


def coded(codes: Iterable[str]) -> str:
    """The codes as one column keeps them, in a fixed order. Raises `ValueError` for one that is not known."""
    given = set(codes)
    if strangers := given - set(NEEDS):
        raise ValueError(f"{min(strangers)} is not a need: {', '.join(NEEDS)}")
    return " ".join(code for code in NEEDS if code in given)


def unmet(needs: str, features: str, *, online: bool = False) -> tuple[str, ...]:
    """The needs a session does not have, in order. Online nobody climbs stairs; `other` is for a person to judge."""
    has = set(features.split()) | ({STEP_FREE, QUIET_ROOM} if online else set())
    return tuple(code for code in NEEDS if code in needs.split() and code not in has and code != OTHER)
