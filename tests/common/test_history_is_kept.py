"""No history table is rewritten or emptied by the role of the application."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from promises.accounts.models import User
from tests.plain_role import EVENTS, as_the_application, ask_to_ignore_triggers, refused, run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model._meta.db_table)
def test_no_history_is_rewritten_by_the_role_of_the_application(model: Any, author: User) -> None:
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if field.column != "pgh_id"]
    # One row of history, whatever the table: written past the guards, which is only for owners.
    older = model._default_manager.count()
    run("SET LOCAL session_replication_role = replica")
    run(
        f"CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM jsonb_populate_record("
        f"NULL::{table}, %s::jsonb)",
        _row(model),
    )
    run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM one")
    run("SET LOCAL session_replication_role = origin")
    before = list(model._default_manager.values())
    assert len(before) == older + 1
    with as_the_application():
        ask_to_ignore_triggers()
        for statement in (
            f"UPDATE {table} SET pgh_label = 'never'",
            f"DELETE FROM {table}",
        ):
            with refused("Cannot update or delete rows"):
                run(statement)
        with refused("Cannot truncate"):
            run(f"TRUNCATE {table}")
    assert list(model._default_manager.values()) == before


def _row(model: Any) -> str:
    """Return a row of a history table as JSON: something in every column that may not be empty."""
    sample: dict[str, Callable[[], Any]] = {
        "DateTimeField": lambda: "2026-01-01T00:00:00Z",
        "DateField": lambda: "2026-01-01",
        "BooleanField": lambda: False,
        "CharField": lambda: "x",
        "SlugField": lambda: "x",
        "TextField": lambda: "x",
        "ArrayField": list,
    }
    fields = [field for field in model._meta.concrete_fields if not field.null]
    return json.dumps(
        {
            field.column: sample.get(field.get_internal_type(), lambda: 1)()
            for field in fields
            if field.column != "pgh_id"
        }
    )
