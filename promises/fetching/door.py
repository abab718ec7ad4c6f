"""The door to the network: names are resolved once, all addresses checked, numbers connected to."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from httpcore2 import NetworkBackend, NetworkStream, SyncBackend

from promises.fetching.addresses import Address, Network, is_public
from promises.fetching.errors import NameUnknown, NoConnection, PrivateAddress, TooLarge, TooSlow
from promises.fetching.limits import Limits

# A resolver returns every address of a name, in the order they are to be tried.
Resolver = Callable[[str], Sequence[Address]]
# How many addresses of one name are tried.
_MOST_TRIED = 4


def system_resolver(name: str) -> list[Address]:
    """Ask the system, once. Raises OSError."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(entry[4][0])) for entry in found))


@dataclass(frozen=True)
class Rules:
    """What may be visited. Everything but the defaults is for tests and local use.

    `allowed` are networks let in although they are not public; `trust` makes the TLS context.
    """

    ports: frozenset[int] = frozenset({80, 443})
    allowed: Sequence[Network] = ()
    resolver: Resolver = system_resolver
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context


@dataclass
class Meter:
    """What a fetch has used of its limits so far."""

    limits: Limits
    ends_at: float = field(init=False)
    on_wire: int = 0

    def __post_init__(self) -> None:
        self.ends_at = time.monotonic() + self.limits.seconds

    def left(self) -> float:
        """Return the seconds that are left. Raises TooSlow."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TooSlow(f"It was not complete after {self.limits.seconds:g} seconds.")
        return left

    def count(self, size: int) -> None:
        """Count bytes that came. Raises TooLarge."""
        self.on_wire += size
        if self.on_wire > self.limits.on_wire:
            raise TooLarge(f"More than {self.limits.on_wire:,} bytes came over the wire.")


class Door(NetworkBackend):
    """Opens one connection, to an address that was checked a moment before and not since."""

    def __init__(self, rules: Rules, meter: Meter) -> None:
        self._rules, self.meter = rules, meter
        self.address = ""
        self.stream: MeteredStream | None = None

    def begin(self, meter: Meter) -> None:
        """Count what comes from now on for another fetch, over the same connection."""
        self.meter = meter
        if self.stream is not None:
            self.stream.head, self.stream.is_in_head = bytearray(), True

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect to the first address that answers; all must be public, or none is tried."""
        addresses = self._addresses(host)
        if not addresses:
            raise NameUnknown("There is no server of that name.")
        closed = [str(one) for one in addresses if not is_public(one, allowed=self._rules.allowed)]
        if closed:
            raise PrivateAddress("The name leads into a network that is not the public internet.")
        return self._connected(addresses[:_MOST_TRIED], port)

    def _connected(self, addresses: Sequence[Address], port: int) -> NetworkStream:
        for address in addresses:
            try:
                raw = SyncBackend().connect_tcp(str(address), port, timeout=self.meter.left())
            except TooSlow:
                raise
            # Whatever the connection died of, the next address may live.
            except Exception:
                self.meter.left()
                continue
            self.address = str(address)
            self.stream = MeteredStream(raw, self)
            return self.stream
        raise NoConnection("No server answers there.")

    def _addresses(self, host: str) -> Sequence[Address]:
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        # The system's resolver cannot be told to stop, so it is left behind when time is up.
        answers: queue.Queue[Sequence[Address] | Exception] = queue.Queue()

        def ask() -> None:
            try:
                answers.put(self._rules.resolver(host))
            except (OSError, ValueError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=self.meter.left())
        except queue.Empty:
            raise TooSlow("The name of the server could not be resolved in time.") from None
        if isinstance(found, Exception):
            raise NameUnknown("There is no server of that name.") from found
        return found


class MeteredStream(NetworkStream):
    """A connection on which every wait is cut by the time that is left, and every byte counted.

    Keeps the first bytes that came, which hold the head of the answer as it was sent.
    """

    def __init__(self, inner: NetworkStream, door: Door) -> None:
        self._inner, self._door = inner, door
        self.head, self.is_in_head = bytearray(), True

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        data = self._inner.read(max_bytes, timeout=self._door.meter.left())
        self._door.meter.count(len(data))
        if self.is_in_head:
            self.head += data
            if len(self.head) > self._door.meter.limits.head + max_bytes:
                raise TooLarge("The head of the answer is too long.")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._inner.write(buffer, timeout=self._door.meter.left())

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        """Encrypt; the certificate must be of the name that was asked for."""
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout=self._door.meter.left())
        self._door.stream = MeteredStream(inner, self._door)
        return self._door.stream

    def get_extra_info(self, info: str) -> Any:
        """Pass questions on."""
        return self._inner.get_extra_info(info)
