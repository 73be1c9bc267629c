"""`askwell bench web`: prints L1 and L2 of reliability.md section 9 for this machine."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from bot import app as wiring
from bot.assistant import Assistant
from bot.batch import converse
from bot.bench_web import Measured, Plan, ask_all, percentile
from bot.messages import Incoming
from bot.settings import Settings
from bot.terminal import said, stop
from knowledge.pack import Pack

bench = typer.Typer(help="Measure this machine.", no_args_is_help=True)


@bench.callback()
def measure() -> None:
    """Measure this machine."""


@bench.command("web")
def bench_web(
    pages: Annotated[int, typer.Option(min=0, help="Pages that stay open.")] = 1000,
    rate: Annotated[float, typer.Option(min=0.1, help="Questions a second.")] = 20.0,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 600.0,
    urgent: Annotated[int, typer.Option(min=0, help="Every so many-th question is a cry for help.")] = 50,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8765,
) -> None:
    """Open pages, ask questions, and print how long answers took, how much memory was used and what was dropped."""
    settings = Settings()
    assistant = Assistant(wiring.build_engine_now(settings)[0])
    questions = questions_of(assistant.engine.pack)
    bare = bare_seconds(assistant, questions[:60])
    said.print(f"bare answer function: p50 {percentile(bare, 0.5):.3f} s, p95 {percentile(bare, 0.95):.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        server = start(settings, Path(folder), port)
        try:
            until_ready(server, port)
            plan = Plan(port, questions, pages, rate, seconds, urgent)
            made = asyncio.run(ask_all(plan))
            show(plan, made, memory_of(server))
        finally:
            server.terminate()
            server.wait()


def questions_of(pack: Pack, number: int = 4000) -> list[str]:
    """Questions as people word them, from the pack, each once and always in the same order."""
    asked = sorted({text for section in pack.sections.values() for text in section.asked_as})
    random.Random(5).shuffle(asked)
    return asked[:number]


def bare_seconds(assistant: Assistant, questions: list[str]) -> list[float]:
    """How long the answer function alone takes for each question."""
    took = []
    for question in questions:
        begun = time.perf_counter()
        converse(assistant, [Incoming(question)])
        took.append(time.perf_counter() - begun)
    return took


def start(settings: Settings, folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The real service with a database of its own and the index there is."""
    environment = wiring.environment(settings)
    environment |= {"DATABASE_URL": f"sqlite:///{folder / 'bench.db'}", "ASKWELL_KEYS": str(folder / "keys")}
    environment |= {"ASKWELL_ADDRESS_A_MINUTE": "1000000", "ASKWELL_COUNCIL_A_MINUTE": "1000000"}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the service answers."""
    import urllib.error  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    for _ in range(240):
        if server.poll() is not None:
            stop("The service did not start.", code=1)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except (OSError, urllib.error.URLError):
            time.sleep(0.5)
        else:
            return
    stop("The service did not start within two minutes.", code=1)


def memory_of(server: subprocess.Popen[bytes]) -> int:
    """The most memory the service has had, in MB; nought where the system does not say."""
    status = Path(f"/proc/{server.pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def show(plan: Plan, made: Measured, memory: int) -> None:
    """Print the figures."""
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(made.statuses.items()))
    for line in (
        f"{plan.pages} pages asked for, {made.open_pages} open, {made.dropped} dropped",
        f"{plan.rate:g} questions a second for {plan.seconds:g} s; by status {counts}",
        f"answered: p50 {percentile(made.seconds, 0.5):.3f} s, p95 {percentile(made.seconds, 0.95):.3f} s, "
        f"p99 {percentile(made.seconds, 0.99):.3f} s",
        f"told to wait: {len(made.busy_seconds)}, p95 {percentile(made.busy_seconds, 0.95):.3f} s",
        f"booking page: {len(made.booking_seconds)}, p95 {percentile(made.booking_seconds, 0.95):.3f} s, "
        f"slowest {max(made.booking_seconds, default=0):.3f} s",
        f"cries for help: {len(made.urgent_seconds)}, slowest {max(made.urgent_seconds, default=0):.3f} s, "
        f"{made.urgent_missed} without the numbers",
        f"a question after the last was answered as usual {made.recovered_after or 0:.1f} s later",
        f"most memory {memory} MB",
    ):
        said.print(line)
