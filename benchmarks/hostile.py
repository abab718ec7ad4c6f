"""What hostile servers cost the readers: `python -m benchmarks.hostile [rounds]`.

Makes a database of its own beside that of DATABASE_URL, loads the seed record, starts the web
process, and lets 50 servers that mean ill be captured all at once: they never answer, drip, send
without end, lie about their length, unpack to gigabytes. Windows with and without them alternate,
because the machine has other things to do; what counts is the ratio of the medians of p95.
"""

import os
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg

NAME = "benchmark_hostile"
# One address each: a run visits a host one page at a time.
HERE = "127.0.1.{}"
SERVERS = 50
ROOT = Path(__file__).resolve().parents[1]
BOMB = zlib.compress(bytes(20_000_000), 9)
PAGES = ("/", "/pledges/", "/pledges/krasner-reform-cash-bail/", "/api/v1/pledges/?page_size=20")


def misbehave(connection: socket.socket, kind: int) -> None:
    """Answer as a server that means ill."""
    with suppress(OSError), closing(connection):
        connection.recv(4096)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        match kind % 5:
            case 0:
                time.sleep(60)
            case 1:
                for byte in head * 100:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.2)
            case 2:
                connection.sendall(head + b"\r\n")
                while True:
                    connection.sendall(b"<p>words" * 1000)
                    time.sleep(0.02)
            case 3:
                connection.sendall(head + b"Content-Length: 9000000\r\n\r\n<p>")
                time.sleep(60)
            case 4:
                packed = b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(BOMB)
                connection.sendall(head + packed + BOMB)


def serve(kind: int) -> int:
    """Start a hostile server; return its port."""
    listening = socket.create_server((HERE.format(kind + 1), 0), backlog=64)

    def accept() -> None:
        while True:
            connection, _from = listening.accept()
            threading.Thread(target=misbehave, args=[connection, kind], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listening.getsockname()[1])


def serve_all() -> None:
    """Be the world outside: print where each hostile server listens, and stay.

    In truth they are elsewhere. Here they run when nobody else wants the processor, so that they
    slow down nobody by being on the same machine.
    """
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    for kind in range(SERVERS):
        print(serve(kind), flush=True)
    threading.Event().wait()


@contextmanager
def world() -> Iterator[list[int]]:
    """Run the hostile servers in a process of their own."""
    call = [sys.executable, "-m", "benchmarks.hostile", "--serve"]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True) as servers:
        assert servers.stdout is not None
        try:
            yield [int(servers.stdout.readline()) for _ in range(SERVERS)]
        finally:
            servers.terminate()


def p95(port: int, seconds: float) -> float:
    """Read pages one after another for so long; return the 95th of 100 times, in ms."""
    times, ends_at = [], time.monotonic() + seconds
    while time.monotonic() < ends_at:
        for page in PAGES:
            began = time.perf_counter()
            with urlopen(f"http://127.0.0.1:{port}{page}") as answer:
                answer.read()
            times.append((time.perf_counter() - began) * 1000)
    return sorted(times)[int(len(times) * 0.95)]


def main(rounds: int) -> None:
    """Make the record, measure, print one line a round and the ratio."""
    given = os.environ["DATABASE_URL"]
    parts = urlsplit(given)
    with world() as ports, psycopg.connect(given, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        with TemporaryDirectory() as store, socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
            free.close()
            environment = {
                **os.environ,
                "DATABASE_URL": urlunsplit(parts._replace(path=f"/{NAME}")),
                "CAPTURE_STORE": store,
                "CAPTURES_AT_ONCE": str(SERVERS),
                "FETCH_ALLOWED_NETWORKS": "127.0.1.0/24",
                "FETCH_PORTS": ",".join(["80", "443", *map(str, ports)]),
                "API_REQUESTS_PER_HOUR": "10000000",
            }
            try:
                measure(environment, ports, port, rounds)
            finally:
                server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def measure(environment: dict[str, str], ports: list[int], port: int, rounds: int) -> None:
    """Run web and courier, and compare."""
    python = sys.executable
    for command in (["migrate", "-v", "0"], ["load_seeds"]):
        call = [python, "manage.py", *command]
        subprocess.run(call, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    web = subprocess.Popen(
        [Path(python).with_name("granian"), "--interface", "wsgi", "tracker.wsgi:application",
         "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4",
         "--no-ws", "--log-level", "error"],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        wait_for(port)
        p95(port, 5)
        calm, hostile = [], []
        for _ in range(rounds):
            calm.append(p95(port, 12))
            become_due(environment["DATABASE_URL"], ports)
            # As the worker runs: readers first (Procfile).
            call = ["nice", "-n", "10", python, "manage.py", "capture_evidence", "--seconds", "30"]
            courier = subprocess.Popen(
                call, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=None
            )
            # How long Django starts is no matter of theirs; then they hold on for 20 seconds.
            wait_for_threads(courier.pid)
            hostile.append(p95(port, 12))
            courier.wait()
            print(f"p95 {calm[-1]:.1f} ms calm, {hostile[-1]:.1f} ms beside {SERVERS} of them")
    finally:
        web.terminate()
        web.wait()
    ratio = median(hostile) / median(calm)
    print(f"median p95 {median(calm):.1f} ms and {median(hostile):.1f} ms: {ratio:.2f} times")


def wait_for(port: int) -> None:
    """Wait until the web process answers."""
    for _ in range(120):
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz"):
            return
        time.sleep(0.5)
    raise SystemExit("The web process does not answer.")


def wait_for_threads(pid: int) -> None:
    """Wait until a courier has a thread for each server: until then it only starts."""
    for _ in range(1200):
        with suppress(OSError):
            if len(os.listdir(f"/proc/{pid}/task")) > SERVERS:
                return
        time.sleep(0.05)
    raise SystemExit("The courier does not start.")


def become_due(address: str, ports: list[int]) -> None:
    """Let one piece of evidence lead to each hostile server, and be due now."""
    with psycopg.connect(address, autocommit=True) as record:
        # None but these; what is captured waits for nothing.
        record.execute(
            "UPDATE captures_capture SET next_try_at = now() + interval '1 day'"
            " WHERE next_try_at IS NOT NULL"
        )
        ids = [pk for (pk,) in record.execute(
            "SELECT id FROM evidence_evidence ORDER BY id LIMIT %s", [SERVERS]
        ).fetchall()]  # fmt: skip
        record.execute("SET session_replication_role = replica")
        for number, (pk, port) in enumerate(zip(ids, ports, strict=True)):
            url = f"http://{HERE.format(number + 1)}:{port}/"
            record.execute("UPDATE evidence_evidence SET url = %s WHERE id = %s", [url, pk])
            record.execute("DELETE FROM captures_capture WHERE evidence_id = %s", [pk])
        record.execute("SET session_replication_role = origin")


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve_all()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
