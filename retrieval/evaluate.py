"""How good a ranking is: BEIR files in, recall, MRR and nDCG out, and whether two rankings really differ."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.article import Passage

Judged = Mapping[str, int]
Measure = Callable[[Sequence[str], Judged], float]
Ranker = Callable[[str], Sequence[str]]

_HEADER = ["query-id", "corpus-id", "score"]


@dataclass(frozen=True)
class Collection:
    """A BEIR collection. `queries` is id → text of the judged queries; `qrels` is query id → passage id → grade."""

    passages: tuple[Passage, ...]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Figures:
    """Means over the judged queries, each from 0 to 1."""

    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    recall_at_10: float
    mrr_at_10: float
    ndcg_at_10: float


@dataclass(frozen=True)
class Difference:
    """How much higher one mean is than another, with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


def read_beir(corpus: Path, queries: Path, qrels: Path) -> Collection:
    """The collection in three files of the BEIR format (Thakur et al. 2021); queries nobody judged are left out.

    `qrels` is one file of judgements, or the folder `qrels` with several, which are read as one.
    Raises ValueError naming the file and line of the first fault, OSError when a file cannot be opened.
    """
    passages = {
        id: Passage(id=id, text=_text(place, row, "text"), title=_text(place, row, "title", default=""))
        for place, id, row in _records(corpus, "passage")
    }
    asked = {id: _text(place, row, "text") for place, id, row in _records(queries, "query")}
    files = sorted(qrels.glob("*.tsv")) if qrels.is_dir() else [qrels]
    if not files:
        raise ValueError(f"{qrels}: there is no .tsv file in this folder")
    judged: dict[str, dict[str, int]] = {}
    for file in files:
        for id, grades in _read_qrels(file, passages, asked).items():
            judged.setdefault(id, {}).update(grades)
    return Collection(tuple(passages.values()), {id: asked[id] for id in judged}, judged)


def _read_qrels(file: Path, passages: Mapping[str, Passage], queries: Mapping[str, str]) -> dict[str, dict[str, int]]:
    lines = ((place, line.split("\t")) for place, line in _lines(file))
    place, header = next(lines, (f"{file}", []))
    if header != _HEADER:
        raise ValueError(f"{place}: the first line must be query-id, corpus-id and score with tabs between them")
    judged: dict[str, dict[str, int]] = {}
    for place, cells in lines:
        if len(cells) != 3:
            raise ValueError(f"{place}: expected 3 cells with tabs between them, found {len(cells)}")
        query, passage, grade = cells[0], cells[1], _whole(place, cells[2])
        if query not in queries:
            raise ValueError(f"{place}: there is no query {query!r}")
        if passage not in passages:
            raise ValueError(f"{place}: there is no passage {passage!r}")
        if judged.setdefault(query, {}).setdefault(passage, grade) != grade:
            raise ValueError(f"{place}: passage {passage!r} had another score for query {query!r} before")
    if not judged:
        raise ValueError(f"{file}: there is no judgement in this file")
    return judged


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    """Each line that is not blank, with `file:line` in front. Read as bytes, so that a bad one can be named."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            place = f"{file}:{number}"
            try:
                text = line.decode("utf-8-sig").rstrip("\r\n")
            except UnicodeDecodeError:
                raise ValueError(f"{place}: this line is not UTF-8 text") from None
            if text.strip():
                yield place, text


def _records(file: Path, what: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Each line's place, `_id` and object. Raises ValueError for an `_id` that comes twice and when there is none."""
    seen: set[str] = set()
    for place, line in _lines(file):
        row = _object(place, line)
        id = _text(place, row, "_id")
        if not id:
            raise ValueError(f"{place}: _id is empty")
        if id in seen:
            raise ValueError(f"{place}: {what} {id!r} is here for the second time")
        seen.add(id)
        yield place, id, row
    if not seen:
        raise ValueError(f"{file}: there is no {what} in this file")


