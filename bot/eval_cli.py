"""`askwell eval`: every figure the product states, with the command that makes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.app import build_engine, load_settings_pack
from bot.assistant import Assistant
from bot.batch import answer_lines
from bot.benchmark_cli import benchmark
from bot.indexing import cached_encoders, lessons
from bot.messages import Role
from bot.models import encoders_for
from bot.redaction_report import crudely, hidden_in, leak_report, messages_in, rank_change, read_cases
from bot.redaction_report import table as leak_table
from bot.risk_cli import risk
from bot.scoring import judge_all, read_answers, read_items, summarise
from bot.scoring import table as score_table
from bot.settings import Settings
from bot.terminal import progress_bar, said, stop
from knowledge.article import passages_of
from knowledge.contacts import published
from retrieval import risk_report
from retrieval.comparison import report, run_all
from retrieval.evaluate import read_beir
from retrieval.index import build_index
from retrieval.interval import wilson
from retrieval.language import detect
from retrieval.rankers import plain_rankers
from retrieval.risk_gate import spared
from retrieval.search import Encoders
from retrieval.training import trials

evaluate = typer.Typer(help="Measure answers, retrieval, safeguarding and redaction.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
FileOption = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]
evaluate.command()(risk)
evaluate.command()(benchmark)


@evaluate.command()
def answers(
    questions: File,
    given: Annotated[Path | None, typer.Option(help="Score these answers instead of asking.", exists=True)] = None,
    failures: Annotated[Path | None, typer.Option(help="Write the questions that went wrong here.")] = None,
) -> None:
    """Ask every question of a set and score the answers (schema: tests/golden/dev_questions.jsonl)."""
    items, broken = read_items(questions)
    if not items:
        stop(f"{questions} holds no question in the schema of tests/golden/dev_questions.jsonl.")
    if given:
        told, unread = read_answers(given)
    else:
        with progress_bar() as tell:
            assistant = Assistant(build_engine(Settings(), progress=tell))
            told, unread = [], 0
            for number, answer in enumerate(answer_lines(assistant, questions.read_bytes().splitlines()), start=1):
                told.append(answer)
                tell("Asking", number, len(items))
    verdicts, unknown = judge_all(items, told)
    sys.stdout.write(score_table(summarise(verdicts)) + "\n")
    if broken or unread or unknown:
        said.print(
            f"{broken} questions and {unread} answers could not be read; {len(unknown)} answers have no question."
        )
    if failures:
        lines = [
            json.dumps({"id": v.item.id, "got": v.got, "question": v.item.question}) for v in verdicts if not v.correct
        ]
        failures.write_text("\n".join([*lines, ""]), encoding="utf-8")


@evaluate.command()
def retrieval(
    corpus: FileOption,
    queries: FileOption,
    qrels: Annotated[Path, typer.Option(exists=True, readable=True, help="A .tsv file, or a folder of them.")],
) -> None:
    """Rank a BEIR corpus with Askwell, plain BM25, MiniLM and plain rank fusion."""
    try:
        collection = read_beir(corpus, queries, qrels)
    except ValueError as error:
        stop(str(error))
    settings = Settings()
    encoders = Encoders(encoders_for(settings).english)
    with progress_bar() as tell:
        index = build_index(
            collection.passages, encoders.english, progress=lambda d, n: tell("Reading the corpus", d, n)
        )
        runs = run_all(collection, plain_rankers(index, encoders), tell)
    sys.stdout.write(report(collection, runs) + "\n")


@evaluate.command()
def phrasings(
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th phrasing only.")] = 1,
) -> None:
    """Take each phrasing out of the index in turn, ask it, and count how often its article is still found first."""
    settings = Settings()
    pack = load_settings_pack(settings)
    passages = passages_of(pack.articles)
    english = cached_encoders(settings, encoders_for(settings)).english
    folds = max(len(passage.asked_as) for passage in passages)
    total = sum(len(passage.asked_as) for passage in passages) // every
    found: list[tuple[bool, ...]] = []
    with progress_bar() as tell:
        for trial in trials(passages, english, every=every, folds=folds, near_misses=False):
            found.append((trial.right_article, trial.article_within(3), trial.article_within(5), trial.right))
            tell("Asking", len(found), total)
    names = ("its article first", "its article in the first 3", "its article in the first 5", "its own section first")
    for name, hits in zip(names, zip(*found, strict=True), strict=True):
        low, high = wilson(sum(hits), len(hits))
        share = 100 * sum(hits) / len(hits)
        sys.stdout.write(f"{name}: {share:.1f} % of {len(hits)} (95% {100 * low:.1f} to {100 * high:.1f})\n")


@evaluate.command()
def safeguarding() -> None:
    """Recall and false alarms on messages we wrote, by folds, beside a list of words. Not a safety claim."""
    settings = Settings()
    pack = load_settings_pack(settings)
    cached = cached_encoders(settings, encoders_for(settings))
    readers = cached.loaded()
    examples = lessons(pack)
    kinds = list(pack.safeguarding.kinds.values())
    rules = risk_report.by_rules(kinds)
    by_rules = [rules(example) for example in examples]
    sure, doubted = risk_report.held_out(examples, readers)
    let_go = spared(examples, cached.english) if cached.english else [False] * len(examples)
    columns = {
        "list of words (control)": [risk_report.by_words(example) for example in examples],
        "rules alone (in sample)": by_rules,
        "classifier, held out": sure,
        "rules or classifier": [a or b for a, b in zip(by_rules, sure, strict=True)],
        "or in doubt": [a or b for a, b in zip(by_rules, doubted, strict=True)],
        "the same behind the gate": [
            a or (b and not gone) for a, b, gone in zip(by_rules, doubted, let_go, strict=True)
        ],
    }
    rows = {name: risk_report.rows(examples, found) for name, found in columns.items()}
    sys.stdout.write(risk_report.table(rows) + "\n")


def _needlessly_hidden(file: Path, keep: frozenset[str]) -> str:
    """In how many messages of `file` something is hidden, and what."""
    messages = messages_in(file.read_text(encoding="utf-8").splitlines())
    hidden = hidden_in(messages, keep)
    low, high = wilson(len(hidden), len(messages))
    said = "".join(f"\n  {', '.join(words)} | {text}" for text, words in hidden)
    share = f"(95% {100 * low:.1f} to {100 * high:.1f} %)"
    return f"{file.name}: something hidden in {len(hidden)} of {len(messages)} {share}{said}"


@evaluate.command()
def redaction(
    cases: File,
    ordinary: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="Messages that name nobody, or questions.")
    ] = None,
) -> None:
    """What redaction lets through on a labelled set, what it takes that it should not, and how it moves the search."""
    try:
        read = read_cases(cases.read_text(encoding="utf-8").splitlines())
    except (ValueError, KeyError, TypeError):
        stop(f"{cases} is not a set of cases: each line needs text, secrets and keep, as JSON.")
    keep = published(load_settings_pack(Settings()).contacts)
    sys.stdout.write(leak_table(leak_report(read, keep)) + "\n")
    for file in ordinary or []:
        sys.stdout.write(_needlessly_hidden(file, keep) + "\n")
    with progress_bar() as tell:
        assistant = Assistant(build_engine(Settings(), progress=tell))
    engine = assistant.engine

    def find(text: str) -> list[str]:
        language = detect(text, engine.pack.languages)
        return [hit.passage.id for hit in engine.search(text, language, Role.FAMILY).hits]

    ways = {"redacted": lambda text: assistant.hide(text).text, "control: every capital and number hidden": crudely}
    for name, hide in ways.items():
        sys.stdout.write(f"{name}: {rank_change(read, find, hide).says()}\n")
