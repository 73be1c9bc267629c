"""`askwell mip`: the MIP check from a file, from a batch, or asked question by question."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import load_settings_pack
from bot.application.files import as_table, write_documents
from bot.application.form import ApplicationError, application
from bot.mip_ask import ask_all
from bot.mip_text import as_json, as_text
from bot.settings import Settings
from bot.terminal import USAGE, said, stop
from knowledge.pack import Pack
from knowledge.rules.decide import Verdict, decide
from knowledge.rules.given import GivenError, day_given, read_given
from knowledge.rules.table import table_on

LONGEST_LINE = 100_000


def mip(
    given: Annotated[Path | None, typer.Option(help="A JSON file of answers; - reads the input.")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="A file of JSON lines, each with id and given; - as above.")
    ] = None,
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    into: Annotated[
        Path | None, typer.Option("--documents", help="Write the application pack (DOCX, PDF, JSON) to this folder.")
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option(help="A JSON object: your words by heading, and held: [evidence]."),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", help="With --batch: write a CSV with a line for each child.")
    ] = None,
) -> None:
    """Check if MIP fits a child or a group: a view with its working. Without a file, questions are asked."""
    if given is not None and batch is not None:
        stop("Give --given or --batch, not both.")
    if (batch is not None and into is not None) or (batch is None and table is not None):
        stop("--documents goes with one check, --csv with --batch.")
    # What was sent is read first: a file that is not there needs no pack to say so.
    lines = _read(batch).splitlines() if batch is not None else []
    told = _object_in(given) if given is not None else None
    pack = load_settings_pack(Settings())
    if not pack.mip:
        stop(f"The pack of {pack.council} has no rules/mip.yaml, so there is no MIP check.", code=1)
    today = date.today()
    if batch is not None:
        raise SystemExit(check_batch(pack, lines, today, table))
    verdict = _asked(pack, today) if given is None else _judged(pack, given, told, today)
    shown = as_text(verdict, pack, today)
    if as_object:
        shown = json.dumps(as_json(verdict, pack, today), ensure_ascii=False)
    sys.stdout.write(shown + "\n")
    if into is not None:
        _write_pack(into, verdict, pack, today, words)


def _write_pack(into: Path, verdict: Verdict, pack: Pack, today: date, words: Path | None) -> None:
    told = _object_in(words) if words is not None else {}
    held = told.pop("held", [])
    if not isinstance(held, list) or not all(isinstance(text, str) for text in (*held, *told.values())):
        stop(f"{words}: expected headings with text, and held as a list of evidence.")
    try:
        form = application(verdict, pack, today, words=told, held=frozenset(held))
        for file in write_documents(into, form, pack.phrases):
            said.print(f"Written: {file}")
    except ApplicationError as error:
        stop(f"{words}: {error}.")
    except OSError as error:
        stop(f"{into} cannot be written: {error.strerror}.", code=1)


def check_batch(pack: Pack, lines: Iterable[bytes], today: date, table: Path | None = None) -> int:
    """Write one object for each line that is not blank; 0, or the usage code when a line could not be read."""
    code = 0
    answers = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = answer_line(pack, number, line, today)
        if "error" in answer:
            said.print(f"Line {number}: {answer['error']}.")
            code = USAGE
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.append(answer)
    sys.stdout.flush()
    if table is not None:
        _write_table(table, answers)
    return code


def _write_table(table: Path, answers: list[dict[str, Any]]) -> None:
    try:
        table.write_text(as_table(answers), encoding="utf-8-sig", newline="")
    except OSError as error:
        stop(f"{table} cannot be written: {error.strerror}.", code=1)


def answer_line(pack: Pack, number: int, line: bytes, today: date) -> dict[str, Any]:
    """The result for one line of a batch, with its id; or its id, its number and what is wrong with it."""
    id = None
    try:
        row = read_object(line)
        id = row.get("id")
        if not isinstance(id, str | int | None) or isinstance(id, bool):
            id = None
            raise GivenError("id must be text or a whole number")
        if strangers := [key for key in row if key not in ("id", "given")]:
            raise GivenError(f"{strangers[0]!a} is not a key of a line; the keys are id, given")
        return {"id": id, **as_json(judge_given(pack, row.get("given"), today), pack, today)}
    except GivenError as error:
        return {"id": id, "line": number, "error": str(error)}


def judge_given(pack: Pack, given: object, today: date) -> Verdict:
    """The verdict by the rules in force on the day `given` names, or today. Raises `GivenError`."""
    table = table_on(pack.mip, day_given(given) or today)
    return decide(table, read_given(table, given))


def read_object(text: bytes) -> dict[str, Any]:
    """The JSON object in `text`. Raises `GivenError` with what to send instead."""
    if len(text) > LONGEST_LINE:
        raise GivenError(f"this is {len(text):,} bytes long: send {LONGEST_LINE:,} or fewer")
    try:
        value = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise GivenError("this is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise GivenError("this is not JSON") from None
    if not isinstance(value, dict):
        raise GivenError("expected a JSON object")
    return value


def _object_in(file: Path) -> dict[str, Any]:
    try:
        return read_object(_read(file))
    except GivenError as error:
        stop(f"{file}: {error}.")


def _judged(pack: Pack, file: Path, told: object, today: date) -> Verdict:
    try:
        return judge_given(pack, told, today)
    except GivenError as error:
        stop(f"{file}: {error}.")


def _asked(pack: Pack, today: date) -> Verdict:
    table = table_on(pack.mip, today)
    answers = ask_all(table, pack, today, _typed, said.print)
    if answers is None:
        stop("Stopped before the end. Nothing was kept.", code=1)
    return decide(table, answers)


def _typed() -> str | None:
    said.print("> ", end="")
    line = sys.stdin.readline()
    return line if line else None


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.")
