"""A note for colleagues can never reach a family: by who may import it, and by what a family's view can hold."""

from __future__ import annotations

import ast
import dataclasses
import tomllib
import typing
from pathlib import Path

import handoff.models
from handoff.cases import FamilyMessage, FamilyView

ROOT = Path(__file__).parent.parent.parent
# Who may name the table or the module of notes: where they are kept and written, and the officers' own pages.
MAY = ("handoff/models/", "handoff/cases/notes.py", "handoff/cases/ownership.py", "handoff/console/")


def names_notes(source: str) -> bool:
    """Whether a module imports notes, in whatever form."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        if any(name.split(".")[-1] == "CaseNote" or ".notes" in name for name in names):
            return True
    return False


def test_only_the_officers_side_names_notes() -> None:
    rooms = (ROOT / room for room in ("bot", "handoff"))
    files = [file for room in rooms for file in room.rglob("*.py")]
    found = {file.relative_to(ROOT).as_posix() for file in files if names_notes(file.read_text(encoding="utf-8"))}
    assert {name for name in found if not name.startswith(MAY)} == set()
    assert "handoff/cases/notes.py" in found


def test_the_search_finds_a_page_that_would_show_a_note() -> None:
    for line in (
        "from handoff.models.notes import CaseNote",
        "from handoff.models import CaseNote",
        "from handoff.cases import notes",
        "import handoff.cases.notes as staff",
    ):
        assert names_notes(f"def page():\n    {line}\n"), line


def test_the_models_do_not_pass_the_name_on_and_the_contract_holds_the_family_side() -> None:
    assert "CaseNote" not in handoff.models.__all__
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    kept = next(one for one in contracts if "handoff.models.notes" in one.get("forbidden_modules", ()))
    assert {"bot", "handoff.cases.status", "handoff.outbox"} <= set(kept["source_modules"])


def test_no_field_of_a_familys_view_can_hold_a_note() -> None:
    for view in (FamilyView, FamilyMessage):
        for name, kind in typing.get_type_hints(view).items():
            assert "note" not in f"{name} {kind}".lower()
    assert {field.name for field in dataclasses.fields(FamilyMessage)} == {"who", "text", "at"}
