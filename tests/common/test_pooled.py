"""A real pooler: in session mode all is well, in any other the check and the beat say so."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg.conninfo import make_conninfo

from promises.common import pooled
from promises.watching.checks import check_sessions
from tests.services.conftest import free_port
from tracker.beat import _ask, _session

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/bin")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(PGBOUNCER is None, reason="needs pgbouncer"),
]
LENT = ["pool_mode = transaction", "pool_mode = transaction\nserver_round_robin = 1"]
_NOT_AS_ROOT = "user = nobody\n" if os.geteuid() == 0 else ""
BY_QUESTION = "pool_mode = statement"


@contextmanager
def pooler(mode: str, folder: Path) -> Iterator[int]:
    """Run PgBouncer before the database of the test; return its port."""
    port, here = free_port(), settings.DATABASES["default"]
    login = f"user={here['USER']} password={here['PASSWORD']}"
    where = f"host={here['HOST']} port={here['PORT']} dbname={here['NAME']}"
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{here['NAME']} = {where} {login}\n[pgbouncer]\nauth_type = any\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n{_NOT_AS_ROOT}"
        f"ignore_startup_parameters = options\n{mode}\n"
    )
    running = subprocess.Popen(
        [str(PGBOUNCER), "pgbouncer.ini"], cwd=folder, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stderr is not None
        while "process up" not in (line := running.stderr.readline()):
            assert line, "PgBouncer ended"
        yield port
    finally:
        running.kill()
        running.communicate()


@pytest.fixture
def through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Have whoever connects anew go through a pooler of a mode."""
    with ExitStack() as running:

        def lead(mode: str) -> None:
            port = running.enter_context(pooler(mode, tmp_path))
            monkeypatch.setitem(settings.DATABASES["default"], "PORT", str(port))

        yield lead


def held() -> list[tuple[Any, ...]]:
    """Return the locks that sessions hold in the database of the test."""
    with closing(pooled.session_of_our_own()) as session:
        return session.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall()


@pytest.mark.parametrize("mode", [*LENT, BY_QUESTION])
def test_a_pooler_that_lends_a_session_is_refused(through: Any, mode: str) -> None:
    through(mode)
    assert [str(wrong.id) for wrong in check_sessions()] == ["tracker.E014"]
    with pytest.raises(psycopg.OperationalError, match="pool_mode = session"):
        _session()
    # And no lock was left in the pooler's own sessions, where no beat could ever take it.
    assert held() == []


def test_a_pooler_in_session_mode_does(through: Any) -> None:
    through("pool_mode = session")
    assert check_sessions() == []
    with closing(_session()) as first, closing(_session()) as second:
        assert [_ask(first), _ask(second), _ask(first)] == [True, False, True]
    with closing(_session()) as third:
        assert _ask(third)


def test_without_a_pooler_nothing_is_wrong() -> None:
    assert check_sessions() == []
    with closing(_session()) as session:
        assert pooled.is_kept(session)


def test_where_postgresql_cannot_be_asked_the_check_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "PORT", str(free_port()))
    assert check_sessions() == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_conninfo(**pooled.given()))
