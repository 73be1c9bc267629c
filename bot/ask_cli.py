"""`askwell ask`, `index`, `check` and `new-pack`: questions on the terminal, and a pack made ready."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot import app as wiring
from bot.assistant import Assistant
from bot.batch import answer_lines, converse
from bot.desk_door import refuse_while_off, take_in_changed_texts
from bot.door import BadInputError, read_language, read_role, read_text
from bot.messages import Incoming
from bot.models import NO_MULTILINGUAL, multilingual_is_packaged
from bot.plain import as_json, as_text
from bot.settings import Settings
from bot.terminal import USAGE, progress_bar, said, stop
from bot.turn import Past
from handoff.switches import Part
from knowledge.check import check_pack
from knowledge.facts import fact_places
from knowledge.launch import launch_list
from knowledge.new_pack import scaffold
from knowledge.pack import Pack, load_pack, pack_folder


def ready_assistant(settings: Settings) -> Assistant:
    """An assistant with a complete index, made now if need be."""
    if not multilingual_is_packaged() and not settings.multilingual_model:
        said.print(NO_MULTILINGUAL)
    with progress_bar() as tell:
        assistant = Assistant(wiring.build_engine(settings, progress=tell))
    take_in_changed_texts(settings, assistant)
    return assistant


def ask(
    question: Annotated[str | None, typer.Argument(help="Your question. Without one, a conversation begins.")] = None,
    role: Annotated[str, typer.Option(help="family, senco or young_person")] = "family",
    language: Annotated[str | None, typer.Option(help="A language code, such as pa. Found out when not given.")] = None,
    easy: Annotated[bool, typer.Option(help="Answer in easy words where there are any.")] = False,
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[Path | None, typer.Option(help="Answer a file of JSON lines.")] = None,
) -> None:
    """Ask a question, or a file of questions."""
    try:
        asker, code = read_role(role), read_language(language)
        text = None if question is None else read_text(question)
    except BadInputError as error:
        stop(f"{error}.")
    if batch is not None:
        return ask_batch(batch)
    assistant = ready_assistant(Settings())
    if text is None:
        return talk(assistant, lambda words: Incoming(words, asker, code, easy))
    reply = converse(assistant, [Incoming(text, asker, code, easy)])
    pack = assistant.engine.pack
    sys.stdout.write(
        (json.dumps(as_json(reply, pack), ensure_ascii=False) if as_object else as_text(reply, pack)) + "\n"
    )
    if not text.strip():
        raise SystemExit(USAGE)
    return None


def ask_batch(file: Path) -> None:
    """Write one JSON object a line for each line of `file`."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.")
    assistant = ready_assistant(Settings())
    for answer in answer_lines(assistant, lines):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def talk(assistant: Assistant, incoming: Callable[[str], Incoming]) -> None:
    """A conversation on the terminal, until an empty line or the end of input."""
    pack, past = assistant.engine.pack, Past()
    said.print(f"{pack.phrases.say('machine')}\nWrite your question. An empty line ends.")
    while True:
        said.print("> ", end="")
        line = sys.stdin.readline()
        if not line.strip():
            return
        try:
            replied = assistant.reply(incoming(read_text(line.rstrip("\n"))), past)
        except BadInputError as error:
            said.print(f"{error}.")
            continue
        past = replied.past
        reply = replied.reply
        offer = reply.easy is not None and not reply.in_easy_words
        after = f"{pack.phrases.say('easy_offer', reply.language)}\n\n" if offer else ""
        sys.stdout.write(f"{as_text(reply, pack)}\n\n{after}")
        sys.stdout.flush()


def index() -> None:
    """Make the index of the pack. Only what changed is made again."""
    settings = Settings()
    refuse_while_off(settings, Part.INGESTION)
    pack = wiring.load_settings_pack(settings)
    with progress_bar() as tell:
        engine = wiring.build_engine(settings, pack=pack, progress=tell)
    said.print(f"The index of {pack.council} holds {len(engine.made.index.passages)} passages.")


def new_pack(
    folder: Annotated[Path, typer.Argument(help="The folder to make. It must not be there yet.")],
    council: Annotated[str, typer.Option(help="The council's name, as families say it.")],
    site: Annotated[str, typer.Option(help="The host of its website, such as www.example.gov.uk.")] = "",
) -> None:
    """Begin a pack for another council: every file it needs, with what its people must fill in."""
    try:
        made = scaffold(folder, council, site)
    except ValueError as error:
        stop(str(error))
    said.print(f"{made} files in {folder}. Read its READ-ME.md first; then: askwell check {folder}")


def check(
    pack: Annotated[str, typer.Argument(help="A pack's name, or its folder.")] = "hounslow",
    launch: Annotated[
        bool, typer.Option(help="List what the council must verify or supply before going live.")
    ] = False,
    facts: Annotated[bool, typer.Option(help="Print where each known fact is said.")] = False,
) -> None:
    """Check a pack: every fault with its file and line."""
    read = load_pack(pack_folder(pack))
    if launch:
        return list_launch(read)
    if facts:
        return list_facts(read)
    problems = check_pack(read)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    count = len(read.sections)
    if problems:
        stop(f"{len(problems)} problems in {len(read.articles)} articles and {count} sections.", code=1)
    said.print(f"No problems in {len(read.articles)} articles and {count} sections.")
    return None


def list_facts(pack: Pack) -> None:
    """Print each fact's id, the sections that say it, and any note."""
    for place in fact_places(pack):
        where = ", ".join(place.sections) or place.note
        sys.stdout.write(f"{place.fact:<8} {'not known: ' if place.unknown else ''}{where}\n")


def list_launch(pack: Pack) -> None:
    """Print the launch list, queue by queue."""
    queue = None
    for item in launch_list(pack):
        if item.queue != queue:
            queue = item.queue
            sys.stdout.write(f"\n{pack.queues[queue].name}\n")
        sys.stdout.write(f"- {item.what}" + ("  (nothing goes public before this)" if item.blocks else "") + "\n")
