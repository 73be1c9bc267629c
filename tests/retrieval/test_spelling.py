"""Typos put right against the pack's own words; ordinary words left alone."""

import pytest

from knowledge.glossary import Glossary, Term
from retrieval.spelling import Speller

GLOSSARY = Glossary(
    (
        Term("EHC plan", "A plan.", also=("statement", "echp plan"), misspelt=("ehpc", "echp")),
        Term("occupational therapy", "Help.", also=("OT",), misspelt=("ocupational therapy",)),
    )
)
SPELLER = Speller.of(["speech and language therapy", "autism assessment", "EHC plan transport"], GLOSSARY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my echp", "my EHC plan"),
        ("speach and langauge", "speech and language"),
        ("autisim assesment?", "autism assessment?"),
        ("transprot,", "transport,"),
        ("is roblox ok on friday", "is roblox ok on friday"),
        ("petrol money", "petrol money"),
        ("", ""),
    ],
)
def test_repairs(typed: str, meant: str):
    assert SPELLER.repair(typed) == meant


def test_everyday_words_bring_the_councils_with_them():
    assert SPELLER.expand("he had a statement before") == "EHC plan"
    assert SPELLER.expand("nothing here") == ""
