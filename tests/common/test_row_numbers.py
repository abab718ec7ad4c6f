"""No row that others point to, or that has a history, changes its number."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from promises.accounts.database_roles import append_only_tables
from promises.accounts.models import User
from promises.common.history import events_of
from promises.updates.models import StatusUpdate
from tests import record
from tests.plain_role import refused, run

pytestmark = pytest.mark.django_db

KNOWN_BY_NUMBER = sorted(
    (model._meta.db_table, model._meta.pk.column)
    for model in apps.get_models()
    if model.__module__.startswith("promises.")
    and (events_of(model) is not None or model._meta.related_objects)
    and model._meta.managed
    and model._meta.db_table not in append_only_tables()
)


def guarded() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, attname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
            " JOIN pg_attribute a ON attrelid = c.oid AND attnum = ANY (tgattr)"
            " WHERE tgname = 'number_stays' AND tgenabled = 'O'"
        )
        return set(cursor.fetchall())


def test_every_table_whose_rows_are_known_by_number_is_guarded() -> None:
    """A new one: `number_stays` (promises/common/row_numbers.py) in the migration that makes it."""
    assert len(KNOWN_BY_NUMBER) > 50
    assert [pair for pair in KNOWN_BY_NUMBER if pair not in guarded()] == []


@pytest.mark.parametrize(
    "table",
    [
        "updates_statusupdate",
        "updates_citation",
        "pledges_pledge",
        "pledges_criterion",
        "evidence_evidence",
        "evidence_evidencelink",
        "officials_term",
        "officials_person",
        "accounts_user",
    ],
)
def test_two_rows_do_not_change_places(author: User, table: str) -> None:
    for _ in range(2):
        record.published_update(by=author, of=record.pledge(by=author))
    first, second = numbers(table)[:2]
    before = numbers(table)
    for statement in (
        f"UPDATE {table} SET id = -1 WHERE id = {first}",
        f"UPDATE {table} SET id = {first} + {second} - id WHERE id IN ({first}, {second})",
    ):
        with refused("The number of a row never changes"):
            run(statement)
    assert numbers(table) == before


def numbers(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def test_nobody_changes_it_while_publishing(author: User) -> None:
    """The status of a pledge follows from updates by their numbers."""
    update = record.draft_update(by=author, of=record.pledge(by=author))
    with refused("The number of a row never changes"):
        run(
            "UPDATE updates_statusupdate SET id = id + 1000, state = 'published',"
            " published_at = now(), published_by_id = %s",
            author.pk,
        )
    assert StatusUpdate.objects.get().pk == update.pk


def test_naming_the_same_number_changes_nothing(author: User) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    run("UPDATE updates_statusupdate SET id = id")
    assert StatusUpdate.objects.get().pk == update.pk
