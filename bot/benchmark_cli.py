"""`askwell eval benchmark`: the public question set, asked of the whole service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.app import build_engine
from bot.assistant import Assistant
from bot.benchmark import ask_all, read_questions, table
from bot.settings import Settings
from bot.terminal import progress_bar, stop


def benchmark(
    questions: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    wrong: Annotated[bool, typer.Option("--wrong", help="List what was not right, too.")] = False,
) -> None:
    """Ask the public benchmark (tests/golden/public_benchmark.jsonl): shares right by kind, with 95 % intervals."""
    with progress_bar() as tell:
        assistant = Assistant(build_engine(Settings(), progress=tell))
        try:
            lines = questions.read_text(encoding="utf-8").splitlines()
            read = read_questions(lines, assistant.engine.pack.sections)
        except ValueError as error:
            stop(f"{questions}: {error}.")
        asked = ask_all(assistant, read, lambda done, total: tell("Asking", done, total))
    sys.stdout.write(table(asked) + "\n")
    for one in asked if wrong else ():
        if not one.right:
            gold = ", ".join(sorted(one.question.gold)) or "nothing"
            sys.stdout.write(f"{one.question.id} {one.question.text!r}: {one.said}; wanted {gold}\n")
