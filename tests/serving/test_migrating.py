"""A database from before the migrations were made one an app: whole, or refused."""

from collections.abc import Iterable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from promises.serving.management.commands.migrate import GONE

pytestmark = pytest.mark.django_db
FIRST = [(app, first) for app, (first, _last) in GONE.items()]
LAST = [(app, last) for app, (_first, last) in GONE.items()]


def apply(names: Iterable[tuple[str, str]]) -> None:
    """Let the database say that these were applied."""
    for app, name in names:
        MigrationRecorder(connection).record_applied(app, name)


@pytest.mark.parametrize("applied", [LAST[1:] + FIRST[:1], FIRST[:1], LAST[-1:]])
def test_one_that_is_half_way_is_refused(applied: list[tuple[str, str]]) -> None:
    apply(applied)
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
    apply({*FIRST, *LAST})
    call_command("migrate", "--plan")
    assert "No planned migration operations." in capsys.readouterr().out


def test_one_that_newer_code_has_migrated_is_left_to_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever goes back to this version is not told that the database is an old one."""
    apply([("staleness", "0024_of_a_newer_version"), ("of_others", "0001_initial")])
    call_command("migrate", "--plan")
    assert "No planned migration operations." in capsys.readouterr().out
