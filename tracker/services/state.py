"""What a profile keeps between two starts: folders, passwords, ports."""

import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Profile:
    """One set of services with its own data: `development`, `bench`, disposable `test`, `check`."""

    project: Path
    name: str

    @property
    def folder(self) -> Path:
        """Where everything of this profile is kept."""
        return self.project / ".local" / self.name

    @property
    def is_disposable(self) -> bool:
        """Whether its data may be lost in a power cut, which makes it fast."""
        return self.name in {"test", "check"}

    def log(self, service: str) -> Path:
        """Return the log file of `service`."""
        return self.folder / "log" / f"{service}.log"

    def prepare(self) -> None:
        """Make the folders. Others may pass through (PostgreSQL may be `nobody`), not look."""
        for folder in (self.folder.parent, self.folder, self.folder / "log"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)


def write_private(path: Path, content: str) -> None:
    """Write `content` to `path`, readable by this user only; whole or not at all."""
    # A new file is private from its first moment.
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    Path(draft).replace(path)


def kept_secret(path: Path) -> str:
    """Return the secret in `path`, making one up the first time."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


def kept_port(path: Path) -> int:
    """Return the port noted in `path` while it is free, otherwise a new one, and note it."""
    noted = path.read_text(encoding="utf-8") if path.exists() else ""
    if noted.isdecimal() and is_free(int(noted)):
        return int(noted)
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    path.write_text(str(port), encoding="utf-8")
    return port


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` of this machine's loopback."""
    with socket.socket() as probe:
        # As servers do: connections that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
