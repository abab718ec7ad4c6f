"""The services a profile needs, each either given in the environment or started here."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tracker.services.errors import ServiceError
from tracker.services.postgres import Postgres
from tracker.services.redis import Redis
from tracker.services.state import Profile, kept_secret, write_private


@dataclass
class Services:
    """What is running for a profile and the environment that leads a program to it."""

    environment: dict[str, str] = field(default_factory=dict)
    started: dict[str, Postgres | Redis] = field(default_factory=dict)

    def first_dead(self) -> str | None:
        """Return the name of a service that ended by itself, if one did."""
        for name, service in self.started.items():
            if service.child is None or service.child.poll() is not None:
                return name
        return None


@contextmanager
def services(
    profile: Profile, given: Mapping[str, str], port: int | None = None
) -> Iterator[Services]:
    """Provide PostgreSQL and Redis for the time of the block.

    What `DATABASE_URL` and `REDIS_URL` in `given` point to is used; the rest is started, and
    stopped in the end. The caller holds the profile's lock, unless both are given. With `port`
    the settings say that the site is served there. Raises ServiceError when a service does not
    start.
    """
    with ExitStack() as stack:
        profile.prepare()
        running = Services(_settings(profile, given, port))
        parts: dict[str, Postgres | Redis] = {
            "DATABASE_URL": Postgres(profile),
            "REDIS_URL": Redis(profile),
        }
        for variable, service in parts.items():
            if address := _value(given, variable):
                running.environment[variable] = address
                continue
            stack.callback(service.stop)
            running.environment[variable] = service.start()
            running.started[type(service).__name__] = service
        yield running


def is_all_given(given: Mapping[str, str]) -> bool:
    """Tell whether `given` names every service, so that none would be started."""
    return all(_value(given, variable) for variable in ("DATABASE_URL", "REDIS_URL"))


def _value(given: Mapping[str, str], name: str) -> str:
    """Return variable `name`, or what is in the file that `<name>_FILE` points to.

    Raises ServiceError where that cannot be read.
    """
    if path := given.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ServiceError(
                f"{name}_FILE is {path!r}, which cannot be read: {error.strerror}."
            ) from error
    return given.get(name, "")


def _settings(profile: Profile, given: Mapping[str, str], port: int | None) -> dict[str, str]:
    """Return the settings of a development machine, where `given` does not say otherwise."""
    chosen = {"TRACKER_MODE": given.get("TRACKER_MODE") or "development"}
    if port is not None:
        chosen["PORT"] = str(port)
        chosen["SITE_URL"] = given.get("SITE_URL") or f"http://127.0.0.1:{port}"
        chosen |= _mail(profile, given)
    key = _value(given, "SECRET_KEY")
    chosen["SECRET_KEY"] = key or kept_secret(profile.folder / "secret_key")
    return chosen


def _mail(profile: Profile, given: Mapping[str, str]) -> dict[str, str]:
    """Return where mails go: into a folder, where no server is given. No log holds their links."""
    if _value(given, "EMAIL_URL") or given.get("TRACKER_MODE") == "production":
        return {}
    folder = profile.folder / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    return {"EMAIL_URL": f"file:{quote(str(folder))}"}


def with_programs(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` with the programs of this very Python environment found first."""
    path = environment.get("PATH", os.defpath)
    return {**environment, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{path}"}


@contextmanager
def published(profile: Profile, environment: Mapping[str, str]) -> Iterator[None]:
    """Leave `environment` where `manage.py` finds it, for a person at the shell beside us."""
    path = profile.folder / "environment"
    write_private(path, "".join(f"{name}={value}\n" for name, value in environment.items()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
