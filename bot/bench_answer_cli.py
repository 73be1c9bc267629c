"""`askwell bench answers`: what an answer costs beside its encoder calls, with many asking, and as packs grow."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer

from bot import app as wiring
from bot.assistant import Assistant
from bot.bench_web import percentile
from bot.bench_web_cli import bench, questions_of
from bot.messages import Incoming
from bot.models import encoders_for
from bot.settings import Settings
from knowledge.article import Passage, passages_of
from retrieval.encoders import Encoder, HashingEncoder, Vectors
from retrieval.index import build_index
from retrieval.search import Encoders, search

ASKERS = (1, 8, 32)
# Searches that are not counted: they make what the first ones of an index make.
WARMING = 3


@dataclass
class TimedEncoder:
    """An encoder that adds up the seconds spent in it since it was last asked."""

    encoder: Encoder
    seconds: float = 0.0
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.encoder.name

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        begun = time.perf_counter()
        vectors = self.encoder.encode_query(texts)
        self.seconds += time.perf_counter() - begun
        return vectors

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode_document(texts)

    def spent(self) -> float:
        """The seconds since the last call of this."""
        seconds, self.seconds = self.seconds, 0.0
        return seconds


@bench.command("answers")
def bench_answers(
    questions: Annotated[int, typer.Option(min=1, help="How many questions, from the pack's phrasings.")] = 100,
    small: Annotated[int, typer.Option(min=1, help="Passages of the small made-up pack.")] = 500,
    large: Annotated[int, typer.Option(min=1, help="Passages of the large one.")] = 50_000,
    read: Annotated[int, typer.Option(min=0, help="Passages read with the real encoder; 0 for none.")] = 2_000,
) -> None:
    """The whole answer beside its encoder calls, answers a second, memory, start-up, and growth."""
    settings = Settings()
    begun = time.perf_counter()
    pack = wiring.load_settings_pack(settings)
    made = encoders_for(settings)
    timed = [TimedEncoder(encoder) if encoder else None for encoder in (made.english, made.multilingual)]
    assistant = Assistant(wiring.build_engine(settings, pack=pack, encoders=Encoders(*timed)))
    asked = questions_of(pack)[: questions + max(ASKERS)]
    assistant.reply(Incoming(asked[-1]))
    started = time.perf_counter() - begun
    _say(f"start to first answer: {started:.1f} s (without the interpreter and its imports)")
    _say(second_start(settings, asked[-1]))
    _say(beside_encoders(assistant, [one for one in timed if one], asked[:questions]))
    assistant.engine = replace(assistant.engine, encoders=made)
    for askers in ASKERS:
        _say(f"{askers} asking at once: {answers_a_second(assistant, asked, askers):.1f} answers a second")
    _say(f"resident memory: {resident()} MB")
    _say(growth(small, large))
    if read and made.english:
        _say(index_time(passages_of(pack.articles), made.english, read, large))


def second_start(settings: Settings, question: str) -> str:
    """A new process that answers one question: everything a second start does, imports too."""
    command = [sys.executable, "-m", "bot", "ask", question]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=wiring.environment(settings), check=True, capture_output=True)  # noqa: S603  our own
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"a second start to its first answer: {clock:.1f} s on the clock, {spent:.1f} s of processor time"


def beside_encoders(assistant: Assistant, timed: Sequence[TimedEncoder], asked: Sequence[str]) -> str:
    """The median answer, the median of the encoder calls in it, and the one as a multiple of the other."""
    whole, inside = [], []
    for question in asked:
        for encoder in timed:
            encoder.spent()
        begun = time.perf_counter()
        assistant.reply(Incoming(question))
        whole.append(time.perf_counter() - begun)
        inside.append(sum(encoder.spent() for encoder in timed))
    answer, calls = percentile(whole, 0.5), percentile(inside, 0.5)
    ratio = answer / calls if calls else 0.0
    return (
        f"whole answer p50 {1000 * answer:.1f} ms, p95 {1000 * percentile(whole, 0.95):.1f} ms; its encoder calls p50 "
        f"{1000 * calls:.1f} ms: {ratio:.2f} times, {len(asked)} questions"
    )


def answers_a_second(assistant: Assistant, asked: Sequence[str], askers: int) -> float:
    """How many answers a second `askers` threads get between them."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(askers) as pool:
        list(pool.map(lambda question: assistant.reply(Incoming(question)), asked))
    return len(asked) / (time.perf_counter() - begun)


def growth(small: int, large: int, searches: int = 100) -> str:
    """The median search of a large made-up pack as a multiple of a small one's, with the hashing encoder.

    The two are searched in turn, so that whatever else the machine does slows both alike.
    """
    encoder = HashingEncoder(64)
    encoders, sizes = Encoders(encoder), (small, large)
    indexes = [build_index(made_up(count), encoder) for count in sizes]
    took: list[list[float]] = [[] for _ in sizes]
    for number in range(-WARMING, searches):
        for index, times in zip(indexes, took, strict=True):
            begun = time.perf_counter()
            search(index, encoders, f"when does group {number} meet in hall {number * 7}")
            if number >= 0:
                times.append(time.perf_counter() - begun)
    less, more = (percentile(times, 0.5) for times in took)
    return (
        f"search p50 over {small:,} made-up passages {1000 * less:.2f} ms, over {large:,} {1000 * more:.2f} ms: "
        f"{more / less:.2f} times (hashing encoder)"
    )


def made_up(count: int) -> list[Passage]:
    """So many short passages, each with numbers of its own among words that all of them share."""
    return [
        Passage(f"s{n}#a", f"Team {n % 97} meets on day {n % 31} of month {n % 12} in hall {n}.", f"Group {n}", "", ())
        for n in range(count)
    ]


def index_time(passages: Sequence[Passage], encoder: Encoder, read: int, large: int) -> str:
    """How long the index of `read` passages took with the real encoder, and what that makes for `large`."""
    texts = [replace(passages[n % len(passages)], asked_as=()) for n in range(read)]
    begun = time.perf_counter()
    build_index(texts, encoder)
    took = time.perf_counter() - begun
    return (
        f"index of {read:,} passages with {encoder.name}: {took:.0f} s; extrapolated from that, not measured, "
        f"{took / read * large / 60:.0f} minutes for {large:,}"
    )


def resident() -> int:
    """The memory this process has now, in MB; nought where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
