"""Where a request may go. A host must be on the list, every address it has must be public, and what was checked is what
is connected to: the name is looked up once, and the connection goes to that very address (no second look-up to trick).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

Resolve = Callable[[str, int], Iterable[str]]
_HOST = re.compile(r"^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$")
_PORTS = {"http": 80, "https": 443}
# What stays as it is spelt in an address; letters outside ASCII are written in percent.
_KEPT = "%/:=&?~#+!$,;'@()*[]"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowedError(Exception):
    """The address may not be asked for anything. `code` is stable; the message says why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Place:
    """An address taken apart and found to be on the list."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """The host with its port, where that is not the usual one."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def look_up(host: str, port: int) -> list[str]:
    """Every address of a host, as this machine finds them. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Guard:
    """`sites` are the hosts (`host`, or `host:port`) that may be asked; those in `private` may be inside a network."""

    sites: Collection[str]
    private: Collection[str] = field(default_factory=frozenset)
    resolve: Resolve = look_up

    def place(self, url: str) -> Place:
        """The address, when it is on the list as it stands. Raises `NotAllowedError`; looks nothing up."""
        if re.search(r"[\x00-\x20\x7f\\]", url):
            raise NotAllowedError("spelling", "The address holds a blank, a control character or a backslash.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise NotAllowedError("spelling", "This is no address of a web page.") from error
        scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
        if scheme not in _PORTS:
            raise NotAllowedError("scheme", f"Only web pages are read, and not {scheme or 'this'}.")
        if parts.username is not None or parts.password is not None or "@" in parts.netloc:
            raise NotAllowedError("user", "The address holds a name or a password before the host.")
        if not _HOST.match(host) or ".." in host:
            raise NotAllowedError("host", "The host is not spelt as one.")
        place = Place(quote(url, safe=_KEPT), scheme, host, port or _PORTS[scheme])
        if place.name not in self.sites:
            raise NotAllowedError("not_listed", f"{place.name} is not among the sites in documents.yaml.")
        return place

    def address(self, place: Place) -> str:
        """The one address to connect to. Every address the host has must be public. Raises `NotAllowedError`."""
        try:
            found = list(self.resolve(place.host, place.port))
        except OSError as error:
            raise NotAllowedError("unknown_host", f"{place.host} is not found.") from error
        if not found:
            raise NotAllowedError("unknown_host", f"{place.host} is not found.")
        if place.name not in self.private:
            for one in found:
                if not is_public(one):
                    raise NotAllowedError("private", f"{place.host} leads to {one}, which is inside a network.")
        return found[0]


def is_public(address: str) -> bool:
    """True for an address anybody on the internet could reach, also when it is wrapped in another."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)
