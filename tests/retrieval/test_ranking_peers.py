"""The campaign beside other search libraries, in short: its files, our rankers over them, and a ranker that must lose."""

from __future__ import annotations

from pathlib import Path

from campaigns import ranking_peers

from knowledge.article import Passage
from retrieval.comparison import report, run
from retrieval.encoders import HashingEncoder

PASSAGES = tuple(
    Passage(f"p{n}", f"The {word} form goes to the {word} desk.", f"{word} help")
    for n, word in enumerate(["travel", "nursery", "review", "transfer", "appeal", "respite"])
)


def test_our_rankers_read_the_files_and_a_ranker_that_turns_them_round_loses(tmp_path: Path) -> None:
    asked = {f"q{n}": (f"where does the {one.title} form go", one.id) for n, one in enumerate(PASSAGES)}
    collection = ranking_peers.collection_in(ranking_peers.write_beir(tmp_path, PASSAGES, asked))
    assert [(one.id, one.text, one.title) for one in collection.passages] == [
        (one.id, one.text, one.title) for one in PASSAGES
    ]
    runs = ranking_peers.our_runs(collection, HashingEncoder(64))
    assert list(runs) == ["Askwell", "BM25", "MiniLM", "rank fusion"]
    best = {question: tuple(reversed(ids)) for question, ids in runs["Askwell"].rankings.items()}
    by_text = {text: best[id] for id, text in collection.queries.items()}
    shown = report(collection, {"Askwell": runs["Askwell"], "control": run(collection, by_text.__getitem__)})
    assert "Askwell over control, nDCG@10: +0.6" in shown
