"""Servers that mean ill, a resolver that lies, and a canary that nobody may wake."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from dnslib import QTYPE, RR, A, DNSRecord
from dnslib.server import BaseResolver, DNSServer

from promises.fetching.addresses import Address

# The one address that the tests let in; everything else of loopback is the canary's.
HERE = "127.0.0.9"
Answer = Callable[[socket.socket, str], None]


class Hostile:
    """Answers each connection as its `answer` does: a function of socket and path asked for."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self._answer, self._tls = answer, tls
        self._socket = socket.create_server((HERE, 0))
        self.port = int(self._socket.getsockname()[1])
        self.asked: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str = HERE, scheme: str = "http") -> str:
        """The address of a path of this server."""
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _from = self._socket.accept()
                threading.Thread(target=self._one, args=[connection], daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        # Whoever we talk to hangs up when it has seen enough.
        with suppress(OSError, ssl.SSLError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with closing(connection):
                asked = b""
                while b"\r\n\r\n" not in asked and (piece := connection.recv(4096)):
                    asked += piece
                words = asked.decode("latin-1").split(" ")
                self.asked.append(asked.decode("latin-1"))
                self._answer(connection, words[1] if len(words) > 1 else "")


@dataclass
class Canary:
    """Listens on every address of this machine and counts who comes."""

    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sockets = [socket.create_server(("0.0.0.0", 0))]
        self.port = int(self._sockets[0].getsockname()[1])
        with suppress(OSError):
            self._sockets.append(socket.create_server(("::", self.port), family=socket.AF_INET6))
        for listening in self._sockets:
            threading.Thread(target=self._serve, args=[listening], daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        for listening in self._sockets:
            listening.close()

    def _serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, address = listening.accept()
                self.calls.append(str(address))
                connection.close()


class LyingDns(BaseResolver):  # type: ignore[misc]
    """A name server on loopback that gives a name's answers in turn, one list a question."""

    def __init__(self, zones: dict[str, list[list[str]]]) -> None:
        self.zones, self.asked = zones, list[str]()
        self._server = DNSServer(self, port=0, address=HERE)
        self._server.start_thread()
        self.port = self._server.server.server_address[1]

    def resolve(self, request: DNSRecord, _handler: object) -> DNSRecord:
        """Answer one question."""
        name = str(request.q.qname).rstrip(".")
        self.asked.append(name)
        reply = request.reply()
        answers = self.zones.get(name, [[]])
        for address in answers.pop(0) if len(answers) > 1 else answers[0]:
            reply.add_answer(RR(name, QTYPE.A, rdata=A(address), ttl=0))
        return reply

    def __call__(self, name: str) -> Sequence[Address]:
        """Resolve a name by asking over the network."""
        reply = DNSRecord.parse(DNSRecord.question(name).send(HERE, self.port, timeout=5))
        return [ip_address(str(record.rdata)) for record in reply.rr]

    def close(self) -> None:
        """Stop answering."""
        self._server.stop()
        self._server.server.server_close()


def says(*pieces: bytes, head: str = "", status: str = "200 OK") -> Answer:
    """An answer with this status, these lines of head and this body."""

    def answer(connection: socket.socket, _path: str) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1"))
        for piece in pieces:
            connection.sendall(piece)

    return answer


def raw(*pieces: bytes) -> Answer:
    """An answer of these bytes."""

    def answer(connection: socket.socket, _path: str) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return answer


def drips(start: bytes, drop: bytes, pause: Callable[[], object]) -> Answer:
    """An answer that never ends: drop by drop, with a pause after each."""

    def answer(connection: socket.socket, _path: str) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            pause()

    return answer


def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """Run a server for the length of a test."""
    server = Hostile(answer, tls)
    yield server
    server.close()


def started(settings: Any) -> Iterator[Callable[[Answer], Hostile]]:
    """Give what starts servers that fetches may visit; they are gone afterwards."""
    settings.FETCH_ALLOWED_NETWORKS = [f"{HERE}/32"]
    running: list[Hostile] = []

    def start(answer: Answer) -> Hostile:
        running.append(Hostile(answer))
        settings.FETCH_PORTS = [*settings.FETCH_PORTS, running[-1].port]
        return running[-1]

    yield start
    for server in running:
        server.close()
