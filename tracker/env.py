"""Reads the environment: the only place that does.

Values come from the process environment. For a person at the shell beside `make run`, what the
launcher wrote to `.local/development/environment` fills in the names that are not set.
"""

import os
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCAL_ENVIRONMENT = ROOT / ".local" / "development" / "environment"


class BadEnvironmentError(SystemExit):
    """A variable is missing or malformed; the message says which, and what to do.

    Whatever process reads it (web, worker, beat, manage.py) ends with that message alone.
    """


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
_HAS_ONE = any(f"DATABASE_URL{more}" in os.environ for more in ("", "_FILE"))
_LOCAL = {} if _HAS_ONE else _local_values()


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`, or the content of the file that `<name>_FILE` points to.

    Raises BadEnvironmentError when it is not set and there is no default.
    """
    asked.add(name)
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise BadEnvironmentError(
                f"{name}_FILE is {path!r}, which cannot be read: {why}. Name a file that holds the"
                " value and that this user may read."
            ) from None
    value = os.environ.get(name) or _LOCAL.get(name) or default
    if value is None:
        raise BadEnvironmentError(
            f"{name} is not set. `make run` sets it for you; in production set it in the "
            f"environment, or {name}_FILE to a file that holds it (docs/environment.md)."
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


def is_development() -> bool:
    """Tell whether TRACKER_MODE says that this is a development machine."""
    modes = ("production", "development")
    return choice("TRACKER_MODE", modes, "production") == "development"


def words(name: str, default: str) -> list[str]:
    """Return the comma-separated variable `name` as a list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return the variable `name` as a whole number from `least` to `most`."""
    value = text(name, str(default))
    if not _is_number(value, least, most):
        span = f"of {least} or more" if most is None else f"from {least} to {most}"
        raise BadEnvironmentError(f"{name} is {value!r}; it must be a whole number {span}.")
    return int(value)


def ports(name: str, default: str) -> list[int]:
    """Return the comma-separated ports of the variable `name`."""
    found = words(name, default)
    if bad := next((word for word in found if not _is_number(word, 1, 65535)), None):
        raise BadEnvironmentError(
            f"{name} has {bad!r} in it; it must be ports from 1 to 65535, separated by commas."
        )
    return [int(word) for word in found]


def _is_number(value: str, least: int, most: int | None) -> bool:
    return (
        value.isascii()
        and value.isdecimal()
        and least <= int(value)
        and (most is None or int(value) <= most)
    )


def networks(name: str, default: str) -> list[str]:
    """Return the comma-separated networks of the variable `name`, as they are written."""
    found = words(name, default)
    for word in found:
        try:
            ip_network(word)
        except ValueError:
            raise BadEnvironmentError(
                f"{name} has {word!r} in it; it must be networks like 10.0.0.0/8 or addresses,"
                " separated by commas."
            ) from None
    return found


def addresses(name: str, default: str) -> list[str]:
    """Return the comma-separated addresses of machines of the variable `name`."""
    try:
        return [str(ip_address(word)) for word in words(name, default)]
    except ValueError:
        raise BadEnvironmentError(
            f"{name} is {text(name)!r}; it must be addresses of single machines like 10.0.0.2,"
            " separated by commas: no networks, no names."
        ) from None


def origin(name: str, default: str | None = None) -> str:
    """Return the variable `name`, the address of a site, without a slash at its end."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise BadEnvironmentError(f"{name} is {value!r}; it must look like https://host.example.")
    return value


def file(name: str) -> str:
    """Return the variable `name`, the path of a file that is there; empty when it is not set."""
    value = text(name, "")
    if value and not os.access(value, os.R_OK):
        raise BadEnvironmentError(f"{name} is {value!r}; there is no such file that we may read.")
    return value


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
    form = "postgresql://user:password@host:5432/database"
    parts = parts_of(name, text(name), {"postgres", "postgresql"}, form)
    if not parts.path.strip("/"):
        raise malformed(name, form)
    # As libpq reads it: what stands in the query goes before.
    more = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "tracker.postgres",
        "NAME": more.pop("dbname", unquote(parts.path.lstrip("/"))),
        "USER": more.pop("user", unquote(parts.username or "")),
        "PASSWORD": more.pop("password", unquote(parts.password or "")),
        "HOST": more.pop("host", unquote(parts.hostname or "")),
        "PORT": more.pop("port", str(parts.port or "")),
        "OPTIONS": {**VANISHED, **more},
    }


def redis(name: str) -> str:
    """Return the Redis address in `name`, with TLS one whose certificate is checked."""
    form = "redis://:password@host:6379/0"
    parts = parts_of(name, text(name), {"redis", "rediss"}, form)
    number = parts.path.strip("/")
    if not parts.hostname or (number and not number.isdecimal()):
        raise malformed(name, form)
    return _with_a_checked_certificate(name, parts) if parts.scheme == "rediss" else text(name)


def _with_a_checked_certificate(name: str, parts: SplitResult) -> str:
    """Return an address that says how the certificate is checked: else Celery would take any."""
    more = dict(parse_qsl(parts.query))
    checked, root = more.get("ssl_cert_reqs"), more.get("ssl_ca_certs")
    if checked not in {None, "required", "none"}:
        raise BadEnvironmentError(
            f"{name} has {checked!r} as ssl_cert_reqs; it must be required or none."
        )
    if root and not os.access(root, os.R_OK):
        raise BadEnvironmentError(
            f"{name} names {root!r} as ssl_ca_certs; there is no such file that we may read."
        )
    return parts._replace(query=urlencode({"ssl_cert_reqs": "required", **more})).geturl()


def parts_of(name: str, value: str, schemes: set[str], form: str) -> SplitResult:
    """Return the parts of the address of a server, the value of `name`, which is like `form`.

    Nothing of the value is ever said: there is a password in it.
    """
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        raise malformed(name, form) from None
    # Where a sign of a password ends it early, its @ is left over.
    if not is_good or parts.fragment or "@" in parts.path + parts.query:
        raise malformed(name, form)
    return parts


def malformed(name: str, form: str) -> BadEnvironmentError:
    """Return the error of an address in `name` that is not like `form`."""
    return BadEnvironmentError(
        f"{name} must look like {form}. In a user name or password percent-encode every sign but"
        " letters, digits, - . _ ~: / is %2F, # is %23, ? is %3F, @ is %40, : is %3A, % is %25."
    )
