"""An own PostgreSQL on loopback: made once, started, recovered and stopped."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tracker.services import binaries, children
from tracker.services.errors import ServiceError
from tracker.services.state import LOOPBACK, Profile, is_free, kept_port, kept_secret

USER = DATABASE = "tracker"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For data that no one will miss: nothing waits for the disk.
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Variables of the person's own PostgreSQL (PGDATA, PGPORT, a broken LC_ALL) must not leak in.
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
START_SECONDS = 60.0
TRIES = 10
# Fast shutdown (clients are disconnected), then immediate, then the last resort.
STEPS: tuple[children.Step, ...] = (
    (signal.SIGINT, 15),
    (signal.SIGQUIT, 5),
    (signal.SIGKILL, 2),
)


@dataclass
class Postgres:
    """The PostgreSQL of one profile. The caller holds the profile's lock."""

    profile: Profile
    system: binaries.System = field(default_factory=binaries.System)
    child: subprocess.Popen[bytes] | None = None
    more: Mapping[str, str] = field(default_factory=dict)  # Settings beside the usual ones.

    @property
    def home(self) -> Path:
        """Where data, password and port are kept.

        Inside the profile, unless this is root and `nobody`, who will own the data, cannot get
        there.
        """
        inside = self.profile.folder / "postgres"
        if not binaries.is_root() or binaries.can_be_entered(self.profile.folder):
            return inside
        key = hashlib.sha256(str(self.profile.folder.resolve()).encode()).hexdigest()[:12]
        return self.system.data / f"{self.profile.name}-{key}" / "postgres"

    def start(self) -> str:
        """Start the server, making its data the first time, and return its address.

        Raises ServiceError with the end of the log when it does not come up.
        """
        programs = binaries.postgres_programs(self.system)
        if binaries.is_root() and not self.home.is_relative_to(self.profile.folder):
            binaries.safe_folder(self.home.parent)
            print(f"PostgreSQL runs as `nobody`; its data is in {self.home}", flush=True)
        if not (self.home / "data").is_dir():
            self._make(programs)
        self._refuse_other_version(programs)
        self._clear_leftover()
        for _ in range(TRIES):
            port = kept_port(self.home / "port")
            if self._comes_up(programs, port):
                return self._address(port)
            if not self._may_come_up_next_time(port):
                break
            time.sleep(1)
        raise ServiceError(f"PostgreSQL does not start.\n{self._end_of_log()}")

    def stop(self) -> None:
        """Stop the server, disconnecting whoever is still there. Harmless when it is down."""
        if self.child:
            children.stop(self.child, STEPS)

    def _make(self, programs: Path) -> None:
        """Run initdb aside and move the result in place, so that half of it never counts."""
        draft = self.home.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o711)
        draft.chmod(0o711)
        (draft / "data").mkdir(mode=0o700)
        kept_secret(draft / "password")
        owner = binaries.UNPRIVILEGED if binaries.is_root() else None
        if owner:
            shutil.chown(draft / "data", owner)
            shutil.chown(draft / "password", owner)
        command = [str(programs / "initdb"), "-D", str(draft / "data"), "--username", USER]
        command += ["--pwfile", str(draft / "password"), "--auth", "scram-sha-256"]
        command += ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin"]
        command += ["--builtin-locale", "C.UTF-8"]
        command += ["--no-sync"] if self.profile.is_disposable else []
        log = self.profile.log("initdb")
        child = self._run(command, owner, log)
        try:
            code = child.wait()
        finally:
            children.stop(child, STEPS)
        if code:
            raise ServiceError(f"PostgreSQL's initdb failed.\n{_tail(log)}")
        if owner:
            shutil.chown(draft / "password", "root")
        draft.rename(self.home)

    def _refuse_other_version(self, programs: Path) -> None:
        made_by = (self.home / "data" / "PG_VERSION").read_text().strip()
        # .../pginstall18/bin
        here = programs.parent.name.removeprefix("pginstall")
        if here and made_by != here:
            raise ServiceError(
                f"The data in {self.home} was made by PostgreSQL {made_by}, and this is "
                f"{here}. Move or remove that folder and start again: development data comes "
                f"back from the seeds."
            )

    def _clear_leftover(self) -> None:
        """Stop the server of a launcher that was killed, and forget a number used again."""
        note = self.home / "data" / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        command = children.command_line(pid)
        if str(self.home / "data") in command and "postgres" in Path(command[0]).name:
            children.stop_others([pid], STEPS)
        elif _exists(pid):
            # PostgreSQL would take the stranger for itself. Of a dead one it judges better
            # alone: it also looks for orphans that still use the data.
            note.unlink(missing_ok=True)

    def _comes_up(self, programs: Path, port: int) -> bool:
        settings = {**SETTINGS, **(DISPOSABLE if self.profile.is_disposable else {}), **self.more}
        command = [str(programs / "postgres"), "-D", str(self.home / "data"), "-p", str(port)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        owner = binaries.UNPRIVILEGED if binaries.is_root() else None
        self.child = self._run(command, owner, self.profile.log("postgres"))
        deadline = time.monotonic() + START_SECONDS
        while self.child.poll() is None and time.monotonic() < deadline:
            if self._answers(port):
                return True
            time.sleep(0.03)
        self.stop()
        return False

    def _run(self, command: list[str], owner: str | None, log: Path) -> subprocess.Popen[bytes]:
        return children.start(
            command,
            at_parent_death=signal.SIGINT,
            user=owner,
            environment=ENVIRONMENT,
            folder=Path("/"),
            log=log,
        )

    def _answers(self, port: int) -> bool:
        """Tell whether the server lets us in, making our database the first time."""
        try:
            with psycopg.connect(
                self._address(port, "postgres"),
                autocommit=True,
                connect_timeout=2,
                sslmode="disable",
            ) as connection:
                known = "SELECT 1 FROM pg_database WHERE datname = %s"
                if not connection.execute(known, [DATABASE]).fetchone():
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServiceError(
                    f"The password in {self.home} does not fit the data there. Move or remove "
                    f"that folder and start again."
                ) from error
            return False
        return True

    def _address(self, port: int, database: str = DATABASE) -> str:
        password = kept_secret(self.home / "password")
        return f"postgresql://{USER}:{password}@{LOOPBACK}:{port}/{database}"

    def _may_come_up_next_time(self, port: int) -> bool:
        # Somebody took the port between our look and PostgreSQL's, or the last processes of a
        # killed server have not yet noticed that they are orphans.
        return not is_free(port) or "still in use" in self._end_of_log()

    def _end_of_log(self) -> str:
        return _tail(self.profile.log("postgres"))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in lines[-15:])])
