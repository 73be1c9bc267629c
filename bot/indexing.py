"""Everything that is made once from a pack: the index, the calibration and the risk classifier, saved together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from bot.settings import Settings
from knowledge.article import passages_of
from knowledge.pack import Pack
from knowledge.safeguarding import Example
from retrieval.confidence import Calibration
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
from retrieval.search import Encoders
from retrieval.training import calibrate
from retrieval.vector_cache import CachedEncoder

Progress = Callable[[str, int, int], None]
# Change this when calibration or the classifier is trained in another way: what was saved is then made again.
TRAINING = "training 6"
RISK, GATE = "risk.npz", "gate.npz"
# What reading a file that a crash cut short, or another version wrote, may raise.
DAMAGED = (IndexDamagedError, OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile)


@dataclass(frozen=True)
class Made:
    """What is made from a pack. With words alone, `calibration` is none and there is no classifier yet.

    Without a `gate` every message is read for risk with all the encoders, which is slower and misses nothing more.
    """

    index: Index
    calibration: Calibration | None = None
    risk: RiskModel | None = None
    gate: RiskModel | None = None


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
        return Made(index, calibration, _read_risk(folder / name), _read_gate(folder / name))
    except DAMAGED:
        return None


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
    save_index(index, settings.index_folder / pack.id, name_of(pack, encoders), extras)
    _keep(cached)
    return Made(index, calibration, risk, gate)


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
