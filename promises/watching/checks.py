"""Checks of a deployment: that each secret is one, is kept like one, and that doors are closed.

`manage.py check --deploy` runs them. A secret that is missing stops the start already.
"""

import ipaddress
import os
import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from promises.common import pooled

# Every variable that holds a secret. Each may come from a file instead (…_FILE).
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "METRICS_TOKEN",
    "SENTRY_DSN",
)
# What EMAIL_URL makes of `console:` and `file:`.
STAY_HERE = {f"django.core.mail.backends.{kind}.EmailBackend" for kind in ("console", "filebased")}
SHORTEST_KEY, SHORTEST_TOKEN, SHORTEST_PASSWORD = 50, 32, 12


@register(Tags.security, deploy=True)
def check_secrets(**_named: Any) -> list[CheckMessage]:
    """Return what is wrong with the secrets of this deployment. No value is in a message."""
    return [*_keys(), *_passwords(), *_redis(), *_mail(), *_files(), *_doors()]


@register(Tags.security, deploy=True)
def check_sessions(**_named: Any) -> list[CheckMessage]:
    """Return what is wrong with the way to PostgreSQL; nothing where it cannot be asked."""
    try:
        with pooled.session_of_our_own() as session:
            is_kept = pooled.is_kept(session)
    except psycopg.Error:
        return []
    wrong = Error(pooled.NOT_KEPT, hint=pooled.IN_SESSION_MODE, id="tracker.E014")
    return [] if is_kept else [wrong]


def _keys() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < 10:
        yield Error(
            f"SECRET_KEY is shorter than {SHORTEST_KEY} signs or repeats itself.",
            hint="python -c 'import secrets; print(secrets.token_urlsafe(64))'",
            id="tracker.E001",
        )
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(f"METRICS_TOKEN is shorter than {SHORTEST_TOKEN} signs.", id="tracker.E002")
    if settings.SENTRY_DSN and not settings.SENTRY_DSN.startswith("https://"):
        yield Error("SENTRY_DSN is not an https:// address.", id="tracker.E003")
    if settings.SENTRY_DSN and find_spec("sentry_sdk") is None:
        yield Error(
            "SENTRY_DSN is set, but the package sentry-sdk is not installed: nothing starts.",
            hint=".venv/bin/uv pip install sentry-sdk, after each change of requirements.lock.",
            id="tracker.E011",
        )


def _passwords() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    # None where it is asked through a socket, by a path or by default: the system says who asks.
    hosts = [each for each in database["HOST"].split(",") if each and not each.startswith("/")]
    if hosts and len(database["PASSWORD"]) < SHORTEST_PASSWORD:
        yield Error(
            f"The password in DATABASE_URL is shorter than {SHORTEST_PASSWORD} signs.",
            id="tracker.E004",
        )
    mode = database["OPTIONS"].get("sslmode", "")
    if any(map(_is_far, hosts)) and mode not in {"require", "verify-ca", "verify-full"}:
        yield checks.Warning(
            "PostgreSQL is on another network and DATABASE_URL does not ask for TLS.",
            hint="Add ?sslmode=verify-full.",
            id="tracker.W001",
        )


def _redis() -> Iterator[CheckMessage]:
    redis = urlsplit(settings.REDIS_URL)
    if len(redis.password or "") < SHORTEST_PASSWORD:
        yield Error(
            f"The password in REDIS_URL is shorter than {SHORTEST_PASSWORD} signs.",
            id="tracker.E005",
        )
    if _is_far(redis.hostname or "") and redis.scheme != "rediss":
        yield checks.Warning(
            "Redis is on another network and REDIS_URL does not begin with rediss://.",
            id="tracker.W002",
        )
    asked = dict(parse_qsl(redis.query))
    is_any_name = asked.get("ssl_check_hostname", "true").lower() != "true"
    if asked.get("ssl_cert_reqs") == "none" or is_any_name:
        yield Error(
            "REDIS_URL lets Redis show any certificate.",
            hint="Name the authority that signed it: ?ssl_ca_certs=/path/to/root.pem",
            id="tracker.E012",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND in STAY_HERE:
        yield Error(
            "EMAIL_URL keeps mails on this machine: nobody gets one.",
            hint="Name a mail server: smtps://user:password@host:465.",
            id="tracker.E013",
        )
    is_open = not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    if is_open and settings.EMAIL_HOST_PASSWORD and _is_far(settings.EMAIL_HOST):
        yield Error(
            "EMAIL_URL sends its password without TLS.", hint="Use smtps://.", id="tracker.E006"
        )


def _files() -> Iterator[CheckMessage]:
    for name in SECRETS:
        path = os.environ.get(f"{name}_FILE")
        if path and Path(path).stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
            yield Error(
                f"Others may read or change the file that {name}_FILE names.",
                hint="chmod 640 or less.",
                id="tracker.E007",
            )


def _doors() -> Iterator[CheckMessage]:
    if not settings.SITE_URL.startswith("https://"):
        yield Error("SITE_URL is not an https:// address.", id="tracker.E008")
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS lets every name in.",
            hint="Name the host of SITE_URL, and those by which monitoring asks.",
            id="tracker.E010",
        )
    if settings.FETCH_ALLOWED_NETWORKS:
        yield checks.Warning(
            "FETCH_ALLOWED_NETWORKS lets pages be fetched from networks that are not public.",
            id="tracker.W003",
        )
    if settings.SECOND_FACTOR != "required":
        yield checks.Warning("The desk opens without a second factor.", id="tracker.W004")
    if any(ipaddress.ip_network(each).prefixlen == 0 for each in settings.METRICS_NETWORKS):
        yield Error("METRICS_NETWORKS shows the figures to everybody.", id="tracker.E009")


def _is_far(host: str) -> bool:
    """Tell whether a server is on another network than this machine's own, as its name says.

    Names without a dot (containers beside us) and private addresses count as near.
    """
    if not host or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_private
    except ValueError:
        return "." in host
