"""Reads the environment: the only place that does.

Values come from the process environment. For a person at the shell beside `make run`, what the
launcher wrote to `.local/development/environment` fills in the names that are not set.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCAL_ENVIRONMENT = ROOT / ".local" / "development" / "environment"


class BadEnvironmentError(Exception):
    """A variable is missing or malformed; the message says which, and what to do."""


def _local_values() -> dict[str, str]:
    """Names and values of the running development services, or nothing when there are none."""
    try:
        lines = LOCAL_ENVIRONMENT.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


# Which variables were asked for: those that are set are listed in backups, by name.
asked: set[str] = set()

# A process that was given any database of its own must not mix it with the local services.
_LOCAL = {} if "DATABASE_URL" in os.environ else _local_values()


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`, or the content of the file that `<name>_FILE` points to.

    Raises BadEnvironmentError when it is not set and there is no default.
    """
    asked.add(name)
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name) or _LOCAL.get(name) or default
    if value is None:
        raise BadEnvironmentError(
            f"{name} is not set. `make run` sets it for you; in production set it in the "
            f"environment, or {name}_FILE to a file that holds it (docs/operations.md)."
        )
    return value


def names_set() -> list[str]:
    """Return the names of the variables that were asked for and are set, without their values."""
    given = {name.removesuffix("_FILE") for name, value in os.environ.items() if value}
    return sorted(asked & (given | set(_LOCAL)))


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return the variable `name`, which must be one of `allowed`."""
    value = text(name, default)
    if value not in allowed:
        raise BadEnvironmentError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def words(name: str, default: str) -> list[str]:
    """Return the comma-separated variable `name` as a list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """Return the variable `name` as a whole number of zero or more."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise BadEnvironmentError(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def chances(name: str) -> dict[str, float]:
    """Return the variable `name`, words with a chance each ("leased:0.1,sent:1"), as a dict."""
    pairs = (word.partition(":") for word in words(name, ""))
    return {word: float(chance or 1) for word, _, chance in pairs}


# How both ends of a connection notice that the other is gone without a word: a host that lost its
# power or its network. PostgreSQL would keep the locks of such a client for two hours, and with
# the ledger's nobody could publish. Idle in a transaction for ten minutes is gone too.
_KEEPALIVE = {"idle": "5", "interval": "5", "count": "3"}
_AT_THE_SERVER = {
    **{f"tcp_keepalives_{name}": value for name, value in _KEEPALIVE.items()},
    "tcp_user_timeout": "20s",
    "idle_in_transaction_session_timeout": "10min",
}
VANISHED = {
    **{f"keepalives_{name}": value for name, value in _KEEPALIVE.items()},
    "tcp_user_timeout": "20000",
    "connect_timeout": "5",
    "options": " ".join(f"-c {name}={value}" for name, value in _AT_THE_SERVER.items()),
}


def database(name: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL address in `name` (RFC 3986 URI)."""
    parts = urlsplit(text(name))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadEnvironmentError(
            f"{name} must look like postgresql://user:password@host:5432/database."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {**VANISHED, **dict(parse_qsl(parts.query))},
    }
