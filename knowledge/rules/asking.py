"""The order of questions for a check asked step by step: one engine for the web, the terminal and Telegram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from knowledge.rules.judge import stand
from knowledge.rules.table import UNKNOWN, Answers, Basis, Choice, Criterion, Effect, Page, Question, Table


def pages(table: Table, answers: Answers | None = None) -> tuple[Page, ...]:
    """The pages that apply, given `answers` so far, with the questions that apply on each.

    A question that feeds only local settings that are not used is left out, and so is a page left with none.
    """
    found = (
        Page(page.id, page.title, tuple(q for q in page.questions if _applies(table, q, answers or {})))
        for page in table.pages
    )
    return tuple(page for page in found if page.questions)


def next_page(table: Table, answers: Answers) -> Page | None:
    """The first page with a question not answered yet; none when the view can no longer change."""
    if settled(table, answers):
        return None
    return next((page for page in pages(table, answers) if not all(answered(q, answers) for q in page.questions)), None)


def next_question(table: Table, answers: Answers) -> Question | None:
    """The first question not answered yet; none when the view can no longer change."""
    page = next_page(table, answers)
    return next((q for q in page.questions if not answered(q, answers)), None) if page else None


def answered(question: Question, answers: Answers) -> bool:
    """True once the question was put and answered, "I'm not sure" included."""
    return any(key in answers for key in question.keys)


def choose(answers: Answers, question: Question, choice: Choice) -> dict[str, str]:
    """`answers` with this choice made, in place of any earlier one."""
    return {**without(answers, question), **choice.sets}


def without(answers: Answers, question: Question) -> dict[str, str]:
    """`answers` with this question not answered."""
    return {key: value for key, value in answers.items() if key not in question.keys}


def chosen(question: Question, answers: Answers) -> Choice | None:
    """The choice that `answers` hold; none while the question is open."""
    if not answered(question, answers):
        return None
    held = {key: answers[key] for key in question.keys if key in answers}
    return next((choice for choice in question.choices if choice.sets == held), question.choices[-1])


def settled(table: Table, answers: Answers) -> bool:
    """True when no answer still open can change the outcome.

    A published no outweighs all but a worry about safety. So: nothing about safety is open, and some published row
    says no, however the answers it looks at but does not have turn out.
    """
    used = [row for row in table.rows if row.used]
    safety = [row for row in used if any(case.effect is Effect.SAFEGUARD for case in row.cases)]
    if any(key not in answers for row in safety for key in row.keys):
        return False
    return any(_always_stops(table, row, answers) for row in used if row.basis is not Basis.INFERRED)


def _always_stops(table: Table, row: Criterion, answers: Answers) -> bool:
    if stand(row, answers).effect is not Effect.STOP:
        return False
    return all(stand(row, full).effect is Effect.STOP for full in _completions(table, row.keys, answers))


def _completions(table: Table, keys: tuple[str, ...], answers: Answers) -> Iterable[Mapping[str, str]]:
    open_keys = [key for key in keys if key not in answers]
    for values in product(*((*table.inputs[key].values, UNKNOWN) for key in open_keys)):
        yield {**answers, **dict(zip(open_keys, values, strict=True))}


def _applies(table: Table, question: Question, answers: Answers) -> bool:
    skipped = question.unless and all(answers.get(key, UNKNOWN) in values for key, values in question.unless.items())
    return not skipped and any(key in table.keys_used for key in question.keys)
