"""The index of one pack: built, saved under its fingerprint, loaded, and swapped by rename."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.article import Passage
from knowledge.sentences import split_sentences
from retrieval.dense import DenseIndex
from retrieval.encoders import Encoder, Vectors
from retrieval.lexical import BM25Index, gram_index, word_index
from retrieval.text import four_grams, windows, words_and_pairs

FORMAT = 2
BATCH = 64
# How many of a passage's phrasings the multilingual encoder reads: with 6 of 10 it found as many (42 of 60 first).
ELSEWHERE = 6
# How many of a passage's nearest phrasings its score is the mean of.
AGREEING = 3
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Space:
    """The passages and their authored phrasings as one encoder sees them."""

    encoder: str
    passages: DenseIndex
    phrasings: DenseIndex


@dataclass(frozen=True)
class Index:
    """What `search` needs. With no space, lexical answers work; `english` and `multilingual` come when built."""

    passages: tuple[Passage, ...]
    words: BM25Index
    grams: BM25Index
    english: Space | None = None
    multilingual: Space | None = None

    def idf(self, stem: str) -> float:
        """How rare a stem is among the passages: log(1 + N / n); a stem none of them has counts as rarest."""
        return math.log(1.0 + len(self.passages) / max(1, self.words.held_by(stem)))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(passage.id for passage in self.passages)


def lexical_text(passage: Passage) -> str:
    """What BM25 counts: title and heading weighted by being said twice, then the text and its phrasings."""
    return " . ".join([passage.title, passage.title, passage.heading, passage.heading, passage.text, *passage.asked_as])


def dense_texts(passage: Passage) -> list[str]:
    """What an encoder reads: windows of the text, each with the title and heading in front."""
    trail = ". ".join(part for part in (passage.title, passage.heading) if part)
    cut = windows(split_sentences(passage.text) or [passage.text])
    return [f"{trail}. {window}" if trail else window for window in cut]


def fingerprint(passages: Sequence[Passage], parts: Iterable[str]) -> str:
    """Changes when any passage, phrasing, the format or one of `parts` (encoder names, examples) changes."""
    digest = hashlib.sha256(f"format {FORMAT}".encode())
    for part in parts:
        digest.update(b"|" + part.encode("utf-8", "surrogatepass"))
    for passage in passages:
        row = [passage.id, passage.title, passage.heading, passage.text, *passage.asked_as]
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]


def build_lexical(passages: Sequence[Passage]) -> Index:
    """An index of words alone: ready in a second, before any vector is."""
    texts = [lexical_text(passage) for passage in passages]
    return Index(tuple(passages), word_index(texts), gram_index(texts))


def build_index(
    passages: Sequence[Passage],
    english: Encoder | None,
    multilingual: Encoder | None = None,
    *,
    progress: Progress | None = None,
) -> Index:
    """The whole index. `progress` is called with (texts done, texts in all).

    Give encoders wrapped in `retrieval.vector_cache.CachedEncoder` to make vectors of changed texts only.
    """
    lexical = build_lexical(passages)
    full, part = _plan(passages, None), _plan(passages, ELSEWHERE)
    total = sum(plan.size for plan, encoder in ((full, english), (part, multilingual)) if encoder)
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, total)

    return Index(
        lexical.passages,
        lexical.words,
        lexical.grams,
        _space(full, english, len(passages), tick) if english else None,
        _space(part, multilingual, len(passages), tick) if multilingual else None,
    )


@dataclass(frozen=True)
class _Plan:
    """What one encoder reads: (row of the passage, text) for the passages and for their phrasings."""

    texts: list[tuple[int, str]]
    asked: list[tuple[int, str]]

    @property
    def size(self) -> int:
        return len(self.texts) + len(self.asked)


def _plan(passages: Sequence[Passage], most: int | None) -> _Plan:
    texts = [(row, text) for row, passage in enumerate(passages) for text in dense_texts(passage)]
    asked = [(row, text) for row, passage in enumerate(passages) for text in passage.asked_as[:most]]
    return _Plan(texts, asked)


def _space(plan: _Plan, encoder: Encoder, count: int, tick: Callable[[int], None]) -> Space:
    return Space(
        encoder.name,
        _dense(plan.texts, encoder.encode_document, count, 1, tick),
        _dense(plan.asked, encoder.encode_query, count, AGREEING, tick),
    )


def _dense(
    rows: Sequence[tuple[int, str]],
    encode: Callable[[Sequence[str]], Vectors],
    count: int,
    best: int,
    tick: Callable[[int], None],
) -> DenseIndex:
    vectors = []
    for start in range(0, len(rows), BATCH):
        batch = [text for _, text in rows[start : start + BATCH]]
        vectors.append(encode(batch))
        tick(len(batch))
    matrix = np.vstack(vectors) if vectors else np.zeros((0, 1), dtype=np.float32)
    return DenseIndex.build(matrix, [row for row, _ in rows], count, best)


class IndexDamagedError(Exception):
    """The saved index does not match its own list of hashes: build it again."""


def save_index(index: Index, folder: Path, name: str, extras: Mapping[str, bytes] | None = None) -> Path:
    """Write `index` to `folder/name`, then point `folder/current` at it. Readers see the old one or the new one.

    `extras` are files that belong to it (name → content); they are hashed with the rest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="building-") as temporary:
        work = Path(temporary) / "index"
        work.mkdir()
        _write(index, work, extras or {})
        target = folder / name
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)
    pointer = folder / f"current.{os.getpid()}"
    pointer.write_text(name, encoding="utf-8")
    pointer.replace(folder / "current")
    _forget_old(folder, name)
    return target


