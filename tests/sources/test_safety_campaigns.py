"""The short forms of S4, S5 and S6, a tenth of each, with the controls that must fail."""

from __future__ import annotations

import pytest
from campaigns import addresses_inside, hostile_documents, poisoned_passages

from knowledge.sources.limits import MEMORY


def test_no_spelling_redirect_or_rebinding_reaches_inside_the_network() -> None:
    told = addresses_inside.run(10)
    assert told.asked >= 30 and told.refused == told.asked and told.reached == 0


def test_a_guard_that_looks_for_words_is_got_through() -> None:
    """The control of S5."""
    assert addresses_inside.run(10, addresses_inside.word_guard_for).reached > 0


@pytest.mark.timeout(300)
def test_hostile_documents_end_alone_and_lure_nobody() -> None:
    """Within the limits of the child; that ten seconds are kept is for the long form, on a machine of its own."""
    told = hostile_documents.run(50, seconds=3)
    assert (told.lost, told.lured, told.files) == (0, 0, 0)
    assert told.peak_mb <= MEMORY / 2**20 and told.refused["crashed"] == 0
    assert told.read + sum(told.refused.values()) == 50


def test_without_the_guard_one_bomb_takes_all_the_memory() -> None:
    """The control of S4."""
    assert hostile_documents.without_guard() > 256


def test_files_that_are_written_outside_are_seen() -> None:
    """The control of S4's count of files."""
    assert hostile_documents.written_by_names() == 1


def test_no_poisoned_passage_shows_a_foreign_number_or_link() -> None:
    told = poisoned_passages.run(100)
    assert (told.foreign, told.by_stub, told.acted, told.leaked) == (0, 0, 0, 0)
    assert told.answered >= 90, "the truth beside the order is still told"
    # The control of S6: what the stub writes is full of them, before it is checked.
    assert told.unchecked > 50
