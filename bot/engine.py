"""What answers a question now: the pack, its index and the encoders, replaced whole when a better one is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.indexing import Made
from bot.messages import Role
from bot.ranking import Handicapper
from bot.recent import Recent
from bot.redaction.spans import LABEL
from knowledge.pack import Pack
from retrieval.confidence import DEFAULT
from retrieval.language import detect
from retrieval.risk import Risk, assess
from retrieval.risk_gate import plainly_ordinary
from retrieval.search import Encoders, Results, search
from retrieval.spelling import Speller


@dataclass(frozen=True)
class Engine:
    """One consistent set of parts. `today` is asked for each turn.

    `content` is the number of the officers' last change that is in it (`handoff.content`); 0 for the pack's own files,
    whose folder `base` is once others are laid over it.
    """

    pack: Pack
    made: Made
    encoders: Encoders
    speller: Speller
    today: Callable[[], date]
    content: int = 0
    base: Path | None = None

    @property
    def threshold(self) -> float:
        """How likely it must be that a section answers before it is shown."""
        return (self.made.calibration or DEFAULT).threshold

    def search(self, text: str, language: str, role: Role, *, as_written: bool = False) -> Results:
        """Look `text` up for this reader, misspellings repaired when it is English, unless wanted `as_written`."""
        asked = unlabelled(text) if as_written else self.repaired(text, language)
        return search(
            self.made.index,
            self.encoders,
            asked,
            language=language,
            also=self.speller.expand(asked),
            calibration=self.made.calibration or DEFAULT,
            handicap=self.handicapper(role, language, text),
        )

    def repaired(self, text: str, language: str) -> str:
        """`text` as it is looked up: misspellings put right when it is English."""
        said = unlabelled(text)
        return self.speller.repair(said) if language == "en" else said

    @cached_property
    def handicapper(self) -> Handicapper:
        """What is known of each section of the index, in its order."""
        return Handicapper([self.pack.sections[id] for id in self.made.index.ids])

    def outside(self, text: str, language: str) -> float:
        """How likely `text` is about something else than the pack, from 0 to 1; 0 where that cannot be told."""
        scope, english = self.made.scope, self.encoders.english
        if scope is None or english is None or scope.encoder != english.name or language != "en":
            return 0.0
        return scope.outside(english.encode_query([text])[0])

    def risk(self, text: str) -> Risk | None:
        """What the classifier makes of `text`; none while it, or an encoder it learnt with, is not loaded.

        A question of ours that was pressed is no cry for help, whatever it is like.
        """
        return None if self.pack.started_by(text) else self._judged(text)

    @cached_property
    def _judged(self) -> Recent[Risk | None]:
        return Recent(self._judge)

    def _judge(self, text: str) -> Risk | None:
        model, gate, english = self.made.risk, self.made.gate, self.encoders.english
        if (
            gate is not None
            and english is not None
            and english.name in gate.encoders
            and detect(text, self.pack.languages) == "en"
            and plainly_ordinary(gate, english, text)
        ):
            return None
        loaded = {encoder.name: encoder for encoder in self.encoders.loaded()}
        if model is None or not all(name in loaded for name in model.encoders):
            return None
        return assess(model, [loaded[str(name)] for name in model.encoders], text)


def unlabelled(text: str) -> str:
    """`text` without what stands for personal data ("[name]"): as a word it would be looked for."""
    return " ".join(LABEL.sub(" ", text).split()) or text


def engine_of(pack: Pack, made: Made, encoders: Encoders, today: Callable[[], date] = date.today) -> Engine:
    """An engine whose speller knows the words of the index."""
    texts = (
        " ".join([passage.title, passage.heading, passage.text, *passage.asked_as]) for passage in made.index.passages
    )
    return Engine(pack, made, encoders, Speller.of(texts, pack.glossary), today)
