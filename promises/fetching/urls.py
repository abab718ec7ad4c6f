"""Reads a web address strictly: one spelling for one place, or none."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

import idna

from promises.fetching.errors import BadAddress, Blocked

LONGEST = 2000
PORTS = {"http": 80, "https": 443}
# Names that never lead to the public internet: RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476,
# and the reserved word of ICANN for private use.
_LOCAL = ("localhost", "local", "internal", "home.arpa", "onion", "alt", "invalid", "localdomain")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
# Characters that may stand as they are (RFC 3986); "%" because escapes are kept.
_KEPT = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Place:
    """Where to go: `host` in ASCII, or an address without brackets; `target` with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The address in its one spelling."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """The host as it stands in an address and in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read_url(url: str, *, ports: frozenset[int] = frozenset({80, 443})) -> Place:
    """Read an address. Raises BadAddress for odd spellings, Blocked for what we do not visit."""
    if len(url) > LONGEST:
        raise BadAddress(f"The address is longer than {LONGEST} characters.")
    _refuse_odd_characters(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("This cannot be read as a web address.") from error
    if parts.scheme not in PORTS:
        raise Blocked("Only addresses that start with https:// or http:// are fetched.")
    if not url[len(parts.scheme) :].startswith("://"):
        raise BadAddress("The address lacks the two slashes after its scheme.")
    if "@" in parts.netloc:
        raise Blocked("The address holds a user name or a password.")
    host = _host(parts.netloc, parts.hostname or "")
    port = PORTS[parts.scheme] if port is None else port
    if port not in ports:
        raise Blocked(f"Port {port} is not one that web pages are fetched from.")
    query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    return Place(parts.scheme, host, port, (quote(parts.path, safe=_KEPT) or "/") + query)


def follow(place: Place, location: str, *, ports: frozenset[int]) -> Place:
    """Read where a redirect leads from a place. Raises as read_url does."""
    location = location.strip(" \t").replace(" ", "%20")
    _refuse_odd_characters(location)
    try:
        url = urljoin(place.url, location)
    except ValueError as error:
        raise BadAddress("It leads to what cannot be read as a web address.") from error
    return read_url(url, ports=ports)


def _refuse_odd_characters(url: str) -> None:
    """Look before any parser: the one of the standard library drops tabs and line breaks."""
    if not url.isprintable() or any(character in url for character in " \\"):
        raise BadAddress("The address holds a space, a backslash or a control character.")


def _host(netloc: str, host: str) -> str:
    if not host:
        raise BadAddress("The address names no server.")
    if netloc.startswith("["):
        return _number(IPv6Address, host)
    if "%" in netloc or netloc.count(":") > 1 or netloc.endswith(":"):
        raise BadAddress("The name of the server is spelled in an unusual way.")
    try:
        name = idna.encode(host, uts46=True).decode() if not host.isascii() else host
    except idna.IDNAError as error:
        raise BadAddress("The name of the server is no valid name.") from error
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]) or (not labels[-1] and _NUMBER.fullmatch(labels[-2])):
        # Octal, hexadecimal, short and one-number spellings are read differently by each library.
        if not host.isascii():
            raise BadAddress("The address of the server is spelled in an unusual way.")
        return _number(IPv4Address, name)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress("The name of the server is no valid name.")
    if len(labels) < 2 or any(name == end or name.endswith(f".{end}") for end in _LOCAL):
        raise Blocked("The name leads to no server on the public internet.")
    return name


def _number(kind: type[IPv4Address] | type[IPv6Address], text: str) -> str:
    try:
        address = kind(text)
    except AddressValueError as error:
        raise BadAddress("The address of the server is spelled in an unusual way.") from error
    # What embeds an IPv4 address is public in no spelling, and Python's own differs by version.
    is_mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    is_usual = is_mapped or str(address) == text
    if not is_usual or (isinstance(address, IPv6Address) and address.scope_id):
        raise BadAddress("The address of the server is spelled in an unusual way.")
    return text
