"""A command that the database does not let work says so in a sentence, with what to do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from promises.ledger.models import Head
from tests.backups.test_backups import Place, empty
from tests.services.conftest import ROOT
from tracker.commands import UNREAD
from tracker.services.lock import held
from tracker.services.state import Profile

__all__ = ["empty"]

COMMANDS = [
    ("verify_ledger",),
    ("sweep_stale",),
    ("backup", "backups"),
    ("restore", "backups"),
    ("dump_package", "package"),
]
MIGRATE = ": run manage.py migrate.\n"


def placed(words: tuple[str, ...], folder: Path) -> list[str]:
    """Return the words of a command, its folder if any below that one."""
    return [words[0], *(str(folder / word) for word in words[1:])]


@pytest.fixture
def one_backup(tmp_path: Path) -> Path:
    """A folder in which `restore` finds something to begin with."""
    made = tmp_path / "backups" / "2026-11-26T05-30-00Z"
    made.mkdir(parents=True)
    made.joinpath("manifest.json").write_text(
        '{"finished_at": "", "edition": 0, "ledger_hash": "", "server_version": 17,'
        ' "dump_sha256": "", "dump_size": 0, "files": 0, "settings": []}'
    )
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_database_that_is_away(empty: Place, one_backup: Path, words: tuple[str, ...]) -> None:
    address = urlsplit(empty.address)
    netloc = f"{address.username}:{address.password}@127.0.0.1:1"
    empty.environment["DATABASE_URL"] = address._replace(netloc=netloc).geturl()
    code, said = empty.manage(*placed(words, one_backup))
    last = said.splitlines()[-1]
    assert code == 1
    assert "Traceback" not in said
    assert last.startswith("PostgreSQL cannot be asked: connection failed: ")
    assert last.endswith("Is it running, and does DATABASE_URL lead to it? (docs/environment.md)")
    assert str(address.password) not in said
    # No lock, and nothing half made.
    assert {path.name for path in one_backup.iterdir()} <= {"backups"}
    # Whoever wants to see more gets it.
    assert "Traceback" in empty.manage(*placed(words, one_backup), "--traceback")[1]


@pytest.mark.parametrize(
    "words", [each for each in COMMANDS if each[0] != "restore"], ids=lambda words: words[0]
)
def test_a_database_with_nothing_in_it(
    empty: Place, one_backup: Path, words: tuple[str, ...]
) -> None:
    code, said = empty.manage(*placed(words, one_backup))
    assert (code, "Traceback" in said) == (1, False), said
    assert said.startswith("The database is not as this version needs it (relation "), said
    assert said.endswith(MIGRATE)
    assert {path.name for path in one_backup.iterdir()} == {"backups"}
    assert [path.name for path in (one_backup / "backups").iterdir()] == ["2026-11-26T05-30-00Z"]


@pytest.fixture
def stranger(empty: Place) -> Iterator[Place]:
    """A login that may connect, and nothing else, to a database with our tables."""
    with psycopg.connect(empty.address, autocommit=True) as server:
        server.execute("CREATE ROLE a_stranger LOGIN PASSWORD 'strange'")
        columns = ", ".join(f"{field.column} text" for field in Head._meta.concrete_fields)
        server.execute(f"CREATE TABLE ledger_head ({columns})")
        address = urlsplit(empty.address)
        netloc = f"a_stranger:strange@{address.hostname}:{address.port}"
        empty.environment["DATABASE_URL"] = address._replace(netloc=netloc).geturl()
        yield empty
        server.execute("DROP TABLE ledger_head")
        server.execute("DROP ROLE a_stranger")


def test_a_login_that_may_not(stranger: Place) -> None:
    code, said = stranger.manage("verify_ledger")
    assert (code, said) == (
        1,
        "The login in DATABASE_URL may not do that (permission denied for table ledger_head). Run"
        " this as the owner of the tables, or give the site its rights: manage.py database_roles,"
        " as the owner.\n",
    )


@pytest.mark.parametrize("is_installed", [True, False])
def test_looking_and_stopping_install_nothing(tmp_path: Path, is_installed: bool) -> None:
    """Be the lock newer than what is installed, or the environment another user's."""
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"))
    (tmp_path / "requirements.lock").write_text("newer")
    if is_installed:
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        python = tmp_path / ".venv" / "bin" / "python"
        python.write_text('#!/bin/sh\necho "$@"\n')
        python.chmod(0o755)
    for word in ("status", "stop"):
        done = subprocess.run(
            ["make", word],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        expected = (
            f"-m tracker.services {word}\n"
            if is_installed
            else "Nothing is installed here, so nothing is running.\n"
        )
        assert done.stdout == expected


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("word", ["status", "stop", "run"])
def test_another_user_is_told_whose_it_is(fresh: Path, word: str) -> None:
    profile = Profile(fresh, "development")
    with held(profile, "make run"):
        code = (
            "import os, sys; from tracker.services.__main__ import main;"
            f"os.setgid(65534); os.setuid(65534); sys.exit(main(['--project', {str(fresh)!r},"
            f" {word!r}]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stdout + done.stderr) == (
        1,
        f"The folder {profile.folder} belongs to another user, and the development services with"
        " it. Do this as that user, or use a copy of the project of your own.\n",
    )


@pytest.mark.parametrize(
    "words",
    [("roles_page",), ("check",), ("help",), ("--version",), ("no_such_command",)],
    ids=lambda words: words[0],
)
def test_a_command_whose_reader_went_away_ends_quietly(words: tuple[str, ...]) -> None:
    """As in `manage.py … | head -1`: without a word, and as a shell says of a broken pipe."""
    read, write = os.pipe()
    os.close(read)
    is_said = words == ("no_such_command",)
    command = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE if is_said else write,
        stderr=write if is_said else subprocess.PIPE,
    )
    os.close(write)
    out, err = command.communicate(timeout=60)
    assert (out or b"", err or b"", command.returncode) == (b"", b"", UNREAD)


def test_a_connection_that_breaks_is_told_all_the_same() -> None:
    code = (
        "import sys; from django.core import management; from tracker import commands\n"
        "def fail(_): raise BrokenPipeError('the server')\n"
        "management.execute_from_command_line = fail\n"
        "commands.run(['manage.py'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.endswith("BrokenPipeError: the server\n")
