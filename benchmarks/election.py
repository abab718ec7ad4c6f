"""Election night: one pledge is read a hundred times as often, and editors go on publishing.

One web process serves readers and editors. A program of its own asks for one pledge at an even
pace; beside it an editor after the other opens the page of a step and presses its button, which
makes every page anew. Quiet and stormy windows take turns.
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
from statistics import quantiles

from benchmarks.publication import Waiting, approved, fields_in, press
from benchmarks.rows import Row, row
from benchmarks.serving import NO_LIMIT, OURS, PAGE
from benchmarks.web import CONNECTIONS, ROOT, get, served

# Readers a second of that pledge: on a usual day, and on the night.
PACES = ((1, 100), (10, 1_000))
WINDOWS, PUBLICATIONS, EVERY = 5, 25, 0.4
# The program of readers sends what is due so often.
TICK = 0.01


def measure() -> list[Row]:
    """Measure what editors wait for, with usual readers and with a hundred times as many."""
    publications = 2 * len(PACES) * WINDOWS * PUBLICATIONS
    waiting = iter([approved(number) for number in range(publications + 4)])
    with served(OURS, **NO_LIMIT) as port:
        for _ in range(4):
            _publish(next(waiting), port)
        return [_compared(waiting, port, quiet, storm) for quiet, storm in PACES]


def _compared(waiting: Iterator[Waiting], port: int, quiet: int, storm: int) -> Row:
    """Return how much longer editors wait when so many read as on the night."""
    taken: dict[int, list[float]] = {quiet: [], storm: []}
    answered: list[float] = []
    for window in range(2 * WINDOWS):
        pace = (quiet, storm)[window % 2]
        with _readers(port, pace) as told:
            for _ in range(PUBLICATIONS):
                began = time.perf_counter()
                taken[pace].append(_publish(next(waiting), port))
                time.sleep(max(0.0, began + EVERY - time.perf_counter()))
        if pace == storm:
            answered += told
    assert sum(answered) / len(answered) > 0.95 * storm, f"readers had {answered} a second"
    usual, night = (quantiles(taken[pace], n=20)[-1] * 1000 for pace in (quiet, storm))
    return row(f"an editor opens a step and publishes, p95, {storm:,} readers a second", night,
        usual, unit="ms", of=f"{quiet} readers a second", most=1.1)  # fmt: skip


def _publish(place: Waiting, port: int) -> float:
    """Open the page of a step and press its button; return how long an editor waited."""
    began = time.perf_counter()
    status, _, page = get(port, place.step, Cookie=place.cookies)
    opened = time.perf_counter() - began
    assert status == 200, status
    return opened + press(place, fields_in(page), port)


@contextmanager
def _readers(port: int, pace: int) -> Iterator[list[float]]:
    """Let so many readers a second ask while the block runs; give their answers a second."""
    program = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.election", str(port), str(pace)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(1)
    answered: list[float] = []
    try:
        yield answered
    finally:
        program.send_signal(signal.SIGTERM)
        told, _ = program.communicate()
    answered.append(float(told))


def read(port: int, pace: int) -> None:
    """Ask for the page at this pace over open connections; say how many came back a second."""
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    request = f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    watched, talks = selectors.DefaultSelector(), []
    for _ in range(CONNECTIONS):
        talks.append(socket.create_connection(("127.0.0.1", port)))
        watched.register(talks[-1], selectors.EVENT_READ)
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
    began, sent, answers = time.perf_counter(), 0, 0
    while not ended:
        due = int((time.perf_counter() - began) * pace) - sent
        for _ in range(due):
            talks[sent % CONNECTIONS].sendall(request)
            sent += 1
        for key, _ in watched.select(0):
            talk = key.fileobj
            assert isinstance(talk, socket.socket)
            # Each answer has one such line; a line that two parts of an answer share is rare.
            answers += talk.recv(1 << 20).count(b"HTTP/1.1 200")
        time.sleep(TICK)
    print(answers / (time.perf_counter() - began))


if __name__ == "__main__":
    read(int(sys.argv[1]), int(sys.argv[2]))
