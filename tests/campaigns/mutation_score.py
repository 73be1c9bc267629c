"""Q1: of small faults put into inbox, outbox, bookings, authorisation, erasure and audit, how many do tests notice?

`PYTHONPATH=tests:. python -m campaigns.mutation_score` draws 60 mutants (`--sample N`; `--full` for all) by a seed
(`--seed`), the same share of each area, and runs against each, in a process of its own, the tests that run its line:
those of the area's own files, on SQLite. A mutant is noticed when one of them fails or does not end. It prints the
score with its 95 % interval and who survived. The control puts nothing in, in such a process too: every test must pass.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from campaigns.mutation import Mutant, Seen, mutants_in, put_in
from retrieval.interval import wilson

HANDOFF = Path("handoff")
TESTS = Path("tests/handoff")
# A test that waits for what never comes has noticed as well.
SECONDS = 90
# So many tests of a line, the fastest, are asked first; the others only when those notice nothing.
FIRST_TESTS = 25
AREAS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "inbox": (("inbox.py",), ("test_inbox.py",)),
    "outbox": (("outbox.py",), ("test_outbox.py", "test_undelivered.py")),
    "bookings": (
        tuple(f"bookings/{name}.py" for name in ("booking", "claim", "freeing", "holds", "places", "waiting")),
        ("test_bookings.py", "test_waiting_list.py"),
    ),
    "authorisation": (
        ("rights.py", "cases/ownership.py", "cases/reading.py"),
        ("test_cases.py", "test_safeguarding_cases.py"),
    ),
    "erasure": (("erasure.py",), ("test_erasure.py",)),
    "audit": (("audit.py", "audit_check.py"), ("test_audit.py", "test_audit_check.py")),
}


@dataclass
class Score:
    """What became of the mutants drawn from one area, or from all."""

    noticed: int = 0
    survivors: list[str] = field(default_factory=list)
    # Mutants whose function is wrapped so that it cannot be exchanged: not counted.
    out_of_reach: int = 0

    @property
    def drawn(self) -> int:
        return self.noticed + len(self.survivors)

    def says(self) -> str:
        low, high = wilson(self.noticed, max(1, self.drawn))
        share = 100 * self.noticed / max(1, self.drawn)
        return f"{self.noticed} of {self.drawn} noticed: {share:.0f} % (95 %: {100 * low:.0f} to {100 * high:.0f})"


def run_tests(which: list[str], folder: Path, plugins: list[object] | None = None) -> int:
    """pytest's own verdict on these tests, on SQLite, without its words."""
    quiet = ["-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql", "--no-header", "--tb=no", "-W", "ignore"]
    return int(pytest.main([*which, *quiet, f"--basetemp={folder}"], plugins=plugins or []))


def noticed(mutant: Mutant | None, which: list[str], folder: Path) -> bool | None:
    """Whether a test fails with it put in; none where it cannot be. In a process of its own, so nothing is left of it."""
    child = os.fork()
    if child == 0:
        os._exit(_in_child(mutant, which, folder))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return None if code == OUT_OF_REACH else code != 0


OUT_OF_REACH = 77


def _in_child(mutant: Mutant | None, which: list[str], folder: Path) -> int:
    signal.alarm(SECONDS)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if mutant is not None:
        try:
            put_in(mutant, importlib.import_module(".".join(mutant.file.with_suffix("").parts)))
        except LookupError:
            return OUT_OF_REACH
    return run_tests(which, folder)


def measure(area: str, sample: int, seed: int, folder: Path) -> Score:
    """Draw, put in, run. Raises AssertionError when the tests fail with nothing put in."""
    files, tests = ([HANDOFF / name for name in AREAS[area][0]], [str(TESTS / name) for name in AREAS[area][1]])
    seen = Seen(frozenset(str(file.resolve()) for file in files))
    with seen:
        threading.settrace(seen.trace)
        code = run_tests(tests, folder / "first", [seen])
        threading.settrace(None)  # type: ignore[arg-type]  the stub knows no "no trace"
    assert code == 0, f"{area}: with nothing put in, {seen.failed[:3]} fail"
    every = sorted(seen.seconds, key=lambda test: seen.seconds[test])[:FIRST_TESTS]
    assert noticed(None, every, folder / "control") is False, f"{area}: with nothing put in, a child's tests fail"
    found = [mutant for file in files for mutant in mutants_in(file)]
    drawn = found if sample >= len(found) else random.Random(f"{seed} {area}").sample(found, sample)
    score = Score()
    for mutant in drawn:
        those = seen.lines.get((str(mutant.file.resolve()), mutant.line), set()) & seen.seconds.keys()
        which = sorted(those, key=lambda test: seen.seconds[test])
        verdict = noticed(mutant, which[:FIRST_TESTS], folder / "tried") if which else False
        if verdict is False and len(which) > FIRST_TESTS:
            verdict = noticed(mutant, which[FIRST_TESTS:], folder / "tried")
        if verdict is None:
            score.out_of_reach += 1
        elif verdict:
            score.noticed += 1
        else:
            score.survivors.append(f"{mutant}{'' if which else ' (no test of these files runs it)'}")
    return score


def main() -> None:
    """Run it and print the figures."""
    given = argparse.ArgumentParser()
    given.add_argument("--sample", type=int, default=60)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--full", action="store_true")
    given.add_argument("--area", choices=AREAS, action="append")
    options = given.parse_args()
    areas = options.area or list(AREAS)
    each = sys.maxsize if options.full else -(-options.sample // len(areas))
    total = Score()
    with tempfile.TemporaryDirectory() as folder:
        for area in areas:
            score = measure(area, each, options.seed, Path(folder))
            offered = sum(len(mutants_in(HANDOFF / name)) for name in AREAS[area][0])
            print(f"\n{area}: {score.says()}; {offered} places to change", flush=True)
            for survivor in score.survivors:
                print(f"  survived: {survivor}", flush=True)
            total.noticed += score.noticed
            total.survivors += score.survivors
            total.out_of_reach += score.out_of_reach
    print(f"\nall: {total.says()}; {total.out_of_reach} could not be put in")


if __name__ == "__main__":
    main()