def _write(index: Index, work: Path, extras: Mapping[str, bytes]) -> None:
    rows = [
        {"id": p.id, "title": p.title, "heading": p.heading, "text": p.text, "asked_as": p.asked_as, "group": p.group}
        for p in index.passages
    ]
    (work / "passages.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    index.words.save(work / "words")
    index.grams.save(work / "grams")
    for label, space in (("english", index.english), ("multilingual", index.multilingual)):
        if space is not None:
            space.passages.save(work / f"{label}.passages.faiss")
            space.phrasings.save(work / f"{label}.phrasings.faiss")
            (work / f"{label}.json").write_text(json.dumps({"encoder": space.encoder}), encoding="utf-8")
    for name, content in extras.items():
        (work / name).write_bytes(content)
    hashes = {file.relative_to(work).as_posix(): _hash(file) for file in sorted(work.rglob("*")) if file.is_file()}
    (work / "manifest.json").write_text(json.dumps({"format": FORMAT, "files": hashes}, indent=1), encoding="utf-8")


def _forget_old(folder: Path, name: str) -> None:
    """Keep the new index and the newest before it: a reader may still be opening that one."""
    others = [
        path for path in folder.iterdir() if path.is_dir() and path.name != name and (path / "manifest.json").exists()
    ]
    for path in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
        shutil.rmtree(path, ignore_errors=True)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def current_name(folder: Path) -> str | None:
    """The name of the index that `folder` points at, or none."""
    try:
        return (folder / "current").read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def load_index(folder: Path) -> Index:
    """Read a saved index. Raises `IndexDamagedError` when a file is missing, changed or of another format."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise IndexDamagedError(f"{folder} is of format {manifest['format']}, not {FORMAT}")
        for name, wanted in manifest["files"].items():
            if _hash(folder / name) != wanted:
                raise IndexDamagedError(f"{name} in {folder} has changed since it was written")
        rows = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"the index in {folder} cannot be read: {error}") from error
    passages = tuple(Passage(**{**row, "asked_as": tuple(row["asked_as"])}) for row in rows)
    return Index(
        passages=passages,
        words=BM25Index.load(folder / "words", words_and_pairs, len(passages)),
        grams=BM25Index.load(folder / "grams", four_grams, len(passages)),
        english=_load_space(folder, "english", len(passages)),
        multilingual=_load_space(folder, "multilingual", len(passages)),
    )


def _load_space(folder: Path, label: str, count: int) -> Space | None:
    file = folder / f"{label}.json"
    if not file.exists():
        return None
    facts = json.loads(file.read_text(encoding="utf-8"))
    return Space(
        encoder=facts["encoder"],
        passages=DenseIndex.load(folder / f"{label}.passages.faiss", count),
        phrasings=DenseIndex.load(folder / f"{label}.phrasings.faiss", count, AGREEING),
    )
