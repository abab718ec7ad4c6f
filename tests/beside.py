"""Programs of ours that run beside a test, over the database of that test."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def environment_beside() -> dict[str, str]:
    """Return the environment of a program over the test database; its records are committed."""
    where: dict[str, Any] = connection.settings_dict
    address = urlsplit(os.environ["DATABASE_URL"])
    return {
        **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
        "DATABASE_URL": address._replace(path=f"/{quote(where['NAME'])}").geturl(),
    }


def end_sessions() -> None:
    """End every session with the database of the tests, as a restart of PostgreSQL does."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(environment_beside()["DATABASE_URL"]) as beside:
        beside.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")
