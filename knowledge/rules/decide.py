"""A verdict from a table and answers: pure, and total over any answers at all."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.rules.change import Alteration, smallest_change
from knowledge.rules.judge import Judgement, RowResult, judge
from knowledge.rules.table import Answers, Effect, Outcome, Table

EARLY_YEARS = "early_years"
CLUSTER_LEADS = "mip"


@dataclass(frozen=True)
class Verdict:
    """The view a check gives, with its working.

    `rows` holds every row of the table; `decisive` are those that made the outcome. `routes` say where to go next,
    in `queue`'s hands. `missing` is what to gather, `questions` what to ask the SEND Cluster Lead (in early years,
    the Early Years SEN Team). `once_safe` is the outcome the other rows give when a worry about safety comes first;
    none when there is no such worry. `change` is the smallest change that would alter the outcome.
    """

    table: Table
    answers: Answers
    outcome: Outcome
    rows: tuple[RowResult, ...]
    decisive: tuple[RowResult, ...]
    only_local: bool
    queue: str
    routes: tuple[str, ...]
    missing: tuple[str, ...]
    questions: tuple[str, ...]
    once_safe: Outcome | None
    change: Alteration | None

    def say(self, text: str) -> str:
        """`text` with {lead}: who advises this setting."""
        lead = self.table.words["lead_early_years" if is_early_years(self.answers) else "lead"]
        return text.replace("{lead}", lead).replace("{Lead}", lead[:1].upper() + lead[1:])

    def word(self, key: str) -> str:
        """The table's words for `key`. Raises `KeyError`."""
        return self.say(self.table.words[key])


def decide(table: Table, answers: Answers) -> Verdict:
    """What `table` makes of `answers`. Missing answers count as unknown; nothing raises."""
    judged = judge(table, answers)
    missing = [result.case.says for result in judged.rows if result.effect is Effect.MISSING]
    queue, routes = _next(table, answers, judged)
    return Verdict(
        table=table,
        answers=dict(answers),
        outcome=judged.outcome,
        rows=judged.rows,
        decisive=judged.decisive,
        only_local=judged.only_local,
        queue=queue,
        routes=routes,
        missing=tuple(dict.fromkeys(missing)),
        questions=_questions(judged),
        once_safe=judged.once_safe,
        change=smallest_change(table, answers, judged),
    )


def is_early_years(answers: Answers) -> bool:
    """True for an early years setting: its own team does what a cluster lead does for schools."""
    return answers.get("setting") == EARLY_YEARS


def _next(table: Table, answers: Answers, judged: Judgement) -> tuple[str, tuple[str, ...]]:
    """The queue that takes it from here, and what to do: the deciding rows' own routes, or the outcome's."""
    advises = EARLY_YEARS if is_early_years(answers) else CLUSTER_LEADS
    named = [result.case for result in judged.decisive if result.case.route]
    queue = next((case.queue for case in named if case.queue), advises)
    routes = [case.route for case in named]
    if not any(case.queue for case in named):
        routes.append(table.words[f"{judged.outcome.value}_route"])
    return advises if queue == CLUSTER_LEADS else queue, tuple(dict.fromkeys(routes))


def _questions(judged: Judgement) -> tuple[str, ...]:
    """Each question once, in row order; after a published no, only those about what is doubtful."""
    cases = [
        result.case
        for result in judged.rows
        if judged.outcome is not Outcome.NOT_ELIGIBLE or result.effect is Effect.REFER
    ]
    return tuple(dict.fromkeys(case.ask for case in cases if case.ask))
