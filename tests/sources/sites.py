"""Sites on loopback that behave as sites do: each on an address of its own, day by day."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

from tests.sources.pages.prose import SENTENCES

NETWORK = "127.1.0.0/16"
STORY = "/2019/05/bail"
Words = dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What a site sends: a page with a status, or nothing where `status` is 0."""

    status: int = 200
    body: str = ""
    head: str = ""


@dataclass(frozen=True)
class Asked:
    """One question: of which site, for which path, on which day, the how many-eth of the site."""

    path: str
    day: int
    number: int


Behaviour = Callable[[Asked], Reply]


def page(title: str, *paragraphs: str, extra: str = "") -> str:
    """A plain page of a newspaper."""
    said = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><a href=/>Home</a>"
        f"</nav><article><h1>{title}</h1>{said}{extra}</article></body></html>"
    )


def story(number: int = 0, lang: str = "en") -> str:
    """An article that is the source."""
    pool = SENTENCES[lang]
    return page(f"Report {number} on bail", " ".join(pool[:4]), " ".join(pool[4:8]))


@dataclass
class Sites:
    """All sites behind one port: which one is asked is told by the address that was called."""

    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    robots: dict[str, Reply] = field(default_factory=dict)
    day: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port = 0
        self.connect()

    def connect(self) -> None:
        """Listen, on the port of before."""
        self._socket = socket.create_server(("0.0.0.0", self.port), backlog=100)
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._serve, args=[self._socket], daemon=True).start()

    def cut_off(self) -> None:
        """Be reached by nobody, as when the network of the visitor is down."""
        # Closing alone would leave the call that waits for a visitor to take one more.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def add(self, behaviour: Behaviour, scheme: str = "http") -> str:
        """Put up one more site; return the address of its story."""
        number = len(self.behaviours) + 1
        host = f"127.1.{number // 250}.{number % 250 + 1}"
        self.behaviours[host] = behaviour
        return f"{scheme}://{host}:{self.port}{STORY}"

    def paths(self, host: str) -> list[str]:
        """Return what was asked of a site, in order."""
        return [path for name, path in self.asked if name == host]

    def _serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _from = listening.accept()
                threading.Thread(target=self._one, args=[connection], daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with suppress(OSError), closing(connection):
            head = b""
            while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
                head += piece
                if head.startswith(b"\x16"):
                    # It wants to speak TLS; we do not.
                    connection.sendall(b"HTTP/1.1 400 X\r\n\r\n")
                    return
            host, path = connection.getsockname()[0], head.split(b" ")[1].decode()
            self.heads.append(head.decode())
            number = sum(1 for name, each in self.asked if name == host and each == path)
            self.asked.append((host, path))
            connection.sendall(self._reply(host, Asked(path, self.day, number)))

    def _reply(self, host: str, asked: Asked) -> bytes:
        if asked.path == "/robots.txt":
            reply = self.robots.get(host, Reply(404, "no such file"))
        else:
            reply = self.behaviours[host](asked)
        if not reply.status:
            return b""
        body = reply.body.encode()
        kind = "" if "Content-Type" in reply.head else "Content-Type: text/html; charset=utf-8\r\n"
        head = f"HTTP/1.1 {reply.status} X\r\n{kind}{reply.head}Content-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


@contextmanager
def put_up() -> Iterator[Sites]:
    """Run sites for the length of a test."""
    sites = Sites()
    yield sites
    sites.cut_off()
