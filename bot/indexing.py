"""Everything that is made once from a pack: the index, the calibration and the risk classifier, saved together."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.settings import Settings
from knowledge.article import Kind, passages_of
from knowledge.pack import Pack
from knowledge.safeguarding import Example
from retrieval.confidence import Calibration
from retrieval.encoders import Encoder
from retrieval.index import (
    BATCH,
    Index,
    IndexDamagedError,
    build_index,
    build_lexical,
    current_name,
    fingerprint,
    load_index,
    save_index,
)
from retrieval.risk import RiskModel, join, train
from retrieval.risk_gate import train_gate
from retrieval.scope import Scope, learn, version
from retrieval.search import Encoders
from retrieval.training import calibrate
from retrieval.vector_cache import CachedEncoder

Progress = Callable[[str, int, int], None]
# Change this when calibration or the classifier is trained in another way: what was saved is then made again.
TRAINING = "training 7"
RISK, GATE, SCOPE = "risk.npz", "gate.npz", "scope.npz"
# What reading a file that a crash cut short, or another version wrote, may raise.
DAMAGED = (IndexDamagedError, OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile)


@dataclass(frozen=True)
class Made:
    """What is made from a pack. With words alone, `calibration` is none and there is no classifier yet.

    Without a `gate` every message is read for risk with all the encoders, which is slower and misses nothing more.
    Without a `scope` how sure an answer must be does not grow with how far a question is from the pack's subject.
    """

    index: Index
    calibration: Calibration | None = None
    risk: RiskModel | None = None
    gate: RiskModel | None = None
    scope: Scope | None = None


def lexical_only(settings: Settings, pack: Pack) -> Made:
    """Ready in about a second: answers by words while vectors are made, with the last risk classifier there was."""
    folder = settings.index_folder / pack.id
    last = folder / (current_name(folder) or "none")
    try:
        risk, gate = _read_risk(last), _read_gate(last)
    except DAMAGED:
        risk, gate = None, None
    return Made(build_lexical(passages_of(pack.articles)), risk=risk, gate=gate)


def _read_risk(folder: Path) -> RiskModel:
    return RiskModel.from_bytes((folder / RISK).read_bytes())


def _read_gate(folder: Path) -> RiskModel | None:
    """The gate; none beside an index that was made with too few examples, or before there was one."""
    file = folder / GATE
    return RiskModel.from_bytes(file.read_bytes()) if file.exists() else None


def name_of(pack: Pack, encoders: Encoders) -> str:
    """The fingerprint of what would be made from `pack` with `encoders`."""
    parts = [encoder.name if encoder else "none" for encoder in (encoders.english, encoders.multilingual)]
    parts += [TRAINING, *(f"{example.kind}:{example.text}" for example in lessons(pack))]
    return fingerprint(passages_of(pack.articles), parts)


def load_made(settings: Settings, pack: Pack, encoders: Encoders) -> Made | None:
    """The saved index that fits `pack` and `encoders` now; none when there is none, or it is damaged."""
    folder = settings.index_folder / pack.id
    name = name_of(pack, encoders)
    if current_name(folder) != name:
        return None
    try:
        index = load_index(folder / name)
        calibration = Calibration(**json.loads((folder / name / "calibration.json").read_text(encoding="utf-8")))
        risk, gate = _read_risk(folder / name), _read_gate(folder / name)
        return Made(index, calibration, risk, gate, _scope(folder / name, pack, index, encoders))
    except DAMAGED:
        return None


def _scope(folder: Path, pack: Pack, index: Index, encoders: Encoders) -> Scope | None:
    """What was learnt of the pack's subject; learnt now beside an index older than the questions learnt from."""
    file, english = folder / SCOPE, encoders.english
    try:
        saved = Scope.from_bytes(file.read_bytes())
    except DAMAGED:
        saved = None
    if saved and english and (saved.encoder, saved.learnt_from) == (english.name, version()):
        return saved
    fresh = _learnt_scope(pack, index, english)
    if fresh:
        # In a folder that may only be read it is learnt again at the next start.
        with suppress(OSError):
            beside = file.with_suffix(f".{os.getpid()}.npz")
            beside.write_bytes(fresh.to_bytes())
            beside.replace(file)
    return fresh


def _learnt_scope(pack: Pack, index: Index, english: Encoder | None) -> Scope | None:
    """The scope of what the pack's sections are asked; what they send elsewhere is not in it."""
    space = index.english
    if english is None or space is None or space.encoder != english.name or not space.phrasings.index.ntotal:
        return None
    kinds = np.array([pack.sections[id].kind is not Kind.OUT_OF_AREA for id in index.ids], dtype=bool)
    vectors = space.phrasings.index.reconstruct_n(0, space.phrasings.index.ntotal)
    return learn(vectors[kinds[space.phrasings.owners]], english)


def make(settings: Settings, pack: Pack, encoders: Encoders, progress: Progress | None = None) -> Made:
    """Build everything, save it, and point readers at it. Only changed texts are encoded."""
    tell = progress or (lambda _stage, _done, _total: None)
    cached = cached_encoders(settings, encoders)
    english, multilingual = cached.english, cached.multilingual
    passages = passages_of(pack.articles)
    index = build_index(passages, english, multilingual, progress=partial(tell, "Reading the pack"))
    _keep(cached)  # a build that is stopped here starts again from these vectors
    calibration = calibrate(passages, english, partial(tell, "Learning when to say no"))
    readers = cached.loaded()
    examples = lessons(pack)
    for start in range(0, len(examples), BATCH):
        # Remembered by the cached encoders, so that training has them at hand.
        join(readers, [example.text for example in examples[start : start + BATCH]])
        tell("Learning what needs help first", min(start + BATCH, len(examples)), len(examples))
    risk = train(examples, readers)
    gate = train_gate(examples, english) if english else None
    calibrated = {**asdict(calibration), "weights": list(calibration.weights)}
    extras = {"calibration.json": json.dumps(calibrated).encode(), RISK: risk.to_bytes()}
    if gate is not None:
        extras[GATE] = gate.to_bytes()
    scope = _learnt_scope(pack, index, english)
    if scope is not None:
        extras[SCOPE] = scope.to_bytes()
    save_index(index, settings.index_folder / pack.id, name_of(pack, encoders), extras)
    _keep(cached)
    return Made(index, calibration, risk, gate, scope)


def cached_encoders(settings: Settings, encoders: Encoders) -> Encoders:
    """The same encoders, each remembering the vectors it has made before."""
    folder = settings.data / "vectors"
    wrapped = [encoder and CachedEncoder(encoder, folder) for encoder in (encoders.english, encoders.multilingual)]
    return Encoders(*wrapped)


def _keep(encoders: Encoders) -> None:
    for encoder in encoders.loaded():
        if isinstance(encoder, CachedEncoder):
            encoder.save()


def lessons(pack: Pack) -> tuple[Example, ...]:
    """What the risk classifier learns from: the pack's examples, and ordinary questions."""
    return (*pack.safeguarding.examples, *ordinary_questions(pack))


def ordinary_questions(pack: Pack, every: int = 3) -> tuple[Example, ...]:
    """A share of the pack's own phrasings: true questions with no danger in them, for the classifier to learn from."""
    asked = [
        Example(text, "", "en", f"asked:{section.id}", "asked")
        for section in pack.sections.values()
        if "safeguarding" not in (section.queue, section.anchor) and "crisis" not in section.id
        for text in section.asked_as
    ]
    return tuple(asked[::every])
