"""The drill: restores the newest backup into an empty place, serves it, and checks all of it.

    python -m tracker.services.drill DIR

PostgreSQL and Redis of its own in a new folder, `manage.py restore`, `migrate` and
`verify_ledger`, then a web process that must show the edition of the backup. When all of that
succeeds it is written into DIR, where `/readyz` finds it. Nothing of the running site is touched.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from promises.backups.shelf import Backup, NotWhole, Shelf
from tracker.services import children
from tracker.services.embedded import services, with_programs
from tracker.services.errors import ServiceError
from tracker.services.run import manage, say
from tracker.services.state import LOOPBACK, Profile, kept_port

PROJECT = Path(__file__).resolve().parents[2]
WEB_SECONDS = 60.0
# A change of the record that is published: what the API shows of the newest.
CHANGES = "/api/v1/changes/?after={}&page_size=1"
WEB = ("-m", "granian", "--interface", "wsgi", "tracker.wsgi:application", "--host", LOOPBACK,
    "--blocking-threads", "4", "--backpressure", "64", "--no-ws",
    "--log-level", "warning")  # fmt: skip
STEPS: tuple[children.Step, ...] = ((signal.SIGTERM, 10), (signal.SIGKILL, 2))


def main() -> int:
    """Run the drill on a folder of backups; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where all backups lie")
    shelf = Shelf(parser.parse_args().folder.resolve())
    backups = shelf.backups()
    if not backups:
        print(f"There is no backup in {shelf.root}: manage.py backup {shelf.root}", file=sys.stderr)
        return 1
    try:
        told = drill(backups[0])
    except (ServiceError, NotWhole) as error:
        print(f"The drill failed: {error}", file=sys.stderr)
        return 1
    say(f"Restored, checked and served in {told['seconds']} seconds")
    try:
        shelf.note_drill(told)
    except OSError as error:
        print(
            f"That could not be noted, so /readyz and the alerts do not know of it: {error}."
            f" Let this user write into {shelf.root}, and run the drill again.",
            file=sys.stderr,
        )
        return 1
    return 0


def drill(backup: Backup) -> dict[str, Any]:
    """Bring a backup up in an empty place; return what is to be noted about it.

    Raises NotWhole when it is none, and ServiceError with the step that failed.
    """
    began, manifest = time.monotonic(), backup.manifest
    with empty_place() as environment:
        say(f"Restoring {backup.name} into an empty place")
        manage(PROJECT, environment, "restore", str(backup.folder.parent), "--backup", backup.name)
        manage(PROJECT, environment, "migrate", "--noinput", "--verbosity", "0")
        manage(PROJECT, environment, "verify_ledger")
        say("Serving it")
        served = edition_served(environment, manifest.edition)
    if served != manifest.edition:
        raise ServiceError(f"The site shows edition {served}, not {manifest.edition}.")
    return {
        "backup": backup.name,
        "edition": served,
        "ledger_hash": manifest.ledger_hash,
        "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": round(time.monotonic() - began),
    }


@contextmanager
def empty_place() -> Iterator[dict[str, str]]:
    """Provide servers with nothing in them and a folder for copies, and remove both."""
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    # PostgreSQL may run as `nobody`, who has to pass.
    folder.chmod(0o711)
    given = {
        name: value
        for name, value in os.environ.items()
        if name.removesuffix("_FILE") not in _OF_THE_SITE
    }
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        running = stack.enter_context(services(Profile(folder, "test"), given))
        own = {
            "CAPTURE_STORE": str(folder / "captures"),
            "PACKAGES": str(folder / "packages"),
            "HOST_FOLDER": str(folder / "host"),
            "PORT": str(kept_port(folder / "port")),
        }
        yield with_programs({**given, **running.environment, **own})


# What leads to the running site, each also from a file; and which names it answers to.
_OF_THE_SITE = {
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "TRACKER_MODE", "BACKUPS"),
    *("CAPTURE_STORE", "PACKAGES", "HOST_FOLDER", "ALLOWED_HOSTS"),
}


def edition_served(environment: Mapping[str, str], edition: int) -> int:
    """Start a web process and return the newest edition that it shows.

    Raises ServiceError when it shows nothing.
    """
    address = f"http://{LOOPBACK}:{environment['PORT']}"
    web = children.start(
        [sys.executable, *WEB, "--port", environment["PORT"]],
        environment=environment,
        folder=PROJECT,
    )
    try:
        deadline = time.monotonic() + WEB_SECONDS
        while web.poll() is None and time.monotonic() < deadline:
            try:
                found = _read(address + CHANGES.format(max(edition - 1, 0)))
            except OSError:
                time.sleep(0.2)
                continue
            _read(address + "/api/v1/pledges/?page_size=1")
            return max((row["edition"] for row in found["results"]), default=0)
    finally:
        children.stop(web, STEPS)
    raise ServiceError("The web process does not answer; see above.")


def _read(address: str) -> dict[str, list[dict[str, int]]]:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 -- our own address
        found: dict[str, list[dict[str, int]]] = json.load(answer)
    return found


if __name__ == "__main__":
    sys.exit(main())
