"""A text is judged once however often it is asked about, and its words are not kept."""

from __future__ import annotations

import pytest

from bot.recent import Recent


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
