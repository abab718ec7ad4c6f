"""Plain statements to the database, also as a role that may write every row and owns nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

# Every history table.
EVENTS = sorted(
    (model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")),
    key=lambda model: model._meta.db_table,
)
# What the application may do with its tables where its role owns nothing.
APP_ROLE = "tracker_application"


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect the database itself to refuse, for this reason."""
    with pytest.raises(DatabaseError, match=reason), transaction.atomic():
        yield


@contextmanager
def as_the_application() -> Iterator[None]:
    """Speak to the database as a plain role that may read and write every row, and owns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {APP_ROLE} NOSUPERUSER NOCREATEROLE NOCREATEDB")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def ask_to_ignore_triggers() -> None:
    """Ask for every trigger that there is to be ignored, as django-pgtrigger lets a session ask."""
    run(
        "SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger"
        " WHERE NOT tgisinternal), true)"
    )


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
