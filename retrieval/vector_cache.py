"""Vectors kept from one build to the next, so that only changed texts are encoded again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from retrieval.encoders import Encoder, Vectors


class CachedEncoder:
    """An encoder that remembers. `made` counts the texts it had to encode; `save` keeps only what was used.

    What was made before in the folder `also` is used too, and never written there.
    """

    def __init__(self, encoder: Encoder, folder: Path, also: Path | None = None) -> None:
        self.encoder = encoder
        self.name = encoder.name
        digest = hashlib.sha256(encoder.name.encode()).hexdigest()[:16]
        self.file = folder / f"vectors-{digest}.npz"
        self.known = {**(_read(also / self.file.name) if also else {}), **_read(self.file)}
        self.used: dict[str, Vectors] = {}
        self.made = 0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._look_up("query", texts, self.encoder.encode_query)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._look_up("document", texts, self.encoder.encode_document)

    def save(self) -> None:
        """Write the vectors used since it was made, and forget the others."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(f".{os.getpid()}.npz")
        vectors = np.vstack(list(self.used.values())) if self.used else np.zeros((0, 1), dtype=np.float32)
        np.savez(beside, keys=np.array(list(self.used), dtype="U40"), vectors=vectors)
        beside.replace(self.file)

    def _look_up(self, role: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = [self._key(role, text) for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self.used and key not in self.known
        }
        if missing:
            self.made += len(missing)
            self.used.update(zip(missing, encode(list(missing.values())), strict=True))
        for key in keys:
            if key not in self.used:
                self.used[key] = self.known[key]
        return np.vstack([self.used[key] for key in keys]) if keys else np.zeros((0, 1), dtype=np.float32)

    @staticmethod
    def _key(role: str, text: str) -> str:
        return hashlib.sha256(f"{role}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _read(file: Path) -> dict[str, Vectors]:
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
            return dict(zip((str(key) for key in kept["keys"]), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}  # no cache, or one that a crash cut short: everything is encoded again
