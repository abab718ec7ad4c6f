"""A database from before the migrations were made one an app: whole, or refused."""

from collections.abc import Iterable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from promises.serving.management.commands.migrate import LAST_OF_BEFORE

pytestmark = pytest.mark.django_db


def apply(names: Iterable[tuple[str, str]]) -> None:
    """Let the database say that these were applied."""
    for app, name in names:
        MigrationRecorder(connection).record_applied(app, name)


def test_one_that_is_half_way_is_refused() -> None:
    apply(sorted(LAST_OF_BEFORE)[1:])
    before = MigrationRecorder(connection).applied_migrations().keys()
    with pytest.raises(CommandError) as refused:
        call_command("migrate")
    assert str(refused.value) == (
        "This database is from before 29 November 2026, and its tables are older than those that"
        " the first migrations make now. Nothing was changed. Migrate it with the code of commit"
        " 3516bc9c, and with this one after that."
    )
    assert MigrationRecorder(connection).applied_migrations().keys() == before


def test_one_that_has_all_of_them_has_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    apply(LAST_OF_BEFORE)
    call_command("migrate", "--plan")
    assert "No planned migration operations." in capsys.readouterr().out
