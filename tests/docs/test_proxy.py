"""The proxy of production, as a program: what strangers do to it does not reach readers."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.conftest import ROOT

pytestmark = pytest.mark.skipif(shutil.which("caddy") is None, reason="needs caddy")
# Stands in for a web process: answers everything, and reads no body.
WEB = """
import http.server, sys
class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_POST = do_GET
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Web).serve_forever()
"""


class Proxy:
    """Caddy as docs/production has it, without TLS, before two processes."""

    def __init__(self, folder: Path) -> None:
        self.port, *self.ports = (_free_port() for _ in range(3))
        text = (ROOT / "docs" / "production" / "Caddyfile").read_text(encoding="utf-8")
        text = text.replace("8001", str(self.ports[0])).replace("8002", str(self.ports[1]))
        text = text.replace("\n{$SITE_HOST} {", f"\nhttp://127.0.0.1:{self.port} {{")
        # HTTP/2 as with TLS, and no door to its settings.
        text = text.replace("servers {", "admin off\n\tservers {\n\t\tprotocols h1 h2c", 1)
        (folder / "Caddyfile").write_text(text)
        web = [sys.executable, "-c", WEB]
        self.webs = [subprocess.Popen([*web, str(port)]) for port in self.ports]
        self.caddy = subprocess.Popen(
            ["caddy", "run", "--config", "Caddyfile"],
            cwd=folder,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
            stderr=subprocess.DEVNULL,
        )

    def status(self) -> int:
        """Return what a reader is answered, on a connection of its own."""
        with self.talk() as talk:
            talk.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return int(talk.recv(4096).split()[1])

    def talk(self) -> socket.socket:
        """Return a new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """The proxy, once it answers."""
    made = Proxy(tmp_path)
    try:
        for _ in range(100):
            try:
                if made.status() == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield made
    finally:
        for program in (made.caddy, *made.webs):
            program.kill()
            program.wait()


def frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    """Return a frame of HTTP/2 (RFC 9113, 4.1)."""
    return (
        len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content
    )


def literal(name: str, value: str) -> bytes:
    """Return a header as it is, neither shortened nor remembered (RFC 7541, 6.2.2)."""
    return b"\0" + b"".join(bytes([len(word)]) + word.encode() for word in (name, value))


def forms_that_end_early(many: int) -> bytes:
    """Return streams that each say fifty bytes, send one and end."""
    said = {
        ":method": "POST",
        ":path": "/follow/",
        ":authority": "127.0.0.1",
        ":scheme": "http",
        "content-length": "50",
    }
    head = b"".join(literal(*pair) for pair in said.items())
    return b"".join(
        frame(1, 4, stream, head) + frame(0, 1, stream, b"a") for stream in range(1, 2 * many, 2)
    )


def test_bodies_that_end_early_do_not_take_the_site_from_readers(proxy: Proxy) -> None:
    slowest = 0.0
    for _ in range(5):
        with proxy.talk() as stranger:
            stranger.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b""))
            stranger.sendall(forms_that_end_early(50))
            time.sleep(0.3)
            began = time.monotonic()
            assert proxy.status() == 200
            slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1


@pytest.mark.parametrize("gone", [0, 1])
def test_readers_of_a_process_that_ended_are_answered_by_the_other(proxy: Proxy, gone: int) -> None:
    proxy.webs[gone].kill()
    proxy.webs[gone].wait()
    assert [proxy.status() for _ in range(5)] == [200] * 5
    began = time.monotonic()
    assert proxy.status() == 200
    assert time.monotonic() - began < 1
