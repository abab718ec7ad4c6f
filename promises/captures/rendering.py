"""Prints a stored web page to PDF in a headless Chromium that has no network.

The page is handed over by hand, through the pipe of the DevTools protocol: whatever else it asks
for is refused before it is looked up, and every name leads nowhere besides. No script runs, the
profile is made for one page, and the whole group of processes is ended by its number when the
time is over.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

SECONDS = 30.0
# More than this of HTML is no page that a person reads.
LARGEST_PAGE = 10_000_000
LARGEST_PDF = 30_000_000
# What all processes of one Chromium may hold in memory together, in bytes.
MOST_MEMORY = 1_000_000_000
# How often that is looked at, in seconds.
_LOOKS_EVERY = 0.2
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--renderer-process-limit=1",
)
# What a page may use of itself: its own styles, and pictures and letters that it carries along.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'; sandbox"
)


# What a machine may have. The first draws the same and has no windows: it starts sooner.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")


class NotRendered(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """There is no picture of this page. The message says why."""


def browser() -> str:
    """Return the path of a Chromium, or "" where there is none or settings say none."""
    names = [settings.CHROMIUM] if settings.CHROMIUM else CHROMIUMS
    return next(filter(None, map(shutil.which, names)), "")


def render(html: bytes, *, charset: str, url: str) -> bytes:
    """Return a stored page as PDF. `url` is what its links are relative to. Raises NotRendered."""
    program = browser()
    if not program:
        raise NotRendered("There is no Chromium on this machine.")
    if len(html) > LARGEST_PAGE:
        raise NotRendered("The page is too large to be printed.")
    with _running(program) as pipe:
        try:
            return _printed(pipe, html, charset, url)
        except (OSError, KeyError, ValueError) as error:
            raise NotRendered(f"Chromium did not print it: {error}") from error


def _printed(pipe: "Pipe", html: bytes, charset: str, url: str) -> bytes:
    target = pipe.ask("Target.createTarget", url="about:blank")["targetId"]
    attached = pipe.ask("Target.attachToTarget", targetId=target, flatten=True)
    pipe.session = attached["sessionId"]
    pipe.page = _answer(html, charset)
    pipe.ask("Emulation.setScriptExecutionDisabled", value=True)
    pipe.ask("Fetch.enable", patterns=[{"urlPattern": "*"}])
    pipe.ask("Page.enable")
    pipe.ask("Page.navigate", url=url)
    pipe.wait_for("Page.loadEventFired")
    printed = pipe.ask("Page.printToPDF", printBackground=True, preferCSSPageSize=False)
    pdf = base64.b64decode(printed["data"])
    if not pdf.startswith(b"%PDF-"):
        raise ValueError("no PDF came")
    return pdf


def _answer(html: bytes, charset: str) -> dict[str, Any]:
    """Return the page as an answer of a server that forbids it everything."""
    kind = f"text/html; charset={charset}" if charset.replace("-", "").isalnum() else "text/html"
    headers = {"Content-Type": kind, "Content-Security-Policy": POLICY}
    return {
        "responseCode": 200,
        "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
        "body": base64.b64encode(html).decode(),
    }


class Pipe:
    """Speaks the DevTools protocol: JSON, each message ended by a zero byte."""

    def __init__(self, read: int, write: int, group: int) -> None:
        self._read, self._write, self._group = read, write, group
        self._ends_at = time.monotonic() + SECONDS
        self._rest, self._number = b"", 0
        self._happened: set[str] = set()
        self.session = ""
        # The answer to the first request of the page, and to no other.
        self.page: dict[str, Any] | None = None

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return what it gives. Raises NotRendered, ValueError."""
        number = self._send(method, parameters)
        for message in self._messages():
            if message.get("id") == number:
                if "error" in message:
                    raise ValueError(message["error"].get("message", "refused"))
                result: dict[str, Any] = message["result"]
                return result
        raise NotRendered("Chromium ended.")

    def wait_for(self, event: str) -> None:
        """Wait until something has happened. Raises NotRendered."""
        if event in self._happened:
            return
        for message in self._messages():
            if message.get("method") == event:
                return
        raise NotRendered("Chromium ended.")

    def _send(self, method: str, parameters: dict[str, Any]) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        left = json.dumps(message).encode() + b"\0"
        while left:
            left = left[os.write(self._write, left) :]
        return self._number

    def _messages(self) -> Iterator[dict[str, Any]]:
        """Yield what comes; answer requests of the page on the way."""
        while True:
            whole, found, self._rest = self._rest.partition(b"\0")
            if not found:
                self._rest = whole
                if not self._take():
                    return
                continue
            message = json.loads(whole)
            self._happened.add(message.get("method", ""))
            if message.get("method") == "Fetch.requestPaused":
                self._answer_request(message["params"]["requestId"])
            yield message

    def _answer_request(self, number: str) -> None:
        """Hand the page over once; refuse whatever else it asks for."""
        page, self.page = self.page, None
        if page:
            self._send("Fetch.fulfillRequest", {"requestId": number, **page})
        else:
            # "Aborted" leaves the page where it is, also when it tries to lead elsewhere.
            self._send("Fetch.failRequest", {"requestId": number, "errorReason": "Aborted"})

    def _take(self) -> bool:
        """Read more. False at the end. Raises NotRendered when it takes too long or too much."""
        while not select.select([self._read], [], [], _LOOKS_EVERY)[0]:
            if time.monotonic() > self._ends_at:
                raise NotRendered(f"Chromium was not done after {SECONDS:g} seconds.")
            if memory_of(self._group) > MOST_MEMORY:
                raise NotRendered("Chromium took too much memory.")
        piece = os.read(self._read, 1 << 16)
        self._rest += piece
        if len(self._rest) > 2 * LARGEST_PDF:
            raise NotRendered("What Chromium printed is too large.")
        return bool(piece)


def memory_of(group: int) -> int:
    """Return how many bytes a group of processes holds; 0 where the system does not tell."""
    held = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # The fields after the name, which may hold anything (proc(5)): group is 5, pages 24.
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if int(fields[2]) == group:
                held += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return held


@contextmanager
def _running(program: str) -> Iterator[Pipe]:
    """Run a Chromium of its own profile and group, and end them all at the end."""
    from_us, our_end = os.pipe()
    their_end, from_them = os.pipe()
    with TemporaryDirectory(prefix="rendering-", ignore_cleanup_errors=True) as home:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [program, *_FLAGS, *root, f"--user-data-dir={home}", "about:blank"]
        confined = Path(__file__).with_name("confined.py")
        process = subprocess.Popen(  # noqa: S603 -- a program of this machine, no shell
            [sys.executable, "-I", "-S", str(confined), str(from_us), str(from_them), *command],
            pass_fds=(from_us, from_them),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"HOME": home, "PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": home},
        )
        os.close(from_us)
        os.close(from_them)
        try:
            yield Pipe(their_end, our_end, process.pid)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            os.close(our_end)
            os.close(their_end)
