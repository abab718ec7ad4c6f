"""Election night: one pledge is read a hundred times as often, and editors go on publishing.

One web process serves readers and editors. A program of its own asks for one pledge at an even
pace; beside it an editor after the other opens the page of a step and presses its button, which
makes every page anew. Usual and hundredfold readers change from one publication to the next, in
the order A B B A, so that a machine whose speed drifts slows both alike.
"""

import os
import random
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from statistics import median, quantiles

from benchmarks.publication import Waiting, approved, fields_in, press
from benchmarks.rows import Row, row
from benchmarks.serving import NO_LIMIT, OURS, PAGE
from benchmarks.web import CONNECTIONS, ROOT, get, served

# Readers a second of that pledge: on a usual day, and on the night.
PACES = ((1, 100), (10, 1_000))
# Publications at each pace, and the seconds that readers have had their pace before one begins.
PUBLICATIONS, SETTLED = 300, 0.2
# How often the interval of a ratio is drawn anew from what was measured.
DRAWN = 2_000
# The program of readers sends what is due so often, in seconds.
TICK = 0.01


def measure() -> list[Row]:
    """Measure what editors wait for, with usual readers and with a hundred times as many."""
    publications = 2 * len(PACES) * PUBLICATIONS
    waiting = iter([approved(number) for number in range(publications + 4)])
    with served(OURS, **NO_LIMIT) as port:
        for _ in range(4):
            _publish(next(waiting), port)
        return [each for paces in PACES for each in _compared(waiting, port, *paces)]


def _compared(waiting: Iterator[Waiting], port: int, quiet: int, storm: int) -> list[Row]:
    """Return how much longer editors wait when so many read as on the night."""
    taken: dict[int, list[float]] = {quiet: [], storm: []}
    turns = islice(cycle((quiet, storm, storm, quiet)), 2 * PUBLICATIONS)
    with _readers(port) as readers:
        for pace in turns:
            readers.read_at(pace)
            time.sleep(SETTLED)
            taken[pace].append(_publish(next(waiting), port))
    assert readers.answered > 0.95 * readers.asked, f"{readers.answered} of {readers.asked}"
    many = f"an editor opens a step and publishes, {storm:,} readers a second"
    few = f"{quiet} a second"
    p95, p50 = (_between(taken[storm], taken[quiet], part) for part in (_p95, median))
    return [
        row(f"{many}, p95 ({p95})", _p95(taken[storm]), _p95(taken[quiet]),
            unit="ms", of=few, most=1.1),
        row(f"the same, p50 ({p50})", median(taken[storm]), median(taken[quiet]),
            unit="ms", of=few, most=1.1),
    ]  # fmt: skip


def _p95(taken: Sequence[float]) -> float:
    return quantiles(taken, n=20)[-1]


def _between(
    storm: Sequence[float], quiet: Sequence[float], part: Callable[[Sequence[float]], float]
) -> str:
    """Return within what the ratio lies in nineteen of twenty draws (bootstrap, Efron 1979)."""
    draw = random.Random(0)
    ratios = sorted(
        part(draw.choices(storm, k=len(storm))) / part(draw.choices(quiet, k=len(quiet)))
        for _ in range(DRAWN)
    )
    return f"{ratios[DRAWN // 40]:.2f} to {ratios[-DRAWN // 40]:.2f}"


def _publish(place: Waiting, port: int) -> float:
    """Open the page of a step and press its button; return the milliseconds an editor waited."""
    began = time.perf_counter()
    status, _, page = get(port, place.step, Cookie=place.cookies)
    opened = time.perf_counter() - began
    assert status == 200, status
    return 1_000 * (opened + press(place, fields_in(page), port))


class Readers:
    """The program of readers: told its pace, and at the end how many of its questions came back."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        self.program = program
        self.asked = self.answered = 0

    def read_at(self, pace: int) -> None:
        """Have so many readers ask a second from now on."""
        assert self.program.stdin is not None
        print(pace, file=self.program.stdin, flush=True)

    def stop(self) -> None:
        """End it, and take down what it counted."""
        told, _ = self.program.communicate()
        self.asked, self.answered = map(int, told.split())


@contextmanager
def _readers(port: int) -> Iterator[Readers]:
    """Let readers ask while the block runs, at the pace they are told."""
    readers = Readers(
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.election", str(port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    try:
        yield readers
    finally:
        readers.stop()


def read(port: int) -> None:
    """Ask for the page over open connections, at the pace that was read last, until none comes.

    Says how often it asked, and how many answers came back.
    """
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    request = f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    watched, talks = selectors.DefaultSelector(), []
    for _ in range(CONNECTIONS):
        talks.append(socket.create_connection(("127.0.0.1", port)))
        watched.register(talks[-1], selectors.EVENT_READ)
    watched.register(sys.stdin, selectors.EVENT_READ)
    pace, due, asked, answers, before = 0, 0.0, 0, 0, time.perf_counter()
    while True:
        now = time.perf_counter()
        due, before = due + pace * (now - before), now
        while asked < int(due):
            talks[asked % CONNECTIONS].sendall(request)
            asked += 1
        for key, _ in watched.select(0):
            if key.fileobj is sys.stdin:
                line = sys.stdin.readline()
                if not line:
                    print(asked, answers)
                    return
                pace = int(line)
            else:
                # Each answer has one such line; a line that two parts share is rare.
                answers += key.fileobj.recv(1 << 20).count(b"HTTP/1.1 200")
        time.sleep(TICK)


if __name__ == "__main__":
    read(int(sys.argv[1]))
