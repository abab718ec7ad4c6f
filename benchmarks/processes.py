"""What the processes take: memory of web, worker and beat, and the time to start."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rows import Row, in_turns, row, seconds
from benchmarks.serving import LIST, NO_LIMIT, OURS, PAGE
from benchmarks.web import ROOT, get, served

CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "tracker"]
SETTLED = 20


def memory() -> list[Row]:
    """Measure what web, worker and beat take together, shared pages counted once."""
    # Nothing is fetched: the addresses of the invented record are invented.
    often = dict.fromkeys(("SWEEP_SECONDS", "DELIVERY_SECONDS"), "2")
    never = dict.fromkeys(("CAPTURE_SECONDS", "CHECK_SECONDS"), "86400")
    environment = {**os.environ, **often, **never}
    programs = [
        subprocess.Popen([*CELERY, *words], cwd=ROOT, env=environment, start_new_session=True)
        for words in (
            ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle"],
            ["beat", "--schedule", "/dev/null"],
        )
    ]
    try:
        with served(OURS, **NO_LIMIT) as port:
            for address in (PAGE, LIST, "/", "/search/?q=bail", "/stale/"):
                get(port, address)
            time.sleep(SETTLED)
            total = sum(_proportional(pid) for pid in _below(os.getpid())) / 1e6
    finally:
        for program in programs:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
    return [Row("memory of web, worker and beat", f"{total:.0f} MB", "", None, "≤ 450 MB",
        total <= 450)]  # fmt: skip


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_below(int(child))]
    return found


def _proportional(pid: int) -> int:
    """Return the proportional set size: what is shared is divided among those who share it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def start() -> list[Row]:
    """Measure `manage.py check` beside an empty Django project."""
    with TemporaryDirectory() as folder:
        environment = {n: v for n, v in os.environ.items() if n != "DJANGO_SETTINGS_MODULE"}
        admin = [sys.executable, "-m", "django", "startproject", "empty", folder]
        subprocess.run(admin, check=True, env=environment)

        def checked(where: Path) -> float:
            command = [sys.executable, "manage.py", "check"]
            return seconds(
                lambda: subprocess.run(
                    command, cwd=where, env=environment, check=True, capture_output=True
                )
            )

        checked(Path(folder))
        taken = in_turns(
            {"ours": lambda: checked(ROOT), "empty": lambda: checked(Path(folder))}, rounds=5
        )
    return [row("`manage.py check`", taken["ours"], taken["empty"], unit="s",
        of="an empty Django project", most=1.5)]  # fmt: skip
