"""What is known of one website: which host it is, and where the text stands on its pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """`content` is a CSS selector for the text; `drop` are selectors of what is none of it."""

    host: str = ""
    content: str = ""
    drop: tuple[str, ...] = ()
