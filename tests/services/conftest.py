"""Real servers and a real launcher, each in a folder of its own that `nobody` can enter."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracker.services import binaries, children
from tracker.services.postgres import Postgres
from tracker.services.redis import Redis
from tracker.services.state import LOOPBACK, Profile

ROOT = Path(__file__).resolve().parents[2]
OURS = {"DATABASE_URL", "REDIS_URL", "PORT", "SITE_URL", "SECRET_KEY", "TRACKER_MODE"}

# Stands in for the site: answers every request, and notes what it was asked to do.
MANAGE = """
import pathlib, sys
if pathlib.Path("broken").exists():
    sys.exit("the database is on fire")
print("managed", *sys.argv[1:])
if sys.argv[1] == "create_development_logins":
    print("Log in as editor with secret")
# The site is up without one.
if sys.argv[1] == "keep_package":
    sys.exit("there is no room for a package")
"""
WEB = """
import http.server, sys
class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Site).serve_forever()
"""
PROCFILE = "web: exec python web.py $PORT\nworker: exec sleep 600\nbeat: exec sleep 600\n"


def open_folder() -> Path:
    """Return a new folder. Not `tmp_path`, which only its owner may enter."""
    folder = Path(tempfile.mkdtemp(prefix="services-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def fresh() -> Iterator[Path]:
    """A folder in which nothing was ever started."""
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def used() -> Iterator[Path]:
    """A folder in which the tests of one file start and crash things, one after the other."""
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def project(used: Path) -> Path:
    """A small project to launch, with whatever data earlier tests left."""
    (used / "broken").unlink(missing_ok=True)
    (used / "manage.py").write_text(MANAGE)
    (used / "web.py").write_text(WEB)
    (used / "Procfile").write_text(PROCFILE)
    return used


@pytest.fixture
def profile(project: Path) -> Profile:
    """The development profile of that project, with its folders made."""
    profile = Profile(project, "development")
    profile.prepare()
    return profile


@pytest.fixture
def postgres(profile: Profile) -> Iterator[Callable[..., Postgres]]:
    """Make PostgreSQL launchers, of `profile` or another, that are stopped in the end."""
    made: list[Postgres] = []

    def make(of: Profile = profile, system: binaries.System | None = None) -> Postgres:
        of.prepare()
        made.append(Postgres(of, system or binaries.System()))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def redis(profile: Profile) -> Iterator[Callable[[], Redis]]:
    """Make Redis launchers of `profile` that are stopped in the end."""
    made: list[Redis] = []

    def make() -> Redis:
        made.append(Redis(profile))
        return made[-1]

    yield make
    for server in made:
        server.stop()


class Launcher:
    """`python -m tracker.services` on `project`, as a person at a terminal has it."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.started: list[subprocess.Popen[bytes]] = []
        self.log = project / "launcher.log"

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start it beside the test; what it prints goes to `log`."""
        command = [sys.executable, "-m", "tracker.services", "--project", str(self.project)]
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        with self.log.open("wb") as output:
            self.started.append(
                subprocess.Popen(
                    [*command, *arguments],
                    cwd=ROOT,
                    env={**inherited, **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
        return self.started[-1]

    def finish(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run it to its end and return its exit code and what it printed."""
        code = self.start(*arguments, **environment).wait(60)
        return code, self.log.read_text()

    def end(self) -> None:
        """End whatever a failed test left running."""
        for launcher in self.started:
            children.stop(launcher, [(children.signal.SIGTERM, 30)])


@pytest.fixture
def launcher(project: Path) -> Iterator[Launcher]:
    """A launcher of the small project."""
    launcher = Launcher(project)
    yield launcher
    launcher.end()


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until `condition` holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> dict[int, str]:
    """Return the running descendants of `pid`, each with its start."""
    parents = {}
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if entry.name.isdecimal():
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {one: at for one in found - {pid} if (at := children.started_at(one))}


def alive(members: dict[int, str]) -> list[list[str]]:
    """Return the command lines of those `members` that are still running."""
    return [
        children.command_line(pid)
        for pid, started in members.items()
        if children.started_at(pid) == started
    ]
