"""Littleham's website on this machine: pages, PDFs, DOCX and XLSX that a test can change, move and delete."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "xml": "application/xml",
    "txt": "text/plain",
}


@dataclass
class Website:
    """What is at each path; `moved` are permanent redirects. `asked` counts requests, `sent` those with a body."""

    pages: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def answer(self, path: str, etag: str) -> tuple[int, dict[str, str], bytes]:
        self.asked[path] += 1
        if path in self.moved:
            return 301, {"Location": self.moved[path]}, b""
        body = self.pages.get(path)
        if body is None:
            return 404, {}, b"not here"
        mark = f'"{sha256(body).hexdigest()[:16]}"'
        if etag == mark:
            return 304, {"ETag": mark}, b""
        self.sent[path] += 1
        kind = KINDS.get(path.rpartition(".")[2], "text/html; charset=utf-8")
        return 200, {"ETag": mark, "Content-Type": kind}, body


@contextmanager
def opened(website: Website) -> Iterator[Website]:
    """The site, served until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = website.answer(self.path, self.headers.get("If-None-Match", ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    website.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield website
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
