"""A web server on one core, and readers on another one who ask as fast as it answers.

The readers send requests ahead on connections that stay open (HTTP/1.1 pipelining) and count
bytes, since a client that parses answers would be slower than what it measures.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 8


@contextmanager
def served(application: str, *, core: int = 0, **environment: str) -> Iterator[int]:
    """Serve a WSGI application by granian on one core, as the Procfile does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", application, "--port",
        str(port), "--workers", "1", "--blocking-threads", "4",
        "--blocking-threads-idle-timeout", "600", "--backpressure", "64", "--no-ws",
        "--no-log"]  # fmt: skip
    program = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=lambda: os.sched_setaffinity(0, {core % (os.cpu_count() or 1)}),
    )
    try:
        _wait(port)
        yield port
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            get(port, "/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server does not answer.")


def get(port: int, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask once."""
    talk = HTTPConnection("127.0.0.1", port, timeout=60)
    talk.request("GET", address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = talk.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    talk.close()
    return answer.status, found, body


def rate(
    port: int, address: str, *, lasts: float = 2.0, ahead: int = 16, status: int = 200, **more: str
) -> float:
    """Return how many answers a second the server gives; each must have this status."""
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    request = "\r\n".join([*lines, "", ""]).encode()
    _length_of_one(port, request, status)  # The first one may have to be made.
    length = _length_of_one(port, request, status)
    return _counted(port, request * ahead, length * ahead, lasts) * ahead


def _length_of_one(port: int, request: bytes, status: int) -> int:
    with socket.create_connection(("127.0.0.1", port)) as talk:
        talk.settimeout(60.0)
        talk.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += talk.recv(1 << 20)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d" % status), head
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length:" in line]
        wanted = int(lengths[0].split(b":")[1]) if lengths and status == 200 else 0
        return len(head) + 4 + max(wanted, len(body))


def _counted(port: int, batch: bytes, length: int, lasts: float) -> float:
    """Return how many batches of this length a second come back."""
    watched, done = selectors.DefaultSelector(), 0
    left: dict[socket.socket, int] = {}
    os.sched_setaffinity(0, {os.cpu_count() - 1 or 0} if (os.cpu_count() or 1) > 1 else {0})
    for _ in range(CONNECTIONS):
        talk = socket.create_connection(("127.0.0.1", port))
        watched.register(talk, selectors.EVENT_READ)
        left[talk] = length
        talk.sendall(batch)
    began = time.perf_counter()
    ends_at = began + lasts
    room = memoryview(bytearray(1 << 20))
    while (now := time.perf_counter()) < ends_at:
        for key, _ in watched.select(0.5):
            talk = key.fileobj  # type: ignore[assignment]
            left[talk] -= talk.recv_into(room)
            if left[talk] <= 0:
                done += 1
                left[talk] += length
                talk.sendall(batch)
    for talk in left:
        talk.close()
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    return done / (now - began)
