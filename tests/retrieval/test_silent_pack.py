"""Where no section says how people ask, the meaning of its text counts for as much as both would."""

from __future__ import annotations

from knowledge.article import Passage
from retrieval.encoders import HashingEncoder
from retrieval.index import build_index
from retrieval.search import Encoders, Weights, search

ENCODER = HashingEncoder(64)
PASSAGES = [Passage(f"p{n}", f"The {word} desk opens on day {n}.") for n, word in enumerate("bus club map fee".split())]


def test_the_weight_of_phrasings_goes_to_the_text_of_a_pack_that_has_none() -> None:
    index, heavy = build_index(PASSAGES, ENCODER), Weights(passages=0.75, phrasings=0.0)
    for text in ("the club desk", "which day is the map desk open"):
        given = search(index, Encoders(ENCODER), text)
        same = search(index, Encoders(ENCODER), text, weights=heavy)
        assert [(hit.passage.id, hit.score) for hit in given.hits] == [(hit.passage.id, hit.score) for hit in same.hits]


def test_one_phrasing_keeps_the_weights_as_they_were_chosen() -> None:
    one = [*PASSAGES[:-1], Passage("p3", PASSAGES[3].text, asked_as=("what does it cost",))]
    index = build_index(one, ENCODER)
    given = search(index, Encoders(ENCODER), "the club desk")
    heavy = search(index, Encoders(ENCODER), "the club desk", weights=Weights(passages=0.75, phrasings=0.0))
    assert [hit.score for hit in given.hits] != [hit.score for hit in heavy.hits]
