"""The mutation run in short: a fault goes in while all stays loaded, a test that looks notices, one that does not cannot."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaigns.mutation import Mutant, Seen, mutants_in, put_in

SOURCE = '''"""A place for faults."""

from functools import cache


def full(taken: int, places: int) -> bool:
    """No place is left."""
    if places < 0:
        raise ValueError("fewer than no places")
    return taken >= places and taken > 0


class Desk:
    open = True

    @property
    def sign(self) -> str:
        return "open" if self.open else "shut"

    @cache
    def seats(self) -> int:
        return 3
'''


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "a_place_for_faults.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield Path("a_place_for_faults.py")
    sys.modules.pop("a_place_for_faults", None)


def named(file: Path, part: str) -> Mutant:
    return next(one for one in mutants_in(file) if part in one.says)


def test_every_place_is_named_and_words_for_people_are_left_alone(file: Path) -> None:
    said = [f"{one.within}: {one.says}" for one in mutants_in(file)]
    assert said == [
        "full: condition places < 0: denied",
        "full: places < 0: comparison turned",
        "full: 0: one more",
        "full: return taken >= places and taken > 0: None given back",
        "full: taken >= places and taken > 0: and/or exchanged",
        "full: taken >= places: comparison turned",
        "full: taken > 0: comparison turned",
        "full: 0: one more",
        "Desk.sign: return 'open' if self.open else 'shut': None given back",
        "Desk.sign: condition self.open: denied",
        "Desk.seats: 3: one more",
    ]


def test_whoever_imported_the_function_has_the_fault_and_only_a_test_of_that_edge_notices(file: Path) -> None:
    place = importlib.import_module("a_place_for_faults")
    full, desk = place.full, place.Desk()
    put_in(named(file, "taken >= places: comparison turned"), place)
    assert full(3, 2) and not full(0, 2)  # the control: a test of these alone cannot fail
    assert not full(2, 2)  # the fault
    put_in(named(file, "condition self.open"), place)
    put_in(named(file, "3: one more"), place)
    assert (desk.sign, desk.seats()) == ("shut", 4)


def test_what_cannot_be_reached_is_said(file: Path) -> None:
    place = importlib.import_module("a_place_for_faults")
    mutant = named(file, "taken >= places: comparison turned")
    place.full = len
    with pytest.raises(LookupError):
        put_in(mutant, place)


def test_the_lines_a_test_runs_are_known(file: Path) -> None:
    place = importlib.import_module("a_place_for_faults")
    before = sys.gettrace()
    seen = Seen(frozenset({place.__file__}))
    seen.pytest_runtest_logstart("one test")
    try:
        with seen:
            place.full(1, 1)
    finally:
        sys.settrace(before)
    lines = SOURCE.splitlines()
    assert {lines[line - 1].split()[0] for _, line in seen.lines} == {"if", "return"}
    assert set.union(*seen.lines.values()) == {"one test"}
