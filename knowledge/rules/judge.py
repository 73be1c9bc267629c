"""Every row of a table against one set of answers, and which of them decide."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.rules.table import Answers, Basis, Case, Criterion, Effect, Outcome, State, Table

OFF = Case(when={}, state=State.OFF, says="This local setting is not used.")
OUTCOMES = {
    Effect.CONTINUE: Outcome.LIKELY,
    Effect.MISSING: Outcome.NEEDS_MORE,
    Effect.REFER: Outcome.REFER,
    Effect.STOP: Outcome.NOT_ELIGIBLE,
    Effect.SAFEGUARD: Outcome.REFER,
}


@dataclass(frozen=True)
class RowResult:
    """One row, and how it stands."""

    row: Criterion
    case: Case
    effect: Effect

    @property
    def state(self) -> State:
        return self.case.state


@dataclass(frozen=True)
class Judgement:
    """An outcome with every row, the rows that decided it, and the outcome but for a worry about safety."""

    outcome: Outcome
    rows: tuple[RowResult, ...]
    decisive: tuple[RowResult, ...]
    once_safe: Outcome | None = None

    @property
    def only_local(self) -> bool:
        """True when nothing but local settings decided."""
        return bool(self.decisive) and all(result.row.basis is Basis.INFERRED for result in self.decisive)


def judge(table: Table, answers: Answers) -> Judgement:
    """Safety first, then a published no, then refer, then what is missing, then likely."""
    rows = tuple(stand(row, answers) for row in table.rows)
    outcome, decisive = weigh(rows)
    if not any(result.effect is Effect.SAFEGUARD for result in rows):
        return Judgement(outcome, rows, decisive)
    others = tuple(result for result in rows if result.effect is not Effect.SAFEGUARD)
    return Judgement(outcome, rows, decisive, once_safe=weigh(others)[0])


def stand(row: Criterion, answers: Answers) -> RowResult:
    """How one row stands. A row that is not used decides nothing."""
    if not row.used:
        return RowResult(row, OFF, Effect.CONTINUE)
    case = row.case_for(answers)
    return RowResult(row, case, row.effect_of(case))


def weigh(rows: tuple[RowResult, ...]) -> tuple[Outcome, tuple[RowResult, ...]]:
    """The outcome of rows that compete, and those that decide it: none when nothing stands in the way.

    A case that only local settings hold back goes to a person: it is a refer, whatever they ask for.
    """
    strongest = max((result.effect for result in rows), default=Effect.CONTINUE)
    if strongest is Effect.CONTINUE:
        return Outcome.LIKELY, ()
    decisive = tuple(result for result in rows if result.effect is strongest)
    only_local = all(result.row.basis is Basis.INFERRED for result in decisive)
    return Outcome.REFER if only_local else OUTCOMES[strongest], decisive
