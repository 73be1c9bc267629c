"""S4: hostile documents. Each is decided in 10 seconds by a child of 256 MB at most, and nothing else happens.

`python -m tests.campaigns.hostile_documents --full` reads 500, made here: bombs, lies, cycles, depth, macros, names that
lead out, two files in one, addresses to be lured to, and sound papers with bytes changed at random. A sound paper is
read after each that failed. It is read in a folder three deep, so that a name that leads out would land where it is counted. Controls: one bomb opened
with the same library and no guard; the files of one zip written where their names say.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from papers import comma_separated, pdf, sheet, web_page, word

from campaigns.addresses_inside import listening
from knowledge.sources.document import UnreadableError
from knowledge.sources.limits import MEMORY, SECONDS
from knowledge.sources.reader import Reader

SECTIONS = [("Ages", ["Clubs are for children aged 8 to 12."]), ("Fees", ["A day costs £9."])]
ROWS = [["Club", "Opens"], ["Red", "9 am"]]
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">' + b"".join(
    b'<!ENTITY l%d "%s">' % (one, b"&l%d;" % (one - 1) * 10) for one in range(1, 12)
) + b"]><a>&l11;</a>"  # fmt: skip
Made = tuple[bytes, str]


def with_files(data: bytes, files: dict[str, bytes]) -> bytes:
    """A zip with some files more, or in the place of those it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in files:
                new.writestr(entry, old.read(entry))
        for name, content in files.items():
            new.writestr(name, content)
    return out.getvalue()


