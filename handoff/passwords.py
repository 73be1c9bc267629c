"""Passwords: Argon2id as OWASP sets it (reliability.md section 6): 19 MiB, two passes, one lane."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is no such account, so that both answers cost the same. It was made of 24 random bytes that
# nobody kept; made anew at each start, it would cost every start a tenth of a second.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$OatvYjtnimcisZhDFcDCEA$01B1A+HDHhrP+ldxs6JhomBpGo15cPMPJv5mk61gguI"


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """True when `password` is the one `kept` was made of. Costs the same for a leaver (`kept` is empty)."""
    try:
        return _HASHER.verify(kept or NOBODY, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def why_weak(password: str) -> str:
    """Why this password will not do; empty when it will (NIST SP 800-63B: length counts, not kinds of letters)."""
    if len(password) < SHORTEST:
        return f"The password is too short: use at least {SHORTEST} characters. Three or four words do well."
    if len(password) > LONGEST:
        return f"The password is too long: use at most {LONGEST} characters."
    if len(set(password.lower())) < 5:
        return "The password repeats itself: use at least five different characters."
    return ""
