"""What was found out about a text a moment ago, so that one message is judged once however often it is asked about."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Result = TypeVar("Result")
MOST = 256


@dataclass(frozen=True)
class Recent(Generic[Result]):
    """The results of `work` for the last `most` texts. A text is known by a keyed hash: its words are not kept."""

    work: Callable[[str], Result]
    most: int = MOST
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _known: OrderedDict[bytes, Result] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self, text: str) -> Result:
        """What `work` says of `text`. Raises what it raises, and keeps nothing then."""
        name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=self._key).digest()
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        result = self.work(text)
        with self._lock:
            self._known[name] = result
            while len(self._known) > self.most:
                self._known.popitem(last=False)
        return result
