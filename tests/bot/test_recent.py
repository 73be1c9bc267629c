"""A text is judged once however often it is asked about, and its words are not kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.recent import Recent
from bot.recent_queries import remembering
from retrieval.encoders import HashingEncoder, Vectors
from retrieval.search import Encoders


def test_the_same_text_is_judged_once_and_another_again() -> None:
    asked: list[str] = []
    recent = Recent[int](lambda text: asked.append(text) or len(text))  # type: ignore[func-returns-value]
    assert [recent("Amina"), recent("Amina"), recent("Ben")] == [5, 5, 3]
    assert asked == ["Amina", "Ben"]


def test_only_the_last_few_are_remembered_and_never_their_words() -> None:
    asked: list[str] = []
    recent = Recent[None](asked.append, most=2)
    for text in ("one", "two", "one", "three", "two"):
        recent(text)
    assert asked == ["one", "two", "three", "two"]
    assert len(recent._known) == 2
    assert not any(b"one" in name or b"two" in name for name in recent._known)


def test_a_fault_is_not_remembered() -> None:
    def falls(_text: str) -> None:
        raise ValueError

    recent = Recent(falls)
    for _ in range(2):
        with pytest.raises(ValueError):
            recent("x")
    assert len(recent._known) == 0


class CountingEncoder(HashingEncoder):
    """The real hashing encoder, counting what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode_query(texts)


def test_a_query_is_encoded_once_and_its_vectors_are_the_encoders_own() -> None:
    counting = CountingEncoder()
    english = remembering(Encoders(counting)).english
    assert english is not None and english.name == counting.name
    twice = [english.encode_query(["transport", "surgery"]), english.encode_query(["surgery", "transport"])[::-1]]
    assert counting.asked == ["transport", "surgery"]
    for vectors in twice:
        np.testing.assert_array_equal(vectors, HashingEncoder().encode_query(["transport", "surgery"]))
    assert english.encode_query([]).shape == (0, counting.dimensions)