def _object(place: str, line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError(f"{place}: this line is not JSON") from None
    if not isinstance(row, dict):
        raise ValueError(f"{place}: expected an object with _id and text")
    return row


def _text(place: str, row: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = row.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise ValueError(f"{place}: {name} must be text")
    try:
        value.encode("utf-8")  # no tokeniser takes half of a surrogate pair, which JSON can write
    except UnicodeEncodeError:
        raise ValueError(f"{place}: {name} holds half a character") from None
    return value


def _whole(place: str, cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise ValueError(f"{place}: the score must be a whole number, not {cell!r}") from None


def recall_at(k: int) -> Measure:
    """The measure: what share of the relevant passages (grade over 0) is among the first `k`; 0 when none is."""

    def recall(ranking: Sequence[str], judged: Judged) -> float:
        relevant = {id for id, grade in judged.items() if grade > 0}
        return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0

    return recall


def mrr_at_10(ranking: Sequence[str], judged: Judged) -> float:
    """1 / the rank of the first relevant passage, 0 when that is past the tenth (Voorhees 1999)."""
    return next((1.0 / rank for rank, id in enumerate(ranking[:10], start=1) if judged.get(id, 0) > 0), 0.0)


def ndcg_at_10(ranking: Sequence[str], judged: Judged) -> float:
    """nDCG of the first ten (Järvelin and Kekäläinen 2002), 0 when nothing is relevant.

    The gain is the grade itself and the discount log2(rank + 1), as in trec_eval's ndcg_cut, which BEIR reports
    through pytrec_eval (Van Gysel and de Rijke 2018); 2^grade - 1 is another measure. Grades under 0 gain nothing.
    """
    ideal = _dcg(sorted(judged.values(), reverse=True)[:10])
    return _dcg([judged.get(id, 0) for id in ranking[:10]]) / ideal if ideal else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return sum(max(0, grade) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


MEASURES: tuple[tuple[str, Measure], ...] = (
    ("recall@1", recall_at(1)),
    ("recall@3", recall_at(3)),
    ("recall@5", recall_at(5)),
    ("recall@10", recall_at(10)),
    ("MRR@10", mrr_at_10),
    ("nDCG@10", ndcg_at_10),
)


def measure(rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, Judged]) -> Figures:
    """The figures of `rankings` (query id → passage ids, best first) over every query of `qrels`.

    A judged query without a ranking counts as 0, like trec_eval -c; a ranking nobody judged does not count.
    Raises ValueError when nothing is judged or a ranking names a passage twice.
    """
    return Figures(*(float(np.mean(_per_query(rankings, qrels, one))) for _, one in MEASURES))


def ndcg_difference(
    first: Mapping[str, Sequence[str]],
    second: Mapping[str, Sequence[str]],
    qrels: Mapping[str, Judged],
    generator: np.random.Generator,
    resamples: int = 10_000,
) -> Difference:
    """nDCG@10 of `first` less that of `second`: a paired bootstrap over queries, percentile ends.

    Efron and Tibshirani 1993, chapter 13; for comparing search engines, Sakai 2006. The same generator state gives
    the same interval. An interval that holds 0 has not told the two apart.
    """
    gaps = _per_query(first, qrels, ndcg_at_10) - _per_query(second, qrels, ndcg_at_10)
    return _bootstrap(gaps, generator, resamples)


def ndcg_interval(
    rankings: Mapping[str, Sequence[str]],
    qrels: Mapping[str, Judged],
    generator: np.random.Generator,
    resamples: int = 10_000,
) -> Difference:
    """nDCG@10 itself, with its interval from the same bootstrap."""
    return _bootstrap(_per_query(rankings, qrels, ndcg_at_10), generator, resamples)


def _bootstrap(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], generator: np.random.Generator, resamples: int
) -> Difference:
    means = [float(values[generator.integers(0, len(values), len(values))].mean()) for _ in range(resamples)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(values.mean()), float(low), float(high))


def _per_query(
    rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, Judged], one: Measure
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The measure of each query, in the order of `qrels`."""
    if not qrels:
        raise ValueError("nothing is judged: there is nothing to measure")
    values = np.zeros(len(qrels), dtype=np.float64)
    for row, (query, judged) in enumerate(qrels.items()):
        ranking = rankings.get(query, ())
        if len(set(ranking)) < len(ranking):
            raise ValueError(f"the ranking of query {query!r} names a passage twice")
        values[row] = one(ranking, judged)
    return values


def rank_all(
    collection: Collection, ranker: Ranker, tick: Callable[[int, int], None] | None = None
) -> dict[str, tuple[str, ...]]:
    """Query id → passage ids best first, for every query. `tick` is called with (queries done, queries in all)."""
    rankings = {}
    for done, (id, text) in enumerate(collection.queries.items(), start=1):
        rankings[id] = tuple(ranker(text))
        if tick:
            tick(done, len(collection.queries))
    return rankings