@dataclass
class Kitchen:
    """Makes hostile documents. `lure` is an address on this machine that nobody may ask."""

    lure: str
    chance: random.Random
    word: bytes = field(default_factory=lambda: word("Clubs", SECTIONS, ROWS))
    sheet: bytes = field(default_factory=lambda: sheet(ROWS))
    pdf: bytes = field(default_factory=lambda: pdf("Clubs", SECTIONS, ROWS))
    page: bytes = field(default_factory=lambda: web_page("Clubs", SECTIONS, ROWS))

    def zip_bomb(self) -> Made:
        size = self.chance.choice([30, 55, 90, 150]) * 1_000_000
        return with_files(self.word, {"word/media/image1.xml": b"A" * size}), "x.docx"

    def sheet_bomb(self) -> Made:
        rows = b"<row><c t='inlineStr'><is><t>x</t></is></c></row>" * self.chance.choice([100_000, 400_000])
        ns = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        body = b"<worksheet " + ns + b"><sheetData>" + rows + b"</sheetData></worksheet>"
        return with_files(self.sheet, {"xl/worksheets/sheet1.xml": body}), "x.xlsx"

    def far_cell(self) -> Made:
        ns = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        cell = b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row><row r='1'><c r='A1'><v>1</v></c></row>"
        body = b"<worksheet " + ns + b"><sheetData>" + cell + b"</sheetData></worksheet>"
        return with_files(self.sheet, {"xl/worksheets/sheet1.xml": body}), "x.xlsx"

    def leads_out(self) -> Made:
        name = self.chance.choice(["../../../tmp/out.txt", "/etc/out", "..\\..\\out.txt", "C:\\out.txt", "a/../../out"])
        return with_files(self.word, {name: b"out"}), "x.docx"

    def macros(self) -> Made:
        name = self.chance.choice(["word/vbaProject.bin", "word/activeX/activeX1.xml", "word/vbaData.xml"])
        return with_files(self.word, {name: b"macro"}), "x.docx"

    def nested(self) -> Made:
        return with_files(self.word, {"word/embeddings/inner.docx": self.word}), "x.docx"

    def entities(self) -> Made:
        data, name, told = self.chance.choice(
            [(self.word, "word/document.xml", "x.docx"), (self.sheet, "xl/sharedStrings.xml", "x.xlsx")]
        )
        return with_files(data, {name: LAUGHS}), told

    def outside_entity(self) -> Made:
        target = self.chance.choice(["file:///etc/passwd", f"{self.lure}/entity"])
        body = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{target}">]><a>&x;</a>'.encode("utf-16")
        return with_files(self.word, {"word/document.xml": body}), "x.docx"

    def template(self) -> Made:
        rels = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
            f' Target="{self.lure}/template.dotm" TargetMode="External"/></Relationships>'
        )
        return with_files(self.word, {"word/_rels/settings.xml.rels": rels.encode()}), "x.docx"

    def deep_tables(self) -> Made:
        depth = self.chance.choice([500, 5_000, 50_000])
        tag = self.chance.choice(["table><tr><td", "div", "ul><li", "b", "section><p"])
        return b"<html><body><main>" + f"<{tag}>".encode() * depth + b"words that are the end", "text/html"

    def deep_word(self) -> Made:
        depth = self.chance.choice([50, 400, 2_000])
        ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        inner = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
        return with_files(
            self.word, {"word/document.xml": f"<w:document {ns}><w:body>{inner}</w:body></w:document>".encode()}
        ), "x.docx"

    def huge_page(self) -> Made:
        return b"<html><body><main>" + b"<p>words and words " * self.chance.choice([50_000, 900_000]), "text/html"

    def one_word(self) -> Made:
        return b"<html><body><main><p>" + b"a" * self.chance.choice([1_000_000, 15_000_000]), "text/html"

    def backtracks(self) -> Made:
        piece = self.chance.choice([b"a.", b"1 ", b"ignore all ", b"x@", b"http:", b"a-", b"call on ", b"- ("])
        return b"<html><body><main><p>" + piece * 400_000 + b"</p>", "text/html"

    def lures(self) -> Made:
        body = (
            f'<meta http-equiv=refresh content="0;url={self.lure}/r"><base href="{self.lure}/"><img src="{self.lure}/i">'
            f'<iframe src="{self.lure}/f"></iframe><script src="{self.lure}/s"></script><link rel=stylesheet href="{self.lure}/c">'
        )
        return web_page("Clubs", SECTIONS, extra=body), "text/html"

    def pdf_of(self, objects: list[bytes]) -> bytes:
        body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))
        return body + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF" % (len(objects) + 1)

    def cyclic_pdf(self) -> Made:
        kids = self.chance.choice([b"[2 0 R]", b"[2 0 R 2 0 R 3 0 R]", b"[3 0 R]"])
        tree = b"<< /Type /Pages /Kids %s /Count 9 >>" % kids
        return self.pdf_of(
            [b"<< /Type /Catalog /Pages 2 0 R >>", tree, b"<< /Type /Pages /Kids [2 0 R] /Count 5 >>"]
        ), "x.pdf"

    def many_pages(self) -> Made:
        count = self.chance.choice([1_000_000, 2**31 - 1])
        return self.pdf_of(
            [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count %d >>" % count]
        ), "x.pdf"

    def pdf_bomb(self) -> Made:
        packed = zlib.compress(b"BT /F1 9 Tf (words) Tj ET\n" * self.chance.choice([400_000, 6_000_000]))
        stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
        tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
        return self.pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream, font]), "x.pdf"

    def launching_pdf(self) -> Made:
        act = f"<< /S /{self.chance.choice(['URI', 'Launch', 'JavaScript', 'SubmitForm'])} /URI ({self.lure}/pdf) /JS (app.launchURL) >>"
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
        root = b"<< /Type /Catalog /Pages 2 0 R /OpenAction %s >>" % act.encode()
        return self.pdf_of([root, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page]), "x.pdf"

    def wrong_type(self) -> Made:
        data = self.chance.choice([self.word, self.pdf, self.sheet, b"MZ" + bytes(900), b"\x7fELF", b"\x89PNG\r\n"])
        return data, self.chance.choice(["text/html", "x.csv", "application/pdf", "x.xlsx"])

    def two_in_one(self) -> Made:
        first, second = self.chance.sample([b"GIF89a", self.pdf, self.word, self.page], 2)
        return first + second, self.chance.choice(["x.pdf", "text/html", "x.docx"])

    def torn(self) -> Made:
        data, told = self.sound()
        return data[: self.chance.randrange(1, len(data))], told

    def changed(self) -> Made:
        data, told = self.sound()
        bytes_ = bytearray(data)
        for _ in range(self.chance.choice([1, 20, 400])):
            bytes_[self.chance.randrange(len(bytes_))] = self.chance.randrange(256)
        return bytes(bytes_), told

    def odd_csv(self) -> Made:
        return self.chance.choice(
            [b'"' + b"a," * 3_000_000, b"a\n" * 5_000_000, b"a,b\n1,\x00\n", b"=cmd|' /C calc'!A0,1\n"]
        ), "x.csv"

    def sound(self) -> Made:
        return self.chance.choice(
            [
                (self.word, "x.docx"),
                (self.sheet, "x.xlsx"),
                (self.pdf, "x.pdf"),
                (self.page, "text/html"),
                (comma_separated(ROWS), "x.csv"),
            ]
        )

    def dishes(self) -> list[Callable[[], Made]]:
        return [
            self.zip_bomb, self.sheet_bomb, self.far_cell, self.leads_out, self.macros, self.nested, self.entities,
            self.outside_entity, self.template, self.deep_tables, self.deep_word, self.huge_page, self.one_word,
            self.backtracks, self.lures, self.cyclic_pdf, self.many_pages, self.pdf_bomb, self.launching_pdf,
            self.wrong_type, self.two_in_one, self.torn, self.changed, self.changed, self.odd_csv,
        ]  # fmt: skip


@dataclass
class Told:
    """What became of them. `over` are those decided too late; `lost` are sound papers that were not read afterwards;
    `grown_mb` is how much larger than after its first paper the service was between two papers, at most, and `while_mb`
    while it had one in hand. The papers are made in a process of their own, so that none of it is what making them took.
    """

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    over: list[str] = field(default_factory=list)
    lost: int = 0
    peak_mb: float = 0.0
    grown_mb: float = 0.0
    while_mb: float = 0.0
    lured: int = 0
    files: int = 0


