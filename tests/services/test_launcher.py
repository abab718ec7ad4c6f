"""The launcher itself: `exec` for one command, `run` for everything, and how both end."""

import http.client
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.services.conftest import Launcher, alive, family, free_port, until
from tracker.services.run import is_collected
from tracker.services.state import LOOPBACK

TEST = ("--profile", "test")
linux_only = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="only Linux ties children to their parent"
)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_exec_gives_services_and_returns_the_exit_code(launcher: Launcher) -> None:
    script = 'echo "$DATABASE_URL $REDIS_URL $TRACKER_MODE ${#SECRET_KEY}"; exit 7'
    code, printed = launcher.finish("exec", *TEST, "--", "sh", "-c", script)
    database, redis, mode, key = printed.split()
    assert code == 7
    assert database.startswith("postgresql://tracker:")
    assert redis.startswith("redis://:")
    assert (mode, key) == ("development", "64")


def test_exec_starts_nothing_that_is_given(fresh: Path) -> None:
    launcher = Launcher(fresh)
    given = {"DATABASE_URL": "postgresql://a:b@db/c", "REDIS_URL": "redis://cache"}
    code, printed = launcher.finish(
        "exec", *TEST, "--", "sh", "-c", "echo $DATABASE_URL $REDIS_URL", **given
    )
    assert (code, printed) == (0, "postgresql://a:b@db/c redis://cache\n")
    state = launcher.project / ".local" / "test"
    assert not (state / "postgres").exists()
    assert not (state / "redis").exists()
    assert not (state / "lock").exists()


def test_a_file_that_is_missing_is_named(fresh: Path) -> None:
    code, printed = Launcher(fresh).finish("exec", *TEST, "--", "true", DATABASE_URL_FILE="/nope")
    assert (code, printed) == (
        1,
        "DATABASE_URL_FILE is '/nope', which cannot be read: No such file or directory.\n",
    )


def test_exec_beside_another_is_refused(launcher: Launcher) -> None:
    # Given the database, so that only Redis has to start.
    given = {"DATABASE_URL": "postgresql://a:b@db/c"}
    first = launcher.start("exec", *TEST, "--", "sleep", "60", **given)
    until(lambda: any("sleep" in line for line in alive(family(first.pid))))
    code, printed = launcher.finish("exec", *TEST, "--", "true", **given)
    assert code == 1
    assert f"in use by process {first.pid}: exec sleep 60" in printed
    assert str(launcher.project / ".local" / "test") in printed


@linux_only
def test_exec_killed_leaves_nothing(launcher: Launcher) -> None:
    killed = launcher.start("exec", *TEST, "--", "sleep", "60")
    until(lambda: any("sleep" in line for line in alive(family(killed.pid))))
    members = family(killed.pid)
    assert len(members) > 3
    killed.kill()
    killed.wait()
    until(lambda: not alive(members), 10)


def test_run_and_stop(launcher: Launcher) -> None:
    port = free_port()
    first = launcher.start("run", "--port", str(port))
    until(lambda: "Ctrl-C stops everything" in launcher.log.read_text())
    printed = launcher.log.read_text()
    members = family(first.pid)
    for line in (
        "managed migrate",
        "managed load_seeds",
        "managed collectstatic",
        "managed keep_package",
        "there is no room for a package",
        f"The tracker is running at http://127.0.0.1:{port}/\n",
        "Log in as editor with secret",
    ):
        assert line in printed
    environment = launcher.project / ".local" / "development" / "environment"
    assert environment.stat().st_mode & 0o777 == 0o600
    assert f"SITE_URL=http://127.0.0.1:{port}\n" in environment.read_text()
    mail = environment.parent / "mail"
    assert mail.stat().st_mode & 0o777 == 0o700
    assert f"EMAIL_URL=file:{mail}\n" in environment.read_text()
    assert answers(port)

    code, printed = launcher.finish("run", "--port", str(port))
    assert code == 1
    assert f"in use by process {first.pid}: make run, at http://127.0.0.1:{port}/" in printed

    begin = time.monotonic()
    first.send_signal(signal.SIGINT)
    assert first.wait(20) == 0
    assert time.monotonic() - begin < 8
    assert alive(members) == []
    assert not environment.exists()


@linux_only
def test_run_survives_every_kill(launcher: Launcher) -> None:
    """Launcher killed, then launcher and honcho together: the next start cleans up."""
    port = free_port()
    launcher.start("run", "--port", str(port))
    until(lambda: answers(port))
    members = family(launcher.started[-1].pid)
    launcher.started[-1].kill()
    launcher.started[-1].wait()
    until(lambda: not alive(members), 15)

    launcher.start("run", "--port", str(port))
    until(lambda: answers(port))
    members = family(launcher.started[-1].pid)
    for pid in members:
        # Commands that prepare the site come and go: one may have ended since.
        if any(line[1:3] == ["-m", "honcho"] for line in alive({pid: members[pid]})):
            os.kill(pid, signal.SIGKILL)
    launcher.started[-1].kill()
    launcher.started[-1].wait()
    assert any("web.py" in line for line in alive(members))

    launcher.start("run", "--port", str(port))
    until(lambda: "Ctrl-C stops everything" in launcher.log.read_text())
    assert alive(members) == []
    assert launcher.finish("stop")[0] == 0
    assert not answers(port)


def test_part_that_ends_by_itself_ends_all(launcher: Launcher) -> None:
    (launcher.project / "Procfile").write_text("web: exec sleep 60\nworker: exec false\n")
    code, printed = launcher.finish("run", "--port", str(free_port()))
    assert code == 1
    assert "One of web, worker and beat ended by itself" in printed


def test_failed_preparation_names_the_command(launcher: Launcher) -> None:
    (launcher.project / "broken").touch()
    code, printed = launcher.finish("run", "--port", str(free_port()))
    assert code == 1
    assert "the database is on fire" in printed
    assert "`manage.py migrate` failed" in printed


def test_taken_port_is_named(launcher: Launcher) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        code, printed = launcher.finish("run", PORT=str(port))
    assert code == 1
    assert f"Port {port} is taken" in printed
    assert f"make run PORT={port + 1}" in printed
    assert "Starting PostgreSQL" not in printed


def test_bad_port_is_refused(launcher: Launcher) -> None:
    code, printed = launcher.finish("run", PORT="eighty")
    assert code == 2
    assert "'eighty' is no port" in printed


def test_static_files_are_collected_again_after_a_change(tmp_path: Path) -> None:
    assert not is_collected(tmp_path)
    manifest = tmp_path / ".local" / "static" / "staticfiles.json"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    assert is_collected(tmp_path)
    style = tmp_path / "static" / "site" / "style.css"
    style.parent.mkdir(parents=True)
    style.touch()
    os.utime(style, (2e9, 2e9))
    assert not is_collected(tmp_path)
