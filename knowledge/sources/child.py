"""The process that reads strangers' files: one short-lived child a file, with memory, time and file limits.

It is started once and forks for each file, so that loading the libraries is paid for once. Over its input come a
header (JSON, one line: `told`, `url`, `site`, `size`) and the bytes; over its output goes one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

from knowledge.sources.containers import format_of
from knowledge.sources.document import Document, Format, UnreadableError, as_object
from knowledge.sources.docx import read_docx
from knowledge.sources.html import read_html
from knowledge.sources.limits import MEMORY, MOST_OUT, SECONDS
from knowledge.sources.pdf import read_pdf
from knowledge.sources.sheets import read_csv, read_xlsx
from knowledge.sources.site import Site


def main() -> None:
    """Serve until the input ends."""
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else float(SECONDS)
    given, out = sys.stdin.buffer, sys.stdout.buffer
    out.write(b"ready\n")
    out.flush()
    while line := given.readline():
        header = json.loads(line)
        answer = in_a_child(header, given.read(header["size"]), limit, seconds)
        out.write(answer + b"\n")
        out.flush()


def in_a_child(header: dict[str, Any], data: bytes, limit: int, seconds: float) -> bytes:
    """What a child of our own makes of the bytes, as JSON; it is ended when its time is over."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _limited(limit, seconds)
        _work(header, data, writer)
    os.close(writer)
    told, over = _until(reader, time.monotonic() + seconds)
    os.close(reader)
    if over:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    # Linux counts kilobytes, macOS bytes.
    peak = used.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    if over:
        return _fault("too_long", "The file takes too long to read.", peak)
    if status != 0 or not told:
        return _fault("too_much", "The file takes more memory or time than a document needs.", peak)
    return told[:-1] + b', "peak_kb": %d}' % peak


def _limited(limit: int, seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    # Nothing it may print reaches the answers of the others.
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    os.dup2(1, 0)
    os.dup2(1, 2)


def _work(header: dict[str, Any], data: bytes, writer: int) -> None:
    """Read, write the answer to the pipe, and end without going back to the loop."""
    try:
        answer = json.dumps({"document": as_object(read(data, header))}).encode()
        if len(answer) > MOST_OUT:
            answer = _fault("too_big", "The file holds far more text than a document needs.")
    except UnreadableError as error:
        answer = _fault(error.code, str(error))
    except MemoryError:
        os._exit(3)
    except BaseException as error:  # whatever a stranger's file makes of a library, the service goes on
        answer = _fault("unreadable", f"The file cannot be read ({type(error).__name__}).")
    try:
        view = memoryview(answer)
        while view:
            view = view[os.write(writer, view) :]
    finally:
        os._exit(0)


def _until(reader: int, deadline: float) -> tuple[bytes, bool]:
    told = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([reader], [], [], left)
        if not ready:
            return b"", True
        block = os.read(reader, 1 << 16)
        if not block or len(told) > MOST_OUT + (1 << 17):
            return bytes(told), False
        told += block
    return b"", True


def read(data: bytes, header: dict[str, Any]) -> Document:
    """The document in `data`. Raises `UnreadableError`, and whatever a library raises."""
    kind = format_of(data, header["told"])
    if kind is Format.HTML:
        site = header["site"]
        return read_html(data, Site(site["host"], site["content"], tuple(site["drop"])), header["url"])
    return {Format.PDF: read_pdf, Format.DOCX: read_docx, Format.XLSX: read_xlsx, Format.CSV: read_csv}[kind](data)


def _fault(code: str, message: str, peak: int = 0) -> bytes:
    return json.dumps({"fault": code, "message": message, "peak_kb": peak}).encode()


if __name__ == "__main__":
    main()
