"""What a text that somebody else wrote may be shown as: only sentences that stand, word for word, in what is quoted.

Askwell writes nothing itself. Should a council let a language model put quoted words in another order, this stands
between it and a family: a sentence that no passage holds is not shown, whatever it says and whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.sentences import split_sentences
from knowledge.sources.orders import gives_orders, plain


def grounded(written: str, passages: Sequence[str]) -> list[str]:
    """The sentences of `written` that stand in a passage and give no orders; none is a reason to ask a person."""
    held = {plain(sentence) for passage in passages for sentence in split_sentences(passage)}
    said = (plain(sentence) for sentence in split_sentences(written))
    return [sentence for sentence in said if sentence in held and not gives_orders(sentence)]
