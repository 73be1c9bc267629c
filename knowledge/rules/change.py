"""The smallest change of answers that would alter a result, each one proved by judging again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

from knowledge.rules.judge import Judgement, RowResult, judge, stand
from knowledge.rules.table import UNKNOWN, Answers, Change, ChangeKind, Outcome, Table

# From the furthest from an application to the nearest.
NEARER = (Outcome.NOT_ELIGIBLE, Outcome.REFER, Outcome.NEEDS_MORE, Outcome.LIKELY)
_COST = {kind: cost for cost, kind in enumerate(ChangeKind)}


@dataclass(frozen=True)
class Alteration:
    """Changes that together alter a result, and the outcome they lead to."""

    changes: tuple[Change, ...]
    outcome: Outcome

    @property
    def sets(self) -> dict[str, str]:
        """The answers to set, to see it for oneself."""
        return {change.key: change.to for change in self.changes}


def smallest_change(table: Table, answers: Answers, judged: Judgement) -> Alteration | None:
    """The fewest changes that alter the outcome: towards an application, or, from likely, away from one.

    Among as few, the best outcome wins, then what the setting can do itself, then the order of the table.
    None when no change the table names alters the result.
    """
    if judged.outcome is Outcome.LIKELY:
        return _away(table, answers)
    if judged.once_safe is not None:
        return _once_safe(table, answers, judged)
    return _towards(table, answers, judged, judged.outcome)


def changed(answers: Answers, changes: Iterable[Change]) -> dict[str, str]:
    """`answers` after `changes`."""
    return {**answers, **{change.key: change.to for change in changes}}


def open_changes(table: Table, answers: Answers) -> tuple[Change, ...]:
    """The changes that start from where the answers are, in the table's order."""
    return tuple(change for change in table.changes if answers.get(change.key, UNKNOWN) in change.starts)


def _away(table: Table, answers: Answers) -> Alteration | None:
    for change in open_changes(table, answers):
        outcome = judge(table, changed(answers, [change])).outcome
        if outcome is not Outcome.LIKELY:
            return Alteration((change,), outcome)
    return None


def _once_safe(table: Table, answers: Answers, judged: Judgement) -> Alteration | None:
    """With a worry about safety, first that, and then whatever else it takes for another outcome."""
    keys = {key for result in judged.decisive for key in result.row.keys}
    first = next((change for change in open_changes(table, answers) if change.key in keys), None)
    if first is None:
        return None
    safe = changed(answers, [first])
    after = judge(table, safe)
    if after.outcome is not judged.outcome:
        return Alteration((first,), after.outcome)
    more = smallest_change(table, safe, after)
    return Alteration((first, *more.changes), more.outcome) if more else None


def _towards(
    table: Table, answers: Answers, judged: Judgement, than: Outcome, spent: frozenset[str] = frozenset()
) -> Alteration | None:
    """The smallest change to an outcome nearer `than` that.

    Every row that decides must stand otherwise, so it is one way out of each, together. No answer is changed twice:
    those of `spent` are left as they are, which is also why this ends.
    """
    steps = tuple(step for step in open_changes(table, answers) if step.key not in spent)
    ways = [tuple(_ways_out(result, answers, steps)) for result in judged.decisive]
    tried = (_tried(table, answers, _joined(choice, steps), than, spent) for choice in product(*ways))
    return min((one for one in tried if one), key=lambda one: _worth(table, one), default=None)


def _tried(
    table: Table, answers: Answers, together: tuple[Change, ...], than: Outcome, spent: frozenset[str]
) -> Alteration | None:
    """What `together` leads to. Where other rows then hold the case back as far, their way out is added."""
    if not together:
        return None
    after = changed(answers, together)
    then = judge(table, after)
    if NEARER.index(then.outcome) > NEARER.index(than):
        return Alteration(together, then.outcome)
    more = _towards(table, after, then, than, spent | {change.key for change in together})
    return Alteration((*together, *more.changes), more.outcome) if more else None


def _ways_out(result: RowResult, answers: Answers, steps: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    """The fewest changes after which this row no longer has the effect it has."""
    mine = [step for step in steps if step.key in result.row.keys]
    for size in range(1, len(mine) + 1):
        ways = [way for way in combinations(mine, size) if _weaker(result, changed(answers, way))]
        if ways:
            yield from ways
            return


def _weaker(result: RowResult, answers: Answers) -> bool:
    return stand(result.row, answers).effect < result.effect


def _joined(ways: tuple[tuple[Change, ...], ...], steps: tuple[Change, ...]) -> tuple[Change, ...]:
    """The ways as one set of changes, in the table's order; empty when two want different things of one answer."""
    wanted = [change for way in ways for change in way]
    changes = tuple(step for step in steps if step in wanted)
    return changes if len({change.key for change in changes}) == len(changes) else ()


def _worth(table: Table, one: Alteration) -> tuple[int, int, int, tuple[int, ...]]:
    """The less, the better: how many changes, how far the outcome still is, how hard they are, their places."""
    places = tuple(table.changes.index(change) for change in one.changes)
    cost = sum(_COST[change.kind] for change in one.changes)
    return len(one.changes), -NEARER.index(one.outcome), cost, places
