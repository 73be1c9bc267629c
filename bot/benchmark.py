"""The public benchmark: questions with the sections that answer them, asked of the whole service and of the search.

A line of its file is one question: `id`, `kind`, `question`, `gold` (the ids of the sections that answer; none for what
cannot be answered), `language`, `role`, and `before` (what was asked just before, oldest first).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.assistant import Assistant
from bot.batch import converse
from bot.door import BadInputError, read_language, read_role
from bot.messages import Incoming, Outcome, Role
from retrieval.interval import wilson

DECLINED = frozenset({Outcome.ABSTAIN, Outcome.OUT_OF_AREA, Outcome.HANDOFF})
KINDS = ("answerable", "typo", "language", "follow_up", "conflict", "unanswerable")
WITHIN = 5


@dataclass(frozen=True)
class Question:
    """One line of the set."""

    id: str
    kind: str
    text: str
    gold: frozenset[str]
    language: str
    role: Role
    before: tuple[str, ...] = ()

    @property
    def turns(self) -> list[Incoming]:
        return [Incoming(text, self.role) for text in (*self.before, self.text)]


@dataclass(frozen=True)
class Asked:
    """What became of one question: whether the service did right, was in the right article, and the search found it."""

    question: Question
    right: bool
    article: bool
    within: bool
    said: str


def read_questions(lines: Iterable[str], sections: Iterable[str]) -> list[Question]:
    """The questions of a set. Raises ValueError naming the line of the first fault."""
    known, found = frozenset(sections), []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, BadInputError) as error:
            raise ValueError(f"line {number}: {error}") from error
        if strange := found[-1].gold - known:
            raise ValueError(f"line {number}: this pack has no section {sorted(strange)[0]}")
    return found


def _question(row: dict[str, object]) -> Question:
    kind, gold, before = str(row["kind"]), row["gold"], row.get("before", [])
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    if not isinstance(gold, list) or not isinstance(before, list) or bool(gold) is (kind == "unanswerable"):
        raise ValueError("gold and before are lists, and gold is empty for what cannot be answered alone")
    return Question(
        id=str(row["id"]),
        kind=kind,
        text=str(row["question"]),
        gold=frozenset(map(str, gold)),
        language=read_language(str(row.get("language", "en"))) or "en",
        role=read_role(str(row.get("role", "family"))),
        before=tuple(map(str, before)),
    )


def ask_all(
    assistant: Assistant, questions: Sequence[Question], tick: Callable[[int, int], None] | None = None
) -> list[Asked]:
    """Each question asked as a conversation of its own."""
    asked = []
    for question in questions:
        asked.append(_ask(assistant, question))
        if tick:
            tick(len(asked), len(questions))
    return asked


def _ask(assistant: Assistant, question: Question) -> Asked:
    reply = converse(assistant, question.turns)
    shown, articles = reply.section or "", {id.split("#")[0] for id in question.gold}
    if question.kind == "unanswerable":
        right = article = reply.outcome in DECLINED
    else:
        article = shown.split("#")[0] in articles
        right = shown in question.gold and (question.kind != "conflict" or reply.outcome is Outcome.CONFLICT)
    hits = assistant.engine.search(question.text, question.language, question.role).hits[:WITHIN]
    within = any(hit.passage.id in question.gold for hit in hits)
    return Asked(question, right, article, within, f"{reply.outcome.value} {shown}".strip())


def table(asked: Sequence[Asked]) -> str:
    """A line a kind and one for all: how many, and shares in per cent with their 95 % intervals (Wilson)."""
    head = f"{'kind':<14}{'n':>5}  {'right':<22}{'right article':<22}{f'found in first {WITHIN}':<22}"
    rows = [(kind, [one for one in asked if one.question.kind == kind]) for kind in KINDS]
    lines = [_row(kind, those) for kind, those in [*rows, ("all", list(asked))] if those]
    return "\n".join([head, *lines])


def _row(name: str, those: Sequence[Asked]) -> str:
    there = [one.within for one in those if one.question.gold]
    shares = ([one.right for one in those], [one.article for one in those], there)
    return f"{name:<14}{len(those):>5}  " + "".join(f"{_share(share):<22}" for share in shares).rstrip()


def _share(marks: Sequence[bool]) -> str:
    if not marks:
        return "-"
    low, high = wilson(sum(marks), len(marks))
    return f"{100 * sum(marks) / len(marks):.0f} ({100 * low:.0f} to {100 * high:.0f})"
