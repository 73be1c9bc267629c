"""How well risk messages are found, on messages no fold learnt from, beside a plain list of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from knowledge.safeguarding import KINDS, Example, SafeguardingKind, folded
from retrieval.encoders import Encoder
from retrieval.interval import wilson
from retrieval.risk import DOUBTS, LOOK_ALIKE_DOUBTS, held_out_as_served, threshold_of

# Words anyone would list: the control that the rules and the classifier have to beat.
CONTROL = frozenset(
    """
    abuse abused abuser abusive assault attack beat beaten beating beats bruise bruised bruises bruising burn burns
    choke choked choking cut cutting danger die died dying drown exploited gang groomed grooming gun harm harmed hit
    hits hitting hurt hurting hurts kick kicked kill killed killing knife missing molested murder neglect neglected
    overdose punch punched rape raped scared screaming self-harm sexual slap slapped starving strangle suicidal suicide
    threat threaten threatened unsafe violent violence weapon
    """.split()
)


@dataclass(frozen=True)
class Row:
    """How many of one sort of message were answered with help lines."""

    name: str
    found: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the share found."""
        return wilson(self.found, self.of)


def by_words(example: Example) -> bool:
    """What the control says."""
    return bool(CONTROL & set(folded(example.text).replace(".", " ").replace(",", " ").split()))


def by_rules(kinds: Sequence[SafeguardingKind]) -> Callable[[Example], bool]:
    """What the rules alone say. They were written beside these examples, so on them they flatter themselves."""
    rules = [rule for kind in kinds for rule in kind.rules]
    return lambda example: any(rule.search(folded(example.text)) for rule in rules)


def held_out(
    examples: Sequence[Example], encoders: Sequence[Encoder], strength: float = 10.0
) -> tuple[list[bool], list[bool]]:
    """What a classifier says that learnt from neither the message nor its rewordings: sure, and sure or in doubt.

    The thresholds are those `train` would set; each message is read as it is when someone sends it.
    """
    whole, served = held_out_as_served(examples, encoders, strength)
    sure, doubt = threshold_of(whole, examples), threshold_of(whole, examples, DOUBTS, LOOK_ALIKE_DOUBTS)
    return [bool(value >= sure) for value in served], [bool(value >= doubt) for value in served]


def rows(examples: Sequence[Example], found: Sequence[bool]) -> list[Row]:
    """Recall by kind and language, and false alarms by sort of ordinary message."""
    sorts: list[tuple[str, Callable[[Example], bool]]] = [("all risk", lambda e: bool(e.kind))]
    sorts += [(f"  {kind}", partial(_is_kind, kind)) for kind in KINDS]
    sorts += [(f"  written as {writer}", partial(_is_by, writer)) for writer in writers(examples)]
    sorts += [("  in English", lambda e: bool(e.kind) and e.language == "en")]
    sorts += [("  in 17 other languages", lambda e: bool(e.kind) and e.language != "en")]
    sorts += [("false alarms: ordinary", lambda e: not e.kind and e.label != "lookalike")]
    sorts += [("false alarms: look-alikes", lambda e: not e.kind and e.label == "lookalike")]
    return [
        Row(name, sum(f for e, f in zip(examples, found, strict=True) if fits(e)), sum(map(fits, examples)))
        for name, fits in sorts
    ]


def writers(examples: Sequence[Example]) -> list[str]:
    """Who the risk messages are written as (a parent, a child, a neighbour), in alphabetical order."""
    return sorted({example.writer for example in examples if example.kind and example.writer})


def _is_by(writer: str, example: Example) -> bool:
    return bool(example.kind) and example.writer == writer


def _is_kind(kind: str, example: Example) -> bool:
    return example.kind == kind


def table(columns: dict[str, list[Row]]) -> str:
    """The rows of each way of finding, side by side, each with n and its 95% interval."""
    names = list(columns)
    lines = [f"{'on messages we wrote':<28}{'n':>6}" + "".join(f"{name:>26}" for name in names)]
    for number, first in enumerate(columns[names[0]]):
        cells = []
        for name in names:
            row = columns[name][number]
            low, high = row.interval
            share = row.found / row.of if row.of else 0.0
            cells.append(f"{100 * share:>10.1f} % ({100 * low:.0f} to {100 * high:.0f})".rjust(26))
        lines.append(f"{first.name:<28}{first.of:>6}" + "".join(cells))
    return "\n".join(lines)
