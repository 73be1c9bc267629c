"""How well redaction works on a labelled set: what leaked, what was lost, and the same without redaction."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.redaction import LABELS, redact
from bot.redaction.tokens import WORD
from retrieval.interval import wilson

_CRUDE = re.compile(r"\b[A-Z]\w*|\d+")
LABEL = re.compile("|".join(re.escape(label) for label in LABELS.values()))


@dataclass(frozen=True)
class Case:
    """A message, the strings that must not survive in it, and the strings that must."""

    text: str
    secrets: tuple[str, ...]
    keep: tuple[str, ...]
    batch: str = ""


@dataclass(frozen=True)
class Figures:
    """What one way of redacting did to a set of cases."""

    secrets: int
    leaked: tuple[tuple[int, str], ...]
    kept: int
    lost: tuple[tuple[int, str], ...]

    @property
    def leak_rate(self) -> float:
        """The share of secrets that survived, wholly or in part."""
        return len(self.leaked) / self.secrets if self.secrets else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the leak rate."""
        return wilson(len(self.leaked), self.secrets)


@dataclass(frozen=True)
class LeakReport:
    """The figures with redaction, and the control without it: the control must leak everything."""

    cases: int
    redacted: Figures
    control: Figures


def read_cases(lines: Iterable[str]) -> tuple[Case, ...]:
    """The cases in a JSON Lines file: `{"text", "secrets", "keep"}`, and `"batch"` if the set has several."""
    rows = (json.loads(line) for line in lines if line.strip())
    return tuple(Case(row["text"], tuple(row["secrets"]), tuple(row["keep"]), row.get("batch", "")) for row in rows)


def leak_report(cases: Sequence[Case], published: Collection[str] = ()) -> LeakReport:
    """What `redact` leaks and loses on `cases`, beside no redaction at all."""
    return LeakReport(
        cases=len(cases),
        redacted=measure(cases, lambda text: redact(text, published).text),
        control=measure(cases, lambda text: text),
    )


def measure(cases: Sequence[Case], hide: Callable[[str], str]) -> Figures:
    """What `hide` leaks and loses on `cases`."""
    leaked: list[tuple[int, str]] = []
    lost: list[tuple[int, str]] = []
    for number, case in enumerate(cases):
        hidden = hide(case.text)
        leaked += [(number, secret) for secret in case.secrets if survives(secret, hidden, case.keep)]
        lost += [(number, kept) for kept in case.keep if kept not in hidden]
    secrets, kept = sum(len(case.secrets) for case in cases), sum(len(case.keep) for case in cases)
    return Figures(secrets, tuple(leaked), kept, tuple(lost))


@dataclass(frozen=True)
class RankChange:
    """What redaction does to the search: of `asked` messages, in how many the first section stays first, or in the
    first two. Both are of the section the message finds with nothing hidden."""

    asked: int
    same: int
    within_one: int

    def says(self) -> str:
        """Both shares, each with its 95% interval."""
        parts = []
        for name, count in (("still first", self.same), ("first or second", self.within_one)):
            low, high = wilson(count, self.asked)
            share = 100 * count / self.asked if self.asked else 0.0
            parts.append(f"{name} {share:.1f} % ({100 * low:.1f} to {100 * high:.1f})")
        return f"the section found with nothing hidden, {self.asked} messages: {'; '.join(parts)}"


def rank_change(cases: Sequence[Case], find: Callable[[str], Sequence[str]], hide: Callable[[str], str]) -> RankChange:
    """How `hide` moves the section that `find` (ids, best first) puts first for each message that holds a secret."""
    asked = same = within_one = 0
    for case in cases:
        before = find(case.text)
        if not case.secrets or not before:
            continue
        after = find(hide(case.text))
        asked += 1
        same += before[0] in after[:1]
        within_one += before[0] in after[:2]
    return RankChange(asked, same, within_one)


def messages_in(lines: Iterable[str]) -> list[str]:
    """The messages of a file: one a line, or the `question` of each line of a set of questions. `#` begins a remark."""
    read = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [json.loads(line)["question"] if line.startswith("{") else line for line in read]


def hidden_in(messages: Iterable[str], published: Collection[str] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """The messages of which `redact` hides something, each with what: wrongly, where nobody is named."""
    found = ((text, redact(text, published).found) for text in messages)
    return [(text, tuple(text[one.start : one.end] for one in hidden)) for text, hidden in found if hidden]


def crudely(text: str) -> str:
    """The control for rank change: every word with a capital and every number hidden, whatever it says."""
    return _CRUDE.sub("[name]", text)


def survives(secret: str, text: str, keep: Collection[str]) -> bool:
    """Whether any word of `secret` is still in `text`: half a name is a leak too.

    Words that must be kept for another reason ("Road" in a kept "Bath Road") do not count.
    """
    kept = {word for phrase in keep for word in words_of(phrase)}
    left = words_of(LABEL.sub(" ", text))
    return bool((words_of(secret) - kept) & left)


def words_of(text: str) -> set[str]:
    """The words of two letters or more in `text`, in one case; the halves of a double one as well."""
    whole = (word.casefold() for word in WORD.findall(text))
    return {part for word in whole for part in re.split(r"['’‘ʼ`´\-]", word) if len(part) > 1}


def table(report: LeakReport) -> str:
    """Both ways of redacting side by side, with n and the 95% interval of the leak rate."""
    lines = [f"on {report.cases} messages we wrote, {report.redacted.secrets} secrets"]
    for name, figures in (("redacted", report.redacted), ("control: no redaction", report.control)):
        low, high = figures.interval
        lines.append(
            f"{name:<24} leaked {len(figures.leaked):>4} = {100 * figures.leak_rate:.1f} % "
            f"({100 * low:.1f} to {100 * high:.1f}); lost {len(figures.lost)} of {figures.kept} words to keep"
        )
    return "\n".join(lines)
