"""Where one sentence ends and the next begins, good enough for council prose."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?؟।])[\"')\]]?\s+(?=[^\sa-z])")
_NOT_AN_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|No|Mr|Mrs|Ms|Dr|St|v|reg|regs|para)|\b[A-Z])\.$")


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, trimmed, in order; abbreviations and initials do not end one."""
    sentences: list[str] = []
    held = ""
    for line in text.splitlines():
        for part in _END.split(line):
            piece = f"{held} {part}".strip()
            if _NOT_AN_END.search(piece):
                held = piece
                continue
            held = ""
            if piece:
                sentences.append(piece)
        if held:
            sentences.append(held)
            held = ""
    return sentences
