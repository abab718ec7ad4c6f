"""One migrated database for all test databases to be copied from: migrating takes long.

Whoever needs it first makes it while the others wait. It is named by all it is made from, so one
that is left from an earlier run is either right or not found.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db.backends.postgresql.creation import DatabaseCreation

from promises.backups.programs import program

ROOT = Path(__file__).resolve().parents[1]
_PREFIX = "prototype_"
# Migrating makes each model again and again: to look for garbage takes a fifth of the time.
_MIGRATE = """
import gc, os
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "migrate", "--verbosity=0"])
"""
# Held by whoever makes it ("proto" in ASCII).
_LOCK = 0x70726F746F


def prototype_name() -> str:
    """Return the name of the database that this code makes."""
    made_from = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for folder in ("promises", "tracker"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            made_from.update(path.read_bytes())
    return _PREFIX + made_from.hexdigest()[:16]


def copy_test_databases() -> None:
    """Have Django copy the prototype for each test database."""
    created = DatabaseCreation.create_test_db

    def create_test_db(self: Any, *positional: Any, **named: Any) -> str:
        with _prototype() as name:
            self.connection.settings_dict["TEST"]["TEMPLATE"] = name
            return created(self, *positional, **named)

    DatabaseCreation.create_test_db = create_test_db  # type: ignore[method-assign]


def copy_prototype(address: str) -> None:
    """Fill the empty database at this address, which may be on another server."""
    with _server() as server:
        version = server.info.server_version // 10_000
    with _prototype() as name:
        words = ["--format=custom", "--no-owner", f"--dbname={_address(name)}"]
        with subprocess.Popen(
            [program("pg_dump", version), *words], stdout=subprocess.PIPE
        ) as dump:
            words = ["--no-owner", "--exit-on-error", f"--dbname={address}"]
            subprocess.run([program("pg_restore", version), *words], stdin=dump.stdout, check=True)
        assert dump.returncode == 0


@contextmanager
def _prototype() -> Iterator[str]:
    """Give the name of the prototype, made where there is none, and keep others off it.

    PostgreSQL copies no database that somebody is connected to.
    """
    name = prototype_name()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        known = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]
        )
        known_names = [str(known_name) for (known_name,) in known]
        if name not in known_names:
            for old in known_names:
                server.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            _make(server, name)
        yield name


def _make(server: "psycopg.Connection[Any]", name: str) -> None:
    """Migrate a new database; it gets its name when it is whole."""
    unfinished = f"{_PREFIX}unfinished"
    server.execute(f'CREATE DATABASE "{unfinished}"')
    subprocess.run(
        [sys.executable, "-c", _MIGRATE],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": _address(unfinished)}, check=True,
    )  # fmt: skip
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _server() -> "psycopg.Connection[Any]":
    return psycopg.connect(_address("postgres"), autocommit=True)


def _address(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
