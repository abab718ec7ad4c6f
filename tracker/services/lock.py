"""One launcher per profile: a lock that the system itself gives back when its holder dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tracker.services.children import started_at
from tracker.services.errors import ServiceError
from tracker.services.state import Profile


@dataclass(frozen=True)
class Holder:
    """Who holds a profile: process, its start (numbers are used again), and what it does."""

    pid: int
    started: str | None
    doing: str


class InUseError(ServiceError):
    """Another launcher holds the profile; `holder` says which, if it has said so yet."""

    def __init__(self, profile: Profile, holder: Holder | None) -> None:
        self.holder = holder
        who = f"process {holder.pid}: {holder.doing}" if holder else "another process"
        stop = f".venv/bin/python -m tracker.services --profile {profile.name} stop"
        super().__init__(
            f"The {profile.name} services are already in use by {who}.\n"
            f"Their folder is {profile.folder}. Stop that one first: Ctrl-C in its terminal, "
            f"or `{'make stop' if profile.name == 'development' else stop}`."
        )


class OfAnotherUserError(ServiceError):
    """The folder of the profile belongs to another user."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(
            f"The folder {profile.folder} belongs to another user, and the {profile.name} services"
            " with it. Do this as that user, or use a copy of the project of your own."
        )


@contextmanager
def held(profile: Profile, doing: str) -> Iterator[None]:
    """Hold `profile` for the time of the block, noting what for.

    Raises InUseError when another process holds it, OfAnotherUserError when it is not ours.
    """
    try:
        profile.prepare()
        descriptor = os.open(_path(profile), os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise OfAnotherUserError(profile) from error
    try:
        if not _take(descriptor, patience=0.3):
            raise InUseError(profile, _read(_path(profile)))
        note = Holder(os.getpid(), started_at(os.getpid()), doing)
        os.truncate(descriptor, 0)
        os.write(descriptor, json.dumps(asdict(note)).encode())
        yield
        os.truncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder_of(profile: Profile) -> Holder | None:
    """Return who holds `profile` now; None when nobody does.

    Raises OfAnotherUserError where this user may not look.
    """
    try:
        descriptor = os.open(_path(profile), os.O_RDWR)
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise OfAnotherUserError(profile) from error
    try:
        return None if _take(descriptor) else _read(_path(profile))
    finally:
        os.close(descriptor)


def _path(profile: Profile) -> Path:
    return profile.folder / "lock"


def _take(descriptor: int, patience: float = 0) -> bool:
    # Patience, because whoever only looks (`holder_of`) has the lock for a moment too.
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        else:
            return True


def _read(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        # Taken this very moment and not yet noted.
        return None
