"""A whole installation to break: PostgreSQL, Redis, workers and beats of its own."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.sink import MailSink
from tracker.services.postgres import Postgres
from tracker.services.redis import Redis
from tracker.services.state import Profile

ROOT = Path(__file__).resolve().parents[2]
# As in a real installation, what was said to be written is still there when PostgreSQL is cut off,
# be it in the middle of a page: else a mail could have arrived whose delivery is lost.
LASTING = {"synchronous_commit": "on", "full_page_writes": "on"}
CELERY = ["-m", "celery", "--quiet", "-A", "tracker"]
COMMANDS = {
    "worker": [*CELERY, "worker", "-c", "2", "--without-gossip", "--without-mingle"],
    "beat": [*CELERY, "beat"],
}


# Runs one piece of code after the other and says what went wrong with each, on connections of
# its own: what the last one left open may be gone.
_SHELL = """
import json, sys, traceback
import django
from django.db import connections
django.setup()
answers, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    fault = ""
    try:
        exec(json.loads(line), {"__name__": "shell"})
    except Exception:
        fault = traceback.format_exc()
    connections.close_all()
    print(json.dumps(fault), file=answers, flush=True)
"""


class Shell:
    """A process that runs lines of Python: to start one for each takes longer than to run them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**environment}
        self._program = subprocess.Popen(
            [sys.executable, "-c", _SHELL],
            cwd=ROOT,
            env={"DJANGO_SETTINGS_MODULE": "tracker.settings", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> None:
        """Run them to their end. Fails with the traceback if they raise."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        print(json.dumps(code), file=self._program.stdin, flush=True)
        answer = self._program.stdout.readline()
        assert answer == '""\n', json.loads(answer) if answer else "The shell ended."

    def close(self) -> None:
        """End the process."""
        self._program.communicate()


class Stage:
    """One installation with committed data, and the processes on it by name."""

    def __init__(self, folder: Path) -> None:
        profile = Profile(folder, "test")
        profile.prepare()
        self.log = folder / "processes.log"
        self.postgres = Postgres(profile, more=LASTING)
        self.redis, self.mail = Redis(profile), MailSink()
        self.environment = {
            **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
            "DATABASE_URL": self.postgres.start(),
            "REDIS_URL": self.redis.start(),
            "TRACKER_MODE": "development",
            "SECRET_KEY": "only for tests",
            "SWEEP_SECONDS": "1",
            "DELIVERY_SECONDS": "1",
            "DIGEST_HOUR": "0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}?tls=no",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = 0
        self.shell: Shell | None = None

    def manage(self, *words: str) -> str:
        """Run a command of manage.py to its end and return what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> None:
        """Run lines of Python inside the installation, Django set up."""
        if self.shell is None or self.shell.environment != self.environment:
            self._close_shell()
            self.shell = Shell(self.environment)
        self.shell.run(code)

    def _close_shell(self) -> None:
        if self.shell:
            self.shell.close()
            self.shell = None

    def start(self, *names: str, on: Sequence[str] = (), **environment: str) -> None:
        """Start processes called "worker-1", "beat-2" and so on, behind the words `on` if any."""
        for name in names:
            kind = name.partition("-")[0]
            more = ["-n", f"{name}@%h"] if kind == "worker" else []
            self.start_as(name, [*COMMANDS[kind], *more], on=on, **environment)

    def start_as(
        self, name: str, words: list[str], *, on: Sequence[str] = (), **environment: str
    ) -> None:
        """Start Python with these words as the process of that name."""
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*on, sys.executable, *words],
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def revive(self, **environment: str) -> None:
        """Start again what has died, as the person's supervisor would."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name, **environment)

    def kill(self, name: str) -> None:
        """kill -9 of one process; a worker's children end with it."""
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()
        self.kills += 1

    def kill_a_child(self, name: str) -> None:
        """kill -9 of one of a worker's children, while the worker lives on."""
        if children := self._children(name):
            os.kill(int(random.choice(children)), signal.SIGKILL)
            self.kills += 1

    def _children(self, name: str) -> list[str]:
        pid = self.running[name].pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

    def are_up(self) -> bool:
        """Tell whether every worker is there with its children."""
        return all(self._children(name) for name in self.running if name.startswith("worker"))

    def stop(self) -> None:
        """End every process."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def close(self) -> None:
        """End everything."""
        self.stop()
        self._close_shell()
        self.mail.shutdown()
        self.mail.server_close()
        self.redis.stop()
        self.postgres.stop()

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement on a connection of its own and return its rows."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def amid_a_sweep(self) -> Iterator[None]:
        """Hold a sweep in the middle of its transaction: what is due is opened, nothing told yet.

        Every writer of the ledger waits inside; they go on, or are dead, when it ends.
        """
        waiting = (
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
        )
        head = "%ledger_head%FOR UPDATE%"
        holder = psycopg.connect(self.environment["DATABASE_URL"])
        try:
            holder.execute("SELECT FROM ledger_head FOR UPDATE")
            self.wait_for(lambda: self.sql(waiting, head), 60)
            yield
        finally:
            holder.close()

    def wait_for(self, condition: Callable[[], object], seconds: float) -> float:
        """Wait until the condition holds; return how long it took. Fails after `seconds`."""
        begin = time.monotonic()
        while not condition():
            if time.monotonic() - begin > seconds:
                tail = self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
                raise AssertionError(f"not within {seconds} seconds\n{tail}")
            time.sleep(0.1)
        return time.monotonic() - begin
