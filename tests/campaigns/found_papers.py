"""A real-world mix: every document that the installed packages of this environment ship, and whatever a folder holds.

    python -m tests.campaigns.found_papers               what the installed packages ship
    python -m tests.campaigns.found_papers FOLDER...     the files of these folders as well

Nobody here made them, so nothing is known of what they say: asked is that each is decided, by words read or by a reason
given, that none ends the reader, and that every one is counted. Each that was not read is named with its reason.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path

from knowledge.sources.document import UnreadableError
from knowledge.sources.reader import Reader

ENDINGS = frozenset({".pdf", ".docx", ".xlsx", ".csv", ".html", ".htm", ".xml", ".xls", ".doc", ".docm", ".xlsm"})
MOST_BYTES = 30_000_000


@dataclass
class Told:
    """How many there were, by ending; how many were read; each of the others with the code of its reason."""

    found: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    words: int = 0
    refused: dict[Path, str] = field(default_factory=dict)

    @property
    def undecided(self) -> int:
        """Those that ended the reader, or were counted nowhere."""
        crashed = sum(code == "crashed" for code in self.refused.values())
        return self.found.total() - self.read.total() - len(self.refused) + crashed


def shipped() -> list[Path]:
    """The documents among the files of every installed package, each once, in order."""
    files = {Path(str(one.locate_file(file))) for one in distributions() for file in one.files or ()}
    return sorted(file for file in files if file.suffix.lower() in ENDINGS and file.is_file())


def in_folders(folders: Sequence[Path]) -> list[Path]:
    """The documents in these folders and below."""
    return sorted(
        one for folder in folders for one in folder.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file()
    )


def few_of_each(files: Iterable[Path], most: int = 3) -> list[Path]:
    """At most so many of one ending in one folder: numpy alone ships two dozen tables of one make."""
    seen: Counter[tuple[Path, str]] = Counter()
    kept = []
    for file in files:
        kind = (file.parent, file.suffix.lower())
        seen[kind] += 1
        if seen[kind] <= most:
            kept.append(file)
    return kept


def run(files: Iterable[Path], reader: Reader) -> Told:
    """Read each of them."""
    told = Told()
    for file in files:
        ending = file.suffix.lower()
        told.found[ending] += 1
        try:
            if file.stat().st_size > MOST_BYTES:
                raise UnreadableError("too_big", "It is too large.")
            document = reader.read(file.read_bytes(), file.name)
        except UnreadableError as error:
            told.refused[file] = error.code
            continue
        told.read[ending] += 1
        told.words += sum(len(piece.text.split()) for part in document.parts for piece in part.pieces)
    return told


def main() -> int:
    """Run it and print the figures."""
    with Reader() as reader:
        told = run([*shipped(), *in_folders([Path(name) for name in sys.argv[1:]])], reader)
    for ending, count in sorted(told.found.items()):
        print(f"{ending}: {count} found, {told.read[ending]} read")
    for file, code in told.refused.items():
        print(f"not read, {code}: {Path(*file.parts[-4:])}")
    print(f"{told.words} words read; {told.undecided} undecided")
    return 0 if told.found and not told.undecided else 1


if __name__ == "__main__":
    sys.exit(main())
