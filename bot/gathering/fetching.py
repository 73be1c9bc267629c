"""One request for one page: checked at every hop, pinned to the address that was checked, small, short, conditional."""

from __future__ import annotations

import hashlib
import ssl
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any
from urllib.parse import urljoin

import httpcore
from httpcore import ConnectionPool, NetworkBackend, NetworkStream, Response, SyncBackend

from bot.gathering.guard import Guard, NotAllowedError, Place
from knowledge.sources.containers import MOST_BYTES

AGENT = "Askwell/0.1 (reads a council's own pages for families; one page at a time)"
MOST_HOPS = 5
CONNECT_SECONDS = 8.0
READ_SECONDS = 15.0
SECONDS = 40.0
_ACCEPT = "text/html,application/pdf,application/vnd.openxmlformats-officedocument.*,text/csv,application/xml;q=0.8"
_TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class Outcome(StrEnum):
    """What became of a request."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    GONE = "gone"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Marks:
    """What a server said about a copy, so that it can be asked whether that is still the newest."""

    etag: str = ""
    modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified)


@dataclass(frozen=True)
class Fetched:
    """An answer. `url` is where it came from in the end; `moved` when every step there said that it is for good."""

    outcome: Outcome
    url: str
    body: bytes = b""
    kind: str = ""
    marks: Marks = Marks()
    moved: bool = False
    fault: str = ""

    @property
    def digest(self) -> str:
        """What the bytes are known by, to see whether they are the same as last time."""
        return digest_of(self.body)


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class _Pinned(NetworkBackend):
    """Connects only to the address that the guard gave for this very place."""

    def __init__(self, guard: Guard) -> None:
        self.guard, self.behind = guard, SyncBackend()
        self.place: Place | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        place = self.place
        if place is None or (place.host, place.port) != (host, port):
            raise NotAllowedError("not_listed", f"{host}:{port} was not checked.")
        return self.behind.connect_tcp(self.guard.address(place), port, timeout, local_address, socket_options)


@dataclass
class Fetcher:
    """Asks for pages. `clock` is in seconds; `trusted` is for tests of https with a certificate of their own."""

    guard: Guard
    clock: Callable[[], float] = time.monotonic
    most: int = MOST_BYTES
    seconds: float = SECONDS
    trusted: ssl.SSLContext | None = None
    requests: int = 0
    _pool: ConnectionPool = field(init=False, repr=False)
    _pinned: _Pinned = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pinned = _Pinned(self.guard)
        # No connection outlives its request, so that none is used for another place than the one it was checked for.
        self._pool = ConnectionPool(
            ssl_context=self.trusted, max_keepalive_connections=0, network_backend=self._pinned, http2=False
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._pool.close()

    def fetch(self, url: str, marks: Marks = Marks()) -> Fetched:
        """What is at `url`. With `marks`, whether it changed. Never raises for what a server does."""
        deadline, forever = self.clock() + self.seconds, True
        here = url
        for _hop in range(MOST_HOPS + 1):
            try:
                place = self.guard.place(here)
                answer = self._one(place, marks, deadline)
            except NotAllowedError as error:
                return Fetched(Outcome.REFUSED, here, fault=error.code)
            except (TypeError, ValueError):
                return Fetched(Outcome.REFUSED, here, fault="spelling")
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError):
                return Fetched(Outcome.LATER, here, fault="no_answer")
            if not isinstance(answer, str):
                return Fetched(**{**answer.__dict__, "moved": forever and here != url})
            status, _, target = answer.partition(" ")
            forever = forever and status in ("301", "308")
            there = urljoin(here, target)
            if here.lower().startswith("https:") and not there.lower().startswith("https:"):
                return Fetched(Outcome.REFUSED, there, fault="downgrade")
            # The copy that the marks are of was another address's.
            here, marks = there, Marks()
        return Fetched(Outcome.REFUSED, here, fault="too_many_hops")

    def _one(self, place: Place, marks: Marks, deadline: float) -> Fetched | str:
        """One request: an answer, or `status target` of a redirect."""
        self.requests += 1
        self._pinned.place = place
        times = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": CONNECT_SECONDS}
        with self._pool.stream("GET", place.url, headers=_asked(place, marks), extensions={"timeout": times}) as answer:
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status != 200:
                return _without_body(place, answer.status, told.get("location", ""), marks)
            body, fault = self._body(answer, told, deadline)
        if fault:
            return Fetched(Outcome.REFUSED, place.url, fault=fault)
        marks = Marks(told.get("etag", "")[:256], told.get("last-modified", "")[:64])
        return Fetched(Outcome.FETCHED, place.url, body, told.get("content-type", "")[:200], marks)

    def _body(self, answer: Response, told: dict[str, str], deadline: float) -> tuple[bytes, str]:
        """The bytes, or why they were not taken."""
        coding = told.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip", ""):
            return b"", "coding"
        size = told.get("content-length", "")
        if size.isdigit() and int(size) > self.most:
            return b"", "too_big"
        unpack = zlib.decompressobj(31) if coding == "gzip" else None
        taken = bytearray()
        for block in answer.iter_stream():
            try:
                taken += unpack.decompress(block, self.most + 1 - len(taken)) if unpack else block
            except zlib.error:
                return b"", "coding"
            if len(taken) > self.most or (unpack and unpack.unconsumed_tail):
                return b"", "too_big"
            if self.clock() > deadline:
                return b"", "too_slow"
        return bytes(taken), ""


def _without_body(place: Place, status: int, location: str, marks: Marks) -> Fetched | str:
    if status in (301, 302, 303, 307, 308) and location:
        return f"{status} {location}"
    if status == 304:
        return Fetched(Outcome.UNCHANGED, place.url, marks=marks)
    if status in (404, 410):
        return Fetched(Outcome.GONE, place.url, fault=str(status))
    return Fetched(Outcome.LATER if status in _TRY_LATER else Outcome.REFUSED, place.url, fault=str(status))


def _asked(place: Place, marks: Marks) -> list[tuple[str, str]]:
    headers = [("Host", place.name), ("User-Agent", AGENT), ("Accept", _ACCEPT), ("Accept-Encoding", "identity")]
    headers.append(("Connection", "close"))
    if marks.etag:
        headers.append(("If-None-Match", marks.etag))
    if marks.modified:
        headers.append(("If-Modified-Since", marks.modified))
    return headers
