"""Documents that nobody here made: what installed packages ship is decided, every one of it, and counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns import found_papers
from little_council import must_run

from knowledge.sources.document import Document, UnreadableError
from knowledge.sources.reader import Reader


def test_of_the_documents_of_installed_packages_a_few_of_each_make_are_all_decided() -> None:
    files = found_papers.few_of_each(found_papers.shipped())
    if len({file.suffix.lower() for file in files} & {".csv", ".docx", ".html", ".pdf", ".xlsx"}) < 3:
        must_run("three formats among the files of installed packages")
    with Reader(seconds=60) as reader:
        told = found_papers.run(files, reader)
    assert told.undecided == 0 and told.found.total() == len(files)
    assert told.words > 10_000 and told.read[".docx"] >= 1 and told.read[".html"] >= 1
    # What is left out is named, with why: XML is no format of documents here, and nothing else was refused.
    assert {code for file, code in told.refused.items() if file.suffix.lower() not in (".xml", ".xls", ".doc")} <= {
        "empty"
    }


class Dying(Reader):
    def read(self, *_: object, **__: object) -> Document:
        raise UnreadableError("crashed", "It died.")


def test_one_that_ends_the_reader_is_not_counted_as_decided(tmp_path: Path) -> None:
    """The control."""
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    told = found_papers.run(found_papers.in_folders([tmp_path]), Dying())
    assert told.undecided == 1


@pytest.mark.parametrize("name", ["x.pdf", "y.xlsx"])
def test_one_that_cannot_be_read_is_named_with_its_reason(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"words and no more")
    with Reader(seconds=60) as reader:
        told = found_papers.run(found_papers.in_folders([tmp_path]), reader)
    assert told.undecided == 0 and [file.name for file in told.refused] == [name]
