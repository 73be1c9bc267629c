"""Runs in the peers' own environment, which `campaigns.ranking_peers` makes: never imported by Askwell or its tests.

`python peers_inside.py MODEL FOLDER OUT` ranks the BEIR files of FOLDER with txtai's hybrid search and with Haystack's
(BM25 and the same model, joined by reciprocal rank), and writes rankings and seconds to OUT.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

DEPTH = 100
Ranker = Callable[[str], list[str]]


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def txtai_hybrid(model: str, passages: Iterable[dict[str, Any]]) -> Ranker:
    from txtai import Embeddings

    embeddings = Embeddings({"path": model, "hybrid": True, "content": False})
    embeddings.index((row["_id"], f"{row.get('title') or ''} {row['text']}".strip(), None) for row in passages)

    def rank(text: str) -> list[str]:
        return [id for id, _ in embeddings.search(text, DEPTH)]

    return rank


def haystack_hybrid(model: str, passages: Iterable[dict[str, Any]]) -> Ranker:
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    documents = [Document(id=row["_id"], content=f"{row.get('title') or ''} {row['text']}".strip()) for row in passages]
    reader = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    reader.warm_up()
    store.write_documents(reader.run(documents)["documents"])
    pipeline = Pipeline()
    pipeline.add_component("asked", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
    pipeline.add_component("near", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=DEPTH))
    pipeline.add_component("both", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH))
    pipeline.connect("asked.embedding", "near.query_embedding")
    pipeline.connect("near", "both")
    pipeline.connect("words", "both")

    def rank(text: str) -> list[str]:
        found = pipeline.run({"asked": {"text": text}, "words": {"query": text}})
        return [document.id for document in found["both"]["documents"]]

    return rank


def main() -> None:
    model, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    passages, queries = read(folder / "corpus.jsonl"), read(folder / "queries.jsonl")
    made: dict[str, dict[str, Any]] = {}
    for name, build in (("txtai hybrid", txtai_hybrid), ("Haystack hybrid", haystack_hybrid)):
        rank = build(model, passages)
        rank(queries[0]["text"])  # the first search of a process loads what later ones find loaded
        rankings, seconds = {}, []
        for query in queries:
            begun = time.perf_counter()
            rankings[query["_id"]] = list(dict.fromkeys(rank(query["text"])))
            seconds.append(time.perf_counter() - begun)
        made[name] = {"rankings": rankings, "seconds": seconds}
    out.write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    main()
