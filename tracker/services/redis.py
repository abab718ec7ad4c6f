"""An own Redis on loopback. It keeps nothing: PostgreSQL holds the truth."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tracker.services import binaries, children
from tracker.services.errors import ServiceError
from tracker.services.state import LOOPBACK, Profile, kept_port, kept_secret

START_SECONDS = 20.0
TRIES = 3
STEPS: tuple[children.Step, ...] = ((signal.SIGTERM, 5), (signal.SIGKILL, 2))


@dataclass
class Redis:
    """The Redis of one profile. The caller holds the profile's lock."""

    profile: Profile
    child: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """Where password and port are kept."""
        return self.profile.folder / "redis"

    def start(self) -> str:
        """Start the server and return its address.

        Raises ServiceError with the log's place when it does not come up.
        """
        self.home.mkdir(mode=0o700, exist_ok=True)
        self._clear_leftover()
        password = kept_secret(self.home / "password")
        for _ in range(TRIES):
            port = kept_port(self.home / "port")
            if self._comes_up(port, password):
                return f"redis://:{password}@{LOOPBACK}:{port}/0"
        raise ServiceError(f"Redis does not start; see {self.profile.log('redis')}.")

    def stop(self) -> None:
        """Stop the server. Harmless when it is down."""
        if self.child:
            children.stop(self.child, STEPS)

    def _clear_leftover(self) -> None:
        children.stop_others(children.noted(self.home / "pid"), STEPS)

    def _comes_up(self, port: int, password: str) -> bool:
        # Read from standard input: on the command line everyone could see the password.
        lines = (
            f"bind {LOOPBACK}",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{self.home}"',
            'save ""',
            "appendonly no",
            "daemonize no",
        )
        self.child = children.start(
            [str(binaries.redis_program()), "-"],
            environment={},
            log=self.profile.log("redis"),
            reads="\n".join(lines).encode(),
        )
        children.note(self.home / "pid", self.child)
        deadline = time.monotonic() + START_SECONDS
        while self.child.poll() is None and time.monotonic() < deadline:
            if _answers(port, password):
                return True
            time.sleep(0.02)
        self.stop()
        return False


def _answers(port: int, password: str) -> bool:
    """Tell whether our server answers; by hand, since the client takes long to import."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
            return b"+PONG" in connection.makefile("rb").read()
    except OSError:
        return False
