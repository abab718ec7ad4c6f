"""Runs the whole tracker on one machine: services, database, web, worker and beat."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from subprocess import PIPE

from tracker.services import children
from tracker.services.embedded import Services, published, services, with_programs
from tracker.services.errors import ServiceError
from tracker.services.lock import held
from tracker.services.state import LOOPBACK, Profile, is_free

MARK = "TRACKER_RUN"
READY_SECONDS = 60.0
# honcho gives its processes five seconds before it kills them.
STEPS: tuple[children.Step, ...] = ((signal.SIGTERM, 10), (signal.SIGKILL, 2))
LEFTOVER_STEPS: tuple[children.Step, ...] = ((signal.SIGTERM, 5), (signal.SIGKILL, 2))


def run(profile: Profile, port: int, given: Mapping[str, str]) -> int:
    """Run everything until a signal or until a part of it ends by itself; then return 1.

    Raises ServiceError when another launcher holds the profile, the port is taken, or a step of
    the preparation fails.
    """
    address = f"http://{LOOPBACK}:{port}/"
    with ExitStack() as stack:
        stack.enter_context(held(profile, f"make run, at {address}"))
        stop_leftovers(profile)
        refuse_taken(port)
        say("Starting PostgreSQL and Redis")
        running = stack.enter_context(services(profile, given, port))
        stack.enter_context(published(profile, running.environment))
        marks = {"PYTHONUNBUFFERED": "1", MARK: str(profile.folder)}
        environment = with_programs({**given, **running.environment, **marks})
        prepare(profile.project, environment)
        stack.callback(stop_leftovers, profile)
        honcho = children.start(
            [sys.executable, "-m", "honcho", "--env", os.devnull, "start"],
            environment=environment,
            folder=profile.project,
        )
        stack.callback(children.stop, honcho, STEPS)
        stack.callback(say, "Stopping")
        # While the site starts: the other core is idle.
        login = manage(profile.project, environment, "create_development_logins", output=PIPE)
        # It says itself why there is none. The site does without, and the worker tries again.
        with suppress(ServiceError):
            manage(profile.project, environment, "keep_package")
        if is_ready(port, honcho):
            announce(address, login)
        return watch(honcho, running)


def say(text: str) -> None:
    """Tell the person at the terminal, at once, even through a pipe."""
    print(f"==> {text}", flush=True)


def refuse_taken(port: int) -> None:
    """Raise ServiceError when another program listens on `port`."""
    if not is_free(port):
        raise ServiceError(
            f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}"
        )


def stop_leftovers(profile: Profile) -> None:
    """Stop web, worker and beat of a launcher that was killed together with honcho."""
    children.stop_others(children.marked(MARK, str(profile.folder)), LEFTOVER_STEPS)


def prepare(project: Path, environment: Mapping[str, str]) -> None:
    """Bring database, record and static files up to date.

    Raises ServiceError naming the command that failed.
    """
    quietly = ("--noinput", "--verbosity", "0")
    say("Migrating the database")
    manage(project, environment, "migrate", *quietly)
    say("Loading the seed record")
    manage(project, environment, "load_seeds")
    if not is_collected(project):
        say("Collecting static files")
        manage(project, environment, "collectstatic", *quietly)


def is_collected(project: Path) -> bool:
    """Tell whether the static files were collected after the last change to any of them.

    Collecting takes seconds, most of it for files of packages that never change.
    """
    manifest = project / ".local" / "static" / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = [project / "requirements.lock", project / "tracker" / "settings.py"]
    for pattern in ("static/**/*", "promises/*/static/**/*"):
        sources += project.glob(pattern)
    newest = max((source.stat().st_mtime for source in sources if source.exists()), default=0)
    return newest < manifest.stat().st_mtime


def manage(
    project: Path, environment: Mapping[str, str], *command: str, output: int | None = None
) -> str:
    """Run one `manage.py` command and return what it printed, if `output` is a pipe.

    Raises ServiceError when it fails.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        check=False,
        text=True,
    )
    if done.returncode:
        raise ServiceError(f"`manage.py {command[0]}` failed; its message is above.")
    return done.stdout or ""


def is_ready(port: int, honcho: subprocess.Popen[bytes]) -> bool:
    """Wait until the web process answers; False when it does not, which the log explains."""
    deadline = time.monotonic() + READY_SECONDS
    while honcho.poll() is None and time.monotonic() < deadline:
        if _is_healthy(port):
            return True
        time.sleep(0.25)
    if honcho.poll() is None:
        say(f"The web process has not answered for {READY_SECONDS:.0f} seconds; see above")
    return False


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(address: str, login: str) -> None:
    """Print where the tracker is and how to log in."""
    lines = ["", f"The tracker is running at {address}", *login.strip().splitlines()]
    print("\n".join([*lines, "Ctrl-C stops everything.", ""]), flush=True)


def watch(honcho: subprocess.Popen[bytes], running: Services) -> int:
    """Wait until something ends by itself and say what; everything else is then stopped."""
    while honcho.poll() is None:
        if dead := running.first_dead():
            say(f"{dead} ended by itself; see its log below .local/development/log")
            return 1
        time.sleep(0.3)
    say("One of web, worker and beat ended by itself; its last lines are above")
    return 1
