"""What a file is, by its own bytes, and the look at a zip's directory before anything of it is opened."""

from __future__ import annotations

import io
import re
import zipfile

from knowledge.sources.document import Format, UnreadableError

MOST_BYTES = 20_000_000
MOST_UNPACKED = 60_000_000
LARGEST_XML = 25_000_000
MOST_ENTRIES = 2_000
MOST_RATIO = 200
_SPARED = 1_000_000
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|main|article|h[1-6]|p|div|table|title|meta)\b", re.IGNORECASE)
_MACROS = re.compile(r"vbaProject|vbaData|macrosheets/|activeX/|\.bin$", re.IGNORECASE)
_NESTED = re.compile(
    r"\.(?:zip|docx|docm|xlsx|xlsm|xlsb|pptx|jar|7z|rar|gz|bz2|xz|exe|dll|js|vbs|bat|lnk)$", re.IGNORECASE
)
_OTHERS = (b"\x7fELF", b"MZ", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"GIF8", b"\x89PNG", b"\xff\xd8")


def format_of(data: bytes, told: str = "") -> Format:
    """What the bytes are; `told` (a content type or a file name) only decides between kinds of text.

    Raises `UnreadableError` for a file that is too big, of another kind, or that says one thing and is another.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError("too_big", f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    if not data.strip():
        raise UnreadableError("empty", "The file is empty.")
    head, said = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t "), told.lower()
    if head.startswith(b"%PDF-"):
        return _agreed(Format.PDF, said, ("pdf", "octet-stream"))
    if head.startswith(b"PK\x03\x04"):
        kind = _office(data)
        return _agreed(kind, said, ("officedocument", kind.value, "octet-stream", "zip"))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("old_office", "This is an old or locked Office file. Save it as DOCX or XLSX.")
    if b"%PDF-" in head or data.startswith(_OTHERS):
        raise UnreadableError("wrong_type", "This is no page, PDF, DOCX, XLSX or CSV.")
    return _text(data, head, said)


def _agreed(kind: Format, said: str, names: tuple[str, ...]) -> Format:
    if said and not any(name in said for name in names):
        raise UnreadableError("wrong_type", f"It is called {_called(said)} and is {kind.value.upper()}.")
    return kind


def _called(said: str) -> str:
    return said.partition(";")[0][:60]


def _text(data: bytes, head: bytes, said: str) -> Format:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and _NOT_TEXT.search(data[:65_536]):
        raise UnreadableError("wrong_type", "This is no page, PDF, DOCX, XLSX or CSV.")
    if any(name in said for name in ("pdf", "officedocument", "docx", "xlsx")):
        raise UnreadableError("wrong_type", f"It is called {_called(said)} and is text.")
    if "csv" in said:
        return Format.CSV
    if "html" in said or _PAGE.search(head) or _PAGE.search(data[:65_536]):
        return Format.HTML
    raise UnreadableError("wrong_type", "This text is neither a page nor CSV. Name a CSV file with .csv at its end.")


def _office(data: bytes) -> Format:
    names = look_into(data)
    if "word/document.xml" in names:
        return Format.DOCX
    if "xl/workbook.xml" in names:
        return Format.XLSX
    raise UnreadableError("wrong_type", "This is a zip file, and no DOCX or XLSX. Give the files in it one by one.")


def look_into(data: bytes) -> set[str]:
    """The names in a zip, when its directory shows nothing to fear. Raises `UnreadableError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError) as error:
        raise UnreadableError("damaged", "The file is damaged. Open it, and save it again.") from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableError("bomb", "The file unpacks to far more than a document needs.")
    for entry in entries:
        _look_at(entry)
    return {entry.filename for entry in entries}


def _look_at(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", name) or "\x00" in name:
        raise UnreadableError("traversal", "The file holds a name that leads out of its folder.")
    if entry.flag_bits & 0x1:
        raise UnreadableError("locked", "The file is locked with a password.")
    if _MACROS.search(name) and not name.endswith("printerSettings1.bin") and "printerSettings" not in name:
        raise UnreadableError("macros", "The file holds macros or active parts. Save it without them.")
    if _NESTED.search(name):
        raise UnreadableError("nested", "The file holds other files inside. Save it without them.")
    if entry.file_size > _SPARED and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        raise UnreadableError("bomb", "The file unpacks to far more than a document needs.")
    if name.endswith((".xml", ".rels")) and entry.file_size > LARGEST_XML:
        raise UnreadableError("bomb", "A part of the file is far larger than a document needs.")


def without_entities(data: bytes) -> None:
    """Office files never declare entities: one that does is a bomb or a lure. Raises `UnreadableError`.

    Reads every XML part as a stream, with no more of it in memory than a block; for the child with its limits.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels")):
                continue
            _scan(archive, entry)


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    read, tail = 0, b""
    try:
        with archive.open(entry) as opened:
            while block := opened.read(65_536):
                read += len(block)
                plain = (tail + block).replace(b"\x00", b"").upper()
                if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                    raise UnreadableError("entities", "The file declares entities, which no Office file needs.")
                if read > LARGEST_XML:
                    raise UnreadableError("bomb", "A part of the file unpacks to more than its directory says.")
                tail = block[-16:]
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError) as error:
        raise UnreadableError("damaged", "The file is damaged. Open it, and save it again.") from error
