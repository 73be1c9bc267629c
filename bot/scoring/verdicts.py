"""One answer against one item: which outcome it has, which facts, which forbidden words, which sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.scoring.items import Answer, Item, compiled

ELIGIBILITY = frozenset({"likely_eligible", "not_eligible", "refer", "needs_more_information"})
DECLINED = frozenset({"abstain", "out_of_area", "handoff"})
SHOULD_DECLINE = frozenset({"abstain", "out_of_area"})

_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "*": None, "`": None})
_DASH = re.compile("[\u2010-\u2015\u2212]")
_SPACES = re.compile(r"[^\S\n]+")

_OTHER_WORDS = {"not_ready": "needs_more_information", "likely": "likely_eligible"}
# In this order: a text that turns somebody down often asks for more information or refers them on as well.
_DECISIONS = (
    ("not_eligible", compiled(r"not eligible")),
    ("needs_more_information", compiled(r"more information|not ready")),
    ("refer", compiled(r"\brefer")),
    ("likely_eligible", compiled(r"likely (?:to be )?eligible")),
)
_POLICE = compiled(r"\b999\b")
_CHILDRENS_LINES = compiled(r"020\W*8583\W*(?:6600|2222)|0800 ?1111")
_NOT_KNOWN = compiled(
    r"(?:do not|don'?t|cannot|can'?t|unable to|not able to) (?:know|have|hold|find|help|answer|say|confirm)"
    r"|no information"
)


@dataclass(frozen=True)
class Verdict:
    """How one answer did. `facts` follows the item's groups, `cites` the answer's citations.

    `stale` are the forbidden patterns it matched; `language_ok` is none when the answer names no language.
    """

    item: Item
    got: str
    present: bool
    facts: tuple[bool, ...]
    stale: tuple[str, ...]
    cites: tuple[bool, ...]
    language_ok: bool | None
    confidence: int | float | None

    @property
    def exact(self) -> bool:
        """The outcome is the one expected."""
        return self.got == self.item.expect

    @property
    def outcome_ok(self) -> bool:
        """The outcome is one that counts as right: to abstain and to call it out of area are the same act."""
        both_decline = self.item.expect in SHOULD_DECLINE and self.got in SHOULD_DECLINE
        return self.exact or self.got in self.item.also_ok or both_decline

    @property
    def correct(self) -> bool:
        return self.outcome_ok and all(self.facts) and not self.stale

    @property
    def cite_due(self) -> bool:
        """It answered a question that has known sources, so one of them is due."""
        return bool(self.item.url_any) and self.item.expect == "answer" and self.got == "answer"

    @property
    def cited(self) -> bool:
        return any(self.cites)

    @property
    def declined(self) -> bool:
        return self.got in DECLINED


def judge_all(items: Sequence[Item], answers: Iterable[Answer]) -> tuple[list[Verdict], list[str]]:
    """A verdict an item, in order, and the sorted ids of answers to no item. The last answer to an id counts."""
    found = {str(answer["id"]): answer for answer in answers if answer.get("id") is not None}
    verdicts = [judge(item, found.get(item.id)) for item in items]
    return verdicts, sorted(found.keys() - {item.id for item in items})


def judge(item: Item, answer: Answer | None) -> Verdict:
    """The verdict on `answer`: an object of the answers file, or none when the item got no answer."""
    given = answer or {}
    text = folded(given.get("text"))
    return Verdict(
        item=item,
        got=_outcome(item, given, text),
        present=bool(given),
        facts=tuple(any(compiled(pattern).search(text) for pattern in group) for group in item.facts),
        stale=tuple(pattern for pattern in item.must_not if compiled(pattern).search(text)),
        cites=tuple(_is_right_source(citation, item.url_any) for citation in _as_list(given.get("citations"))),
        language_ok=_language_ok(item, given.get("language")),
        confidence=_confidence(given.get("confidence")),
    )


def folded(text: object) -> str:
    """`text` with one form for each width, digit of any script, quote, dash and space, and without markdown marks."""
    compatible = unicodedata.normalize("NFKC", str(text or ""))
    digits = "".join(str(unicodedata.digit(char, char)) for char in compatible)
    return _SPACES.sub(" ", _DASH.sub("-", digits.translate(_PUNCTUATION)))


def _outcome(item: Item, answer: Answer, text: str) -> str:
    if item.expect in ELIGIBILITY:
        decision = _decision(answer, text)
        if decision:
            return decision
    named = _label(answer.get("outcome"))
    if named == "conflict":  # an answer whose sources disagree is an answer
        return "answer"
    return named or _outcome_from_words(text)


def _decision(answer: Answer, text: str) -> str:
    """The eligibility decision that the answer's fields name, or else its words; empty when neither does."""
    for field in ("decision", "outcome"):
        label = _label(answer.get(field))
        decision = _OTHER_WORDS.get(label, label)
        if decision in ELIGIBILITY or decision == "safeguard":
            return decision
    return next((name for name, pattern in _DECISIONS if pattern.search(text)), "")


def _outcome_from_words(text: str) -> str:
    if not text.strip():
        return ""
    if _POLICE.search(text) and _CHILDRENS_LINES.search(text):
        return "safeguard"
    return "abstain" if _NOT_KNOWN.search(text) else "answer"


def _label(value: object) -> str:
    return re.sub(r"[^a-z]+", "_", str(value or "").strip().lower()).strip("_")


def _as_list(citations: object) -> list[object]:
    if isinstance(citations, list):
        return citations
    return [citations] if citations else []


def _is_right_source(citation: object, wanted: Sequence[str]) -> bool:
    match citation:
        case str():
            said = f"{citation} "
        case dict():
            said = f"{citation.get('url') or ''} {citation.get('title') or ''}"
        case _:
            return False
    lower = said.lower()
    return any(piece[3:] in said if piece.startswith("cs:") else piece.lower() in lower for piece in wanted)


def _language_ok(item: Item, named: object) -> bool | None:
    language = _primary(str(named or ""))
    return language == _primary(item.language) if language else None


def _primary(language: str) -> str:
    return language.lower().split("-")[0]


def _confidence(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
