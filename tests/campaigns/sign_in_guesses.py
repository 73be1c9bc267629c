"""S7: a hundred thousand guesses at the officers' passwords, while honest officers go on signing in.

    python -m tests.campaigns.sign_in_guesses --full             both engines, 100,000 guesses each
    python -m tests.campaigns.sign_in_guesses --full sqlite      one of them

A short form (600 guesses on SQLite) runs in `tests/handoff/test_sign_in_guesses.py`. Counted: how many guesses reach
the hash, at most for any account in the hour; how long an honest sign-in takes meanwhile (95 of 100 are faster), beside one
that nobody disturbs; how far apart the answers for known and unknown accounts are. The guesses come to the real sign-in function in eight lines
at once, at 40 accounts that exist and 40 that do not. Control: with the throttle taken out, every guess reaches the hash.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from console_house import PASSWORD, hire
from databases import desk_at
from small_office import Clock
from sqlalchemy import Engine

from campaigns.engines import fresh_engine
from handoff import sign_in as signing
from handoff.desk import Desk
from handoff.models import OfficerRole
from handoff.sign_in import TRIES, SignInError, sign_in

ENGINES = ("sqlite", "postgresql")
ACCOUNTS = 40
LINES = 8
HONEST = 5


@dataclass
class Figures:
    """What one run counted. Times are in milliseconds."""

    guesses: int = 0
    hashed: Counter[str] = field(default_factory=Counter)
    honest: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The most guesses at one account that reached the hash."""
        return max(self.hashed.values(), default=0)

    @property
    def p95(self) -> float:
        """95 of 100 honest sign-ins were faster than this."""
        return statistics.quantiles(self.honest, n=20)[-1] if len(self.honest) > 1 else 0.0


@contextmanager
def counting(figures: Figures) -> Iterator[threading.local]:
    """Count what reaches the hash under the name of the account that is being guessed at."""
    real, at = signing.matches, threading.local()

    def counted(kept: str, password: str) -> bool:
        if name := getattr(at, "account", ""):
            figures.hashed[name] += 1
        return real(kept, password)

    signing.matches = counted
    try:
        yield at
    finally:
        signing.matches = real


def run(engine: Engine, desk: Desk, guesses: int, accounts: int = ACCOUNTS, pause: float = 0.05) -> Figures:
    """Guess, and sign in honestly all the while. The clock stands still, so that all of it is in one hour."""
    for number in range(accounts):
        hire(engine, desk, f"known{number}", OfficerRole.OFFICER, "send")
    honest = [f"honest{number}" for number in range(HONEST)]
    for name in honest:
        hire(engine, desk, name, OfficerRole.OFFICER, "send")
    figures, numbers, over = Figures(), count(), threading.Event()
    with counting(figures) as at:
        guessers = [
            threading.Thread(target=_guess, args=(engine, desk, guesses, accounts, numbers, at, figures))
            for _ in range(LINES)
        ]
        entering = threading.Thread(target=_enter, args=(engine, desk, honest, over, pause, figures))
        for thread in [entering, *guessers]:
            thread.start()
        for thread in guessers:
            thread.join()
        over.set()
        entering.join()
    return figures


def _guess(
    engine: Engine,
    desk: Desk,
    guesses: int,
    accounts: int,
    numbers: Iterator[int],
    at: threading.local,
    figures: Figures,
) -> None:
    while (number := next(numbers)) < guesses:
        kind = "known" if number % 2 else "unknown"
        at.account = f"{kind}{number // 2 % accounts}@littleham.example"
        try:
            sign_in(engine, desk, email=at.account, password=f"guess number {number}")
            figures.faults.append(f"{at.account} was let in")
        except SignInError:
            figures.guesses += 1
        except Exception as error:
            figures.faults.append(f"{type(error).__name__}: {error}")


