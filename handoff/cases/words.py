"""What somebody wrote into a form: long enough to say something, short enough to keep, and the same when sent twice."""

from __future__ import annotations

from handoff.cases.errors import NotNowError
from handoff.receipts import KeyReusedError

LONGEST = 5000


def as_written(text: str) -> str:
    """The text without the empty space around it. Raises `NotNowError` for one that is empty or too long."""
    kept = text.replace("\x00", "").strip()
    if not kept:
        raise NotNowError("Write your message first.")
    if len(kept) > LONGEST:
        raise NotNowError(f"That is too long. Use {LONGEST} characters or fewer.")
    return kept


def same_again(before: str, now: str) -> None:
    """A form sent twice must say the same. Raises `KeyReusedError` when it does not."""
    if before != now.replace("\x00", "").strip():
        raise KeyReusedError("This form was sent before with another text. Open it again and send it once more.")
