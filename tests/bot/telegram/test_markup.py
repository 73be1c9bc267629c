"""Telegram's HTML: whatever is in it, each message is whole and short enough, no citation is cut, and nothing is lost."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.buttons import data_of, read_data
from bot.telegram.loopback.rules import read_html
from bot.telegram.markup import Block, bold, escape, split, units

PIECES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200), min_size=1, max_size=6)


@given(st.lists(st.tuples(PIECES, st.booleans()), max_size=8), st.integers(60, 400))
def test_any_words_come_out_whole_in_messages_that_fit(
    given_blocks: list[tuple[list[str], bool]], longest: int
) -> None:
    blocks = [
        Block(
            tuple(bold(one) if strong else escape(one) for one in pieces),
            before="<blockquote expandable>" if strong else "",
            after="</blockquote>" if strong else "",
        )
        for pieces, strong in given_blocks
    ]
    parts = split(blocks, longest)
    said = "".join(read_html(part) for part in parts)
    assert all(units(part) <= longest for part in parts)
    whole = "".join("".join(pieces) for pieces, _ in given_blocks)
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", whole)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=200))
def test_a_citation_stays_with_its_sentence(numbers: list[int]) -> None:
    block = Block(tuple(f"{escape('A sentence of some length.')} [{number}]" for number in numbers))
    parts = split([block], 300)
    assert all(part.endswith("]") and part.startswith("A sentence") for part in parts)


def test_what_is_longer_than_a_message_is_broken_between_words_and_never_in_an_escape() -> None:
    parts = split([Block((escape("&<>" * 2000),))], 3500)
    assert len(parts) > 1 and re.sub(r"\s", "", html.unescape("".join(parts))) == "&<>" * 2000


@given(st.text(max_size=70))
def test_a_button_that_is_not_ours_is_none(data: str) -> None:
    pressed = read_data(data)
    assert pressed is None or data_of(pressed.act, pressed.id, pressed.arg) == data
