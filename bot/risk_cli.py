"""`askwell eval risk`: how often an answer is wrong at each share answered, by folds and by sets of questions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.app import build_engine, load_settings_pack
from bot.assistant import Assistant
from bot.batch import answer_lines
from bot.indexing import cached_encoders
from bot.messages import Incoming
from bot.models import encoders_for
from bot.scoring import judge_all, read_items
from bot.scoring.verdicts import SHOULD_DECLINE, Verdict
from bot.settings import Settings
from bot.terminal import progress_bar, stop
from knowledge.article import passages_of
from retrieval.coverage import Judged, auroc, table
from retrieval.interval import wilson
from retrieval.training import held_out_confidences, trials

ERROR = 0.02
Files = Annotated[list[Path] | None, typer.Argument(exists=True, dir_okay=False, readable=True)]


def risk(
    questions: Files = None,
    error: Annotated[float, typer.Option(min=0.0, max=1.0, help="The share of answers that may be wrong.")] = ERROR,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th phrasing only.")] = 3,
    off_topic: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Questions about something else, one a line.")
    ] = None,
) -> None:
    """Risk and coverage: by folds of the pack's phrasings, and of the whole service on sets of questions."""
    sys.stdout.write(by_folds(error, every) + "\n")
    if not questions and off_topic is None:
        return
    with progress_bar() as tell:
        assistant = Assistant(build_engine(Settings(), progress=tell))
    for file in questions or []:
        sys.stdout.write(f"\n{file.name}, the whole service\n{of_questions(assistant, file, error)}\n")
    if off_topic is not None:
        sys.stdout.write(refused(assistant, off_topic.read_text(encoding="utf-8").splitlines()) + "\n")


def by_folds(error: float, every: int) -> str:
    """Each phrasing asked without itself in the index, and again without its article: a near-miss."""
    settings = Settings()
    passages = passages_of(load_settings_pack(settings).articles)
    english = cached_encoders(settings, encoders_for(settings)).english
    with progress_bar() as tell:
        total = 2 * (sum(len(passage.asked_as) for passage in passages) // every)
        asked = []
        for trial in trials(passages, english, every=every):
            asked.append(trial)
            tell("Asking", len(asked), total)
    confidences = held_out_confidences(asked)
    there = [
        Judged(sure, trial.right_article) for sure, trial in zip(confidences, asked, strict=True) if not trial.hidden
    ]
    gone = [sure for sure, trial in zip(confidences, asked, strict=True) if trial.hidden]
    told_apart = auroc([one.confidence for one in there if one.right], gone)
    return (
        f"{len(there)} phrasings taken out of the index and asked: is their article first?\n{table(there, error)}\n"
        f"near-misses ({len(gone)} of the same asked without their article): AUROC {told_apart:.3f}"
    )


def of_questions(assistant: Assistant, file: Path, error: float) -> str:
    """Every question of a set asked of the service; an answer is wrong when it lacks a fact or should not be."""
    items, _ = read_items(file)
    if not items:
        stop(f"{file} holds no question in the schema of tests/golden/dev_questions.jsonl.")
    verdicts, _ = judge_all(items, answer_lines(assistant, file.read_bytes().splitlines()))
    return table(judged_answers(verdicts), error)


def judged_answers(verdicts: Sequence[Verdict]) -> list[Judged]:
    """What was answered, with how sure; what should have been and was not counts as never answered."""
    return [
        Judged(
            float(verdict.confidence or 0.0) if verdict.got == "answer" else -1.0,
            verdict.correct,
            verdict.item.expect not in SHOULD_DECLINE,
        )
        for verdict in verdicts
        if verdict.got == "answer" or verdict.item.expect == "answer"
    ]


def refused(assistant: Assistant, questions: Sequence[str]) -> str:
    """How many questions about something else get no answer."""
    asked = [one.strip() for one in questions if one.strip()]
    answered = [one for one in asked if assistant.reply(Incoming(one)).reply.outcome.value == "answer"]
    low, high = wilson(len(asked) - len(answered), len(asked))
    said = "".join(f"\n  answered: {one}" for one in answered)
    share = 1 - len(answered) / len(asked) if asked else 0.0
    return f"off-topic refused: {100 * share:.1f} % of {len(asked)} (95% {100 * low:.1f} to {100 * high:.1f}){said}"
