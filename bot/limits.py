"""How often one may ask: by conversation, by address and by council, with room for a school behind one address.

Buckets fill steadily up to a burst. Addresses are never written down: they are hashed with a salt of this process.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

MOST_BUCKETS = 50_000


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `a_minute`."""

    burst: int
    a_minute: int


# Three hundred people behind one address ask 300 questions within a minute and go on: 600 at once, 600 a minute.
RATES = {
    "conversation": Rate(burst=12, a_minute=12),
    "address": Rate(burst=600, a_minute=600),
    "council": Rate(burst=3000, a_minute=3000),
    "handover": Rate(burst=5, a_minute=1),
    "letter": Rate(burst=3, a_minute=1),
    "feedback": Rate(burst=30, a_minute=10),
    # Somebody filling in a form in a chat presses often; that they write too fast is said once a minute.
    "press": Rate(burst=60, a_minute=60),
    "notice": Rate(burst=1, a_minute=1),
}


def rates_for(address: int, council: int) -> dict[str, Rate]:
    """The rates, with so many messages a minute from one address and in all."""
    return {**RATES, "address": Rate(address, address), "council": Rate(council, council)}


@dataclass
class Limits:
    """Buckets in the memory of this process. `clock` counts seconds and never goes back."""

    clock: Callable[[], float]
    rates: dict[str, Rate] = field(default_factory=lambda: dict(RATES))
    _levels: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def wait(self, *what: tuple[str, str]) -> int:
        """Take one from each bucket `(kind, whose)`; nought, or the seconds to wait when one of them is empty.

        When one is empty nothing is taken from the others.
        """
        with self._lock:
            now = self.clock()
            if len(self._levels) > MOST_BUCKETS:
                self._forget_full(now)
            keys = [(kind, self._hash(whose)) for kind, whose in what]
            levels = [self._level(key, now) for key in keys]
            short = [
                ceil((1 - level) * 60 / self.rates[kind].a_minute)
                for (kind, _), level in zip(keys, levels, strict=True)
                if level < 1
            ]
            if short:
                return max(short)
            for key, level in zip(keys, levels, strict=True):
                self._levels[key] = (level - 1, now)
            return 0

    def _level(self, key: tuple[str, str], now: float) -> float:
        rate = self.rates[key[0]]
        level, then = self._levels.get(key, (float(rate.burst), now))
        return min(float(rate.burst), level + (now - then) * rate.a_minute / 60)

    def _forget_full(self, now: float) -> None:
        kept = {key: (self._level(key, now), now) for key in self._levels}
        self._levels = {key: pair for key, pair in kept.items() if pair[0] < self.rates[key[0]].burst}

    def _hash(self, whose: str) -> str:
        return hashlib.blake2b(whose.encode("utf-8", "replace"), key=self._salt, digest_size=12).hexdigest()


def network_of(address: str) -> str:
    """The address, or for IPv6 the /64 that one household or school has."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(ipaddress.ip_network((read, 64), strict=False).network_address)
