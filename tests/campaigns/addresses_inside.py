"""S5: 60 spellings of addresses inside a network × 5 shapes of redirect × a name that changes what it means.

`python -m tests.campaigns.addresses_inside --full` asks for all of them. A listener on this machine counts whoever gets
through: none may. The control compares the address with a list of words, as many crawlers do, and is got through.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from httpcore import ConnectError, NetworkStream, SyncBackend

from bot.gathering.fetching import Fetcher, Outcome
from bot.gathering.guard import Guard, Place

OURS, REBINDS = "www.littleham.example", "rebind.littleham.example"
WORDS = ("localhost", "127.0.0.1", "169.254.169.254", "10.", "192.168.")
HOSTS = """
127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 0177.0000.0000.0001 017700000001
0x7f.1 127.000.000.001 localhost LOCALHOST localhost. localhost.localdomain ip6-localhost [::1] [::] [0:0:0:0:0:0:0:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1] [fd00:ec2::254]
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.1.254 169.254.169.254 2852039166 0xa9fea9fe
0251.0376.0251.0376 169.254.43518 [::ffff:169.254.169.254] 100.64.0.1 198.18.0.1 192.0.0.1 224.0.0.1 255.255.255.255
metadata.google.internal instance-data 127.0.0.1.nip.io 127-0-0-1.sslip.io localtest.me spoofed.burpcollaborator.net
①②⑦.⓪.⓪.① 127。0。0。1 ⓛocalhost www.littleham.example@127.0.0.1 127.0.0.1#@www.littleham.example
127.0.0.1\\@www.littleham.example www.littleham.example.127.0.0.1.nip.io www.littleham.example%2f@127.0.0.1
""".split()
SHAPES = ("straight", "redirect", "two hops", "relative to scheme", "downgrade")
REBINDING = ("steady", "changes", "both at once")


@dataclass
class Inside:
    """Something inside the network that nobody outside may reach: it counts whoever does, and answers anything."""

    reached: list[str] = field(default_factory=list)
    port: int = 0
    redirects: dict[str, str] = field(default_factory=dict)


@contextmanager
def listening() -> Iterator[tuple[Inside, Inside]]:
    """The council's own server, and the one inside; both on this machine."""
    ours, inside = Inside(), Inside()
    stop = threading.Event()
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    threads = []
    for told, server in zip((ours, inside), servers, strict=True):
        told.port = server.getsockname()[1]
        server.settimeout(0.1)
        threads.append(threading.Thread(target=_serve, args=(server, told, stop)))
    for thread in threads:
        thread.start()
    try:
        yield ours, inside
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for server in servers:
            server.close()


def _serve(server: socket.socket, told: Inside, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            client, _ = server.accept()
        except TimeoutError:
            continue
        with client:
            client.settimeout(2)
            try:
                asked = client.recv(4096).decode("latin-1")
                path = asked.split(" ")[1] if " " in asked else "?"
                told.reached.append(path)
                target = told.redirects.get(path)
                answer = (
                    f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
                    if target
                    else "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nsecret"
                )
                client.sendall(answer.encode("utf-8", "replace"))
            except OSError:
                continue


@dataclass
class Names:
    """A resolver of our own. `OURS` is the council's server; a rebinding name is public once, and then inside."""

    rebinding: str
    looked_up: int = 0

    def __call__(self, host: str, port: int) -> Iterable[str]:
        if host == OURS:
            return ["127.0.0.1"]
        if host == REBINDS:
            self.looked_up += 1
            if self.rebinding == "steady":
                return ["127.0.0.1"]
            if self.rebinding == "both at once":
                return ["93.184.216.34", "127.0.0.1"]
            return ["93.184.216.34"] if self.looked_up == 1 else ["127.0.0.1"]
        return ["127.0.0.1"]


@dataclass(frozen=True)
class Told:
    """How many addresses were asked for, and what reached the inside."""

    asked: int
    reached: int
    refused: int


class AtHome(SyncBackend):
    """Connects on this machine alone: a test asks nothing of the internet."""

    def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> NetworkStream:
        if not host.startswith(("127.", "::1")):
            raise ConnectError("not from here")
        return super().connect_tcp(host, port, *rest, **more)


def guard_for(ours: Inside, inside: Inside, names: Names) -> Guard:
    """The real guard: the council's own site, which may be on this machine since it is a test, and one more site that
    is on the list and must be public: its name is looked up once, and never again between the check and the connection.
    """
    site = f"{OURS}:{ours.port}"
    return Guard(frozenset({site, f"{REBINDS}:{inside.port}"}), frozenset({site}), names)


@dataclass(frozen=True)
class WordGuard(Guard):
    """The control: looks for words in the address, and looks the name up again when it connects."""

    def place(self, url: str) -> Place:
        if any(word in url.lower() for word in WORDS):
            return super().place(url)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return super().place(url)
        return Place(url, parts.scheme, parts.hostname or "", parts.port or 80)

    def address(self, place: Place) -> str:
        return next(iter(self.resolve(place.host, place.port)))


def word_guard_for(ours: Inside, inside: Inside, names: Names) -> Guard:
    """The control."""
    site = f"{OURS}:{ours.port}"
    return WordGuard(frozenset({site}), frozenset({site}), names)


def run(every: int, make: Callable[[Inside, Inside, Names], Guard] = guard_for) -> Told:
    """Ask for every `every`-th combination."""
    asked = refused = 0
    with listening() as (ours, inside):
        place = 0
        for host in [*HOSTS, REBINDS]:
            for shape in SHAPES:
                for rebinding in REBINDING if host == REBINDS else ("steady",):
                    place += 1
                    if place % every and host != REBINDS:
                        continue
                    with Fetcher(make(ours, inside, Names(rebinding)), seconds=5) as fetcher:
                        fetcher._pinned.behind = AtHome()
                        told = fetcher.fetch(_address(host, shape, ours, inside, place))
                    asked += 1
                    refused += told.outcome is not Outcome.FETCHED
        return Told(asked, len(inside.reached), refused)


def _address(host: str, shape: str, ours: Inside, inside: Inside, place: int) -> str:
    target = f"http://{host}:{inside.port}/secret/{place}" if "#" not in host else f"http://{host}/secret/{place}"
    first, second = f"/go/{place}", f"/on/{place}"
    start = f"http://{OURS}:{ours.port}{first}"
    if shape == "straight":
        return target
    ours.redirects[first] = target
    if shape == "two hops":
        ours.redirects[first], ours.redirects[second] = second, target
    elif shape == "relative to scheme":
        ours.redirects[first] = target.removeprefix("http:")
    elif shape == "downgrade":
        ours.redirects[first] = target.replace("http://", "gopher://", 1)
    return start


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    every = 1 if parser.parse_args().full else 10
    told, control = run(every), run(every, word_guard_for)
    print(f"{len(HOSTS)} spellings; asked {told.asked}: refused {told.refused}, reached the inside {told.reached}")
    print(f"control (a list of words): reached the inside {control.reached} of {control.asked}")
    return 0 if told.reached == 0 and told.refused == told.asked and control.reached > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
