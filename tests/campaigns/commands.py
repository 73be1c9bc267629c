"""What is pressed in a day at the office, and what was told of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    """One press of a button. `of` is the key of the handover or booking it belongs to, `given` what was told before it:
    the hold to book from, the link to cancel by.
    """

    kind: str
    key: str
    who: str
    of: str = ""
    given: str = ""


@dataclass
class Ledger:
    """What somebody was told is done, and what each was told; and what was asked for and never acknowledged."""

    done: dict[Command, str] = field(default_factory=dict)
    open: set[Command] = field(default_factory=set)