@contextmanager
def kitchen_elsewhere(lure: str, seed: int) -> Iterator[Callable[[int], tuple[Path, str, str]]]:
    """A process that makes the paper with a number: the file it is in, its name or type, and which dish it is."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        cook = context.Process(target=_cook, args=(theirs, lure, seed, folder), daemon=True)
        cook.start()

        def made(number: int) -> tuple[Path, str, str]:
            ours.send(number)
            found: tuple[Path, str, str] = ours.recv()
            return found

        try:
            yield made
        finally:
            ours.send(None)
            cook.join()
            ours.close()
            theirs.close()


def _cook(pipe: Connection, lure: str, seed: int, folder: str) -> None:
    kitchen = Kitchen(lure, random.Random(seed))
    dishes = kitchen.dishes()
    while (number := pipe.recv()) is not None:
        make = dishes[number % len(dishes)]
        data, name = make()
        file = Path(folder) / "paper"
        file.write_bytes(data)
        pipe.send((file, name, make.__name__))


def run(count: int, seed: int = 4, seconds: float = SECONDS) -> Told:
    """Read `count` hostile documents, one after another, with one reader."""
    told, mine = Told(), psutil.Process()
    sound = web_page("Clubs", SECTIONS, ROWS)
    with (
        listening() as (_, inside),
        kitchen_elsewhere(f"http://127.0.0.1:{inside.port}", seed) as made,
        deep_folder() as written,
        Reader(seconds=seconds) as reader,
    ):
        reader.read(sound, "text/html")
        at_first = mine.memory_info().rss
        for number in range(count):
            file, name, dish = made(number)
            took = _served(reader, file.read_bytes(), name, f"http://127.0.0.1:{inside.port}/x", sound, told, at_first)
            told.slowest = max(told.slowest, took)
            told.grown_mb = max(told.grown_mb, (mine.memory_info().rss - at_first) / 1e6)
            if took > 10:
                told.over.append(dish)
        told.peak_mb, told.lured = reader.peak_kb / 1024, len(inside.reached)
        told.files = len(written())
    return told


def _served(reader: Reader, data: bytes, name: str, url: str, sound: bytes, told: Told, at_first: int) -> float:
    """Read one, and a sound paper after it when it was refused; how long the decision took, in seconds."""
    began = time.monotonic()
    try:
        reader.read(data, name, url=url)
        told.read += 1
        return time.monotonic() - began
    except UnreadableError as error:
        took = time.monotonic() - began
        told.refused[error.code] += 1
        told.lost += not reader.read(sound, "text/html").parts
        return took
    finally:
        told.while_mb = max(told.while_mb, (psutil.Process().memory_info().rss - at_first) / 1e6)


OUTSIDE = (Path("/tmp/out.txt"), Path("/etc/out"))


@contextmanager
def deep_folder() -> Iterator[Callable[[], list[Path]]]:
    """Work in an empty folder, three deep; what was written in it, above it, or where absolute names lead."""
    with tempfile.TemporaryDirectory() as top:
        work = Path(top, "a", "b", "c")
        work.mkdir(parents=True)
        with chdir(work):
            yield (
                lambda: (
                    [one for one in Path(top).rglob("*") if one.is_file()] + [one for one in OUTSIDE if one.exists()]
                )
            )


def written_by_names() -> int:
    """The control of files written: a reader that puts each file of a zip where its name says."""
    with (
        deep_folder() as written,
        zipfile.ZipFile(io.BytesIO(with_files(word("Clubs", SECTIONS), {"../../out": b"out"}))) as file,
    ):
        for name in file.namelist():
            if name.startswith(".."):
                Path(name).write_bytes(file.read(name))
        return len(written())


def without_guard() -> float:
    """The control: the same library opens one bomb with nothing in its way; the memory it takes, in MB."""
    bomb = with_files(word("Clubs", SECTIONS), {"word/document.xml": b"A" * 400_000_000})
    code = "import sys, io, docx; docx.Document(io.BytesIO(sys.stdin.buffer.read()))"
    subprocess.run([sys.executable, "-c", code], input=bomb, check=False, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    count = 500 if parser.parse_args().full else 50
    told, control, by_names = run(count), without_guard(), written_by_names()
    print(f"{count} hostile documents: {told.read} read, {sum(told.refused.values())} refused {dict(told.refused)}")
    print(f"slowest {told.slowest:.1f} s, largest child {told.peak_mb:.0f} MB")
    print(f"the service grew by {told.grown_mb:.0f} MB between two, {told.while_mb:.0f} MB with one in hand")
    print(f"too late {told.over}, sound papers lost {told.lost}, lured {told.lured}, files written {told.files}")
    print(f"controls: without a guard {control:.0f} MB; written where names lead: {by_names} file")
    good = not told.over and told.lost == told.lured == told.files == 0 and told.peak_mb <= MEMORY / 2**20
    good = good and told.grown_mb <= 20 and told.refused["crashed"] == 0
    return 0 if good and control > 256 and by_names else 1


if __name__ == "__main__":
    sys.exit(main())