def _enter(
    engine: Engine, desk: Desk, honest: list[str], over: threading.Event, pause: float, figures: Figures
) -> None:
    for number in count():
        began = time.perf_counter()
        try:
            sign_in(engine, desk, email=f"{honest[number % len(honest)]}@littleham.example", password=PASSWORD)
        except Exception as error:
            figures.faults.append(f"an honest officer was kept out: {type(error).__name__}")
        figures.honest.append(1000 * (time.perf_counter() - began))
        if over.wait(pause):
            return


def undisturbed(engine: Engine, desk: Desk, times: int = 60) -> float:
    """How long 95 of 100 honest sign-ins take at most while nobody guesses, in milliseconds."""
    hire(engine, desk, "alone", OfficerRole.OFFICER, "send")
    figures = Figures()
    for _ in range(times):
        began = time.perf_counter()
        sign_in(engine, desk, email="alone@littleham.example", password=PASSWORD)
        figures.honest.append(1000 * (time.perf_counter() - began))
    return figures.p95


def without_throttle(engine: Engine, desk: Desk, guesses: int) -> Figures:
    """The control: the same run with every guess waved through to the hash."""
    real = signing.take_slot
    signing.take_slot = lambda *_: signing.Try("no slot", "", signing.NOBODY)
    try:
        return run_guesses_alone(engine, desk, guesses)
    finally:
        signing.take_slot = real


def run_guesses_alone(engine: Engine, desk: Desk, guesses: int) -> Figures:
    """One line of guesses at one account."""
    figures = Figures()
    with counting(figures) as at:
        for number in range(guesses):
            # An account whose tries are not used up: what is full already is refused before a slot is looked for.
            at.account = "control@littleham.example"
            try:
                sign_in(engine, desk, email=at.account, password=f"guess number {number}")
            except SignInError:
                figures.guesses += 1
    return figures


def gap(engine: Engine, desk: Desk, tries: int = 100) -> float:
    """How far apart the middle times for known and unknown accounts are, in milliseconds, taken in turn."""
    times: dict[str, list[float]] = {"timed": [], "nobody": []}
    for number in range(tries):
        hire(engine, desk, f"timed{number}", OfficerRole.OFFICER, "send")
    for number in range(tries):
        for kind, taken in times.items():
            began = time.perf_counter()
            try:
                sign_in(engine, desk, email=f"{kind}{number}@littleham.example", password="a wrong guess")
            except SignInError:
                taken.append(1000 * (time.perf_counter() - began))
    return abs(statistics.median(times["timed"]) - statistics.median(times["nobody"]))


def main() -> None:
    """Run it and print the figures."""
    full = "--full" in sys.argv
    guesses = 100_000 if full else 5_000
    for kind in [one for one in ENGINES if one in sys.argv] or ENGINES:
        with tempfile.TemporaryDirectory() as folder, fresh_engine(kind, Path(folder)) as engine:
            desk = desk_at(Path(folder), Clock())
            alone = undisturbed(engine, desk)
            began = time.perf_counter()
            # A hash takes some 30 ms of a core: an honest officer every quarter of a second leaves room for the guesses.
            figures = run(engine, desk, guesses, pause=0.25)
            took = time.perf_counter() - began
            print(
                f"{kind}: {figures.guesses} guesses in {took:.0f} s; at most {figures.most} of one account reached the "
                f"hash (limit {TRIES}), {sum(figures.hashed.values())} in all; honest sign-ins {len(figures.honest)}, "
                f"95 of 100 under {figures.p95:.0f} ms ({alone:.0f} ms while nobody guesses); faults {len(figures.faults)}"
            )
            print(f"  known and unknown accounts: {gap(engine, desk):.1f} ms apart in the middle")
            for fault in figures.faults[:5]:
                print(f"  {fault}")
            control = without_throttle(engine, desk, 200)
            print(f"  control, no throttle: {control.most} of 200 guesses at one account reached the hash")
            assert figures.most <= TRIES and not figures.faults and control.most == 200


if __name__ == "__main__":
    main()
