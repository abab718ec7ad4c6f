"""No history table takes back a word, whoever asks: by the ORM or in raw SQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from promises.accounts.models import User
from tests.desk.conftest import everything

pytestmark = pytest.mark.django_db
EVENTS = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]


def test_every_history_table_refuses_to_be_changed_or_emptied(
    author: User, database_refuses: Callable
) -> None:
    everything(author)
    tried = set()
    for model in EVENTS:
        table: Any = model._default_manager
        count = table.count()
        if not count:
            continue
        tried.add(model._meta.label)
        row = table.first()
        attempts = [
            lambda table=table: table.update(pgh_label="forged"),
            lambda table=table: table.all().delete(),
            row.save,
            row.delete,
            lambda row=row, table=table: table.bulk_update([row], ["pgh_label"]),
            *(
                lambda words=words, name=model._meta.db_table: run(words.format(name))
                for words in (
                    "UPDATE {} SET pgh_label = 'forged'",
                    "UPDATE {} SET pgh_created_at = now()",
                    "DELETE FROM {}",
                )
            ),
        ]
        for attempt in attempts:
            with database_refuses("append_only|Cannot (update|delete)"):
                attempt()
        assert table.count() == count
    # The few tables that the small record leaves empty carry the same guard.
    for model in EVENTS:
        guards = [trigger.name for trigger in model._meta.triggers]  # type: ignore[attr-defined]
        assert "append_only" in guards, model._meta.label
    assert len(tried) >= 20, sorted(tried)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
