"""How families name a case: a reference they can read out, and a link nobody can guess."""

from __future__ import annotations

import hashlib

from handoff.desk import Desk

# No vowels, so that no word is spelt, and no letters or digits that look alike (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
LETTERS = "34679CDFGHJKMNPQRTWXY"
LETTER_COUNT = 6


def letters_from(seed: str, count: int) -> str:
    """`count` letters, at most 29, drawn from `seed`: as hard to guess as the seed is."""
    number, letters = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16]), []
    for _ in range(count):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)


def reference_from(desk: Desk, id: str) -> str:
    """A reference like HS-4F7K-93, drawn from the random `id`."""
    letters = letters_from(f"reference:{id}", LETTER_COUNT)
    return f"{desk.prefix}-{letters[:4]}-{letters[4:]}"


def status_token(desk: Desk, case_id: str) -> str:
    """The token of a case's status page: 128 bits that only someone with this council's keys can work out.

    It is kept nowhere, so neither the database nor a copy of it opens a family's page.
    """
    return desk.vault.fingerprint(f"{desk.pack}:status:{case_id}")[:32]


def kept_token(token: str) -> str:
    """What the database keeps of a token (`Case.status_token`): enough to find the case, not to open its page."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def status_path(desk: Desk, case_id: str) -> str:
    """The path of a case's status page. Whoever has it sees what the family may see: it goes to the family alone."""
    return f"/status/{status_token(desk, case_id)}"
