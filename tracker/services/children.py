"""Starting, recognising and stopping processes without ever touching somebody else's."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tracker.services.errors import ServiceError

TIED = Path(__file__).with_name("tied.py")
PROC = Path("/proc")
HAS_PROC = sys.platform.startswith("linux") and PROC.is_dir()
Step = tuple[signal.Signals, float]


def start(
    command: Sequence[str],
    *,
    at_parent_death: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    log: Path | None = None,
    in_terminal: bool = False,
    reads: bytes | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` so that it gets `at_parent_death` when this process dies.

    `user` is who it becomes (root only), `log` the file its output goes to (the terminal
    otherwise), `reads` what comes to its standard input. Only with `in_terminal` does it share
    the terminal's Ctrl-C; otherwise the launcher alone decides when it ends.
    """
    tie = [sys.executable, "-I", "-S", str(TIED)]
    tie += [str(os.getpid()), str(int(at_parent_death)), user or "-"]
    output = _fresh_log(log) if log else None
    try:
        child = subprocess.Popen(
            [*tie, *command],
            stdin=None if in_terminal else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=environment,
            cwd=folder,
            start_new_session=not in_terminal,
        )
    finally:
        if output:
            output.close()
    if child.stdin:
        # A child that died at once is noticed by whoever waits for it, not here.
        with suppress(BrokenPipeError), child.stdin:
            child.stdin.write(reads or b"")
    return child


def _fresh_log(path: Path) -> IO[bytes]:
    """Open an empty log at `path`, keeping the last one beside it for whoever looks for why."""
    if path.exists():
        path.replace(path.with_suffix(".previous.log"))
    return path.open("wb")


def stop(child: subprocess.Popen[bytes], steps: Iterable[Step]) -> None:
    """Send each step's signal and wait its seconds, until `child` has ended."""
    for signal_number, seconds in steps:
        if child.poll() is not None:
            return
        child.send_signal(signal_number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def stop_others(pids: Iterable[int], steps: Iterable[Step]) -> None:
    """Do the same to processes that are not children of this one.

    The caller has made sure that they are ours. Raises ServiceError when one survives.
    """
    remaining = {pid: started for pid in pids if (started := started_at(pid))}
    for signal_number, seconds in steps:
        for pid in remaining:
            _send(pid, signal_number)
        deadline = time.monotonic() + seconds
        while remaining and time.monotonic() < deadline:
            time.sleep(0.05)
            remaining = {pid: at for pid, at in remaining.items() if started_at(pid) == at}
    if remaining:
        raise ServiceError(f"Could not stop process {', '.join(map(str, remaining))}.")


def _send(pid: int, signal_number: signal.Signals) -> None:
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return


def started_at(pid: int) -> str | None:
    """Return when `pid` started, in the system's own terms, or None when it is not running.

    A number is used again for other processes; a number with its start is not.
    """
    if not HAS_PROC:
        return _ask_ps(pid, "lstart=")
    try:
        # The name in parentheses may hold spaces, so count from its end.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def command_line(pid: int) -> list[str]:
    """Return the words `pid` was started with; none when it is gone or keeps them hidden."""
    if not HAS_PROC:
        return (_ask_ps(pid, "command=") or "").split()
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []


def _ask_ps(pid: int, column: str) -> str | None:
    answer = subprocess.run(
        ["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def note(path: Path, child: subprocess.Popen[bytes]) -> None:
    """Write down in `path` which process `child` is, for the start after a crash."""
    path.write_text(f"{child.pid} {started_at(child.pid)}", encoding="utf-8")


def noted(path: Path) -> list[int]:
    """Return the process that `path` names if it is still that very one."""
    words = path.read_text(encoding="utf-8").split(" ", 1) if path.exists() else []
    if len(words) != 2 or not words[0].isdecimal():
        return []
    pid = int(words[0])
    return [pid] if started_at(pid) == words[1] else []


def marked(name: str, value: str) -> list[int]:
    """Return the processes that were started with `name`=`value` in their environment.

    Finds what a killed launcher left behind, whoever its parent is now. Linux only; empty
    elsewhere.
    """
    if not HAS_PROC:
        return []
    wanted = f"{name}={value}".encode()
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdecimal() and wanted in _environment_of(entry)
    ]


def _environment_of(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        # Gone meanwhile, or another user's: not ours in either case.
        return []
