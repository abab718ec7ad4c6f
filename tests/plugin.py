"""Loaded before everything else (pyproject.toml): prepares the environment of the tests."""

import gc
import os
import tempfile
from typing import Any

import django.db.models  # noqa: F401 -- pgtrigger needs Django's models before random order
import hypothesis
import pytest

# How long a thing takes is measured in benchmarks: a busy machine breaks no rule.
hypothesis.settings.register_profile("tracker", deadline=None)
hypothesis.settings.load_profile("tracker")
os.environ.setdefault("TRACKER_MODE", "development")
os.environ.setdefault("SECRET_KEY", "only for tests")
# Two tests at once leave no time of the processor that nobody wants.
os.environ.setdefault("CAPTURES_GIVE_WAY", "no")


# Not TRUNCATE: it makes new files for every table and index, full or empty. Most tables never had a
# row, and have no size.
_EMPTY = """
    DO $$ DECLARE used regclass; BEGIN
        FOR used IN
            SELECT named FROM unnest(ARRAY[%s]::regclass[]) named WHERE pg_relation_size(named) > 0
        LOOP
            EXECUTE 'DELETE FROM ' || used;
        END LOOP;
    END $$;
"""


def _flush_past_the_guards() -> None:
    """Let a transactional test empty the tables at its end, ledger included.

    The ledger refuses TRUNCATE, and rightly; the tests are the one place where it must give way.
    What comes with the migrations stays: the review policies, and the tables and rights as Django
    lists them, which it would else write anew each time.
    """
    from django.core.management.commands import flush as command
    from django.db.backends.postgresql.operations import DatabaseOperations

    def flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        policies = "staleness_reviewpolicy"
        of_the_site = "jurisdiction_id IS NULL AND office_id IS NULL AND pledge_id IS NULL"
        kept = {"auth_permission", "django_content_type", policies}
        emptied = ", ".join(f"'{self.quote_name(table)}'" for table in tables if table not in kept)
        return [
            "SET session_replication_role = replica;",
            f"DELETE FROM {policies} WHERE NOT ({of_the_site});",
            f"UPDATE {policies} SET owner_id = NULL, escalation_to_id = NULL"
            " WHERE owner_id IS NOT NULL OR escalation_to_id IS NOT NULL;",
            _EMPTY % emptied,
            "RESET session_replication_role;",
        ]

    DatabaseOperations.sql_flush = flush  # type: ignore[method-assign]
    command.emit_post_migrate_signal = lambda *_given, **_named: None


def _keep_connections() -> None:
    """Let a transactional test leave its connection to the next: a new one knows no table yet.

    One that it broke is closed as ever, and one for which it has set something or made a table.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    # What plans that are kept need is set once for each connection.
    asked = """
        SELECT FROM pg_settings WHERE source = 'session' AND name <> 'plan_cache_mode'
        UNION ALL SELECT WHERE pg_my_temp_schema() <> 0
    """

    def should_reload(self: Any) -> bool:
        if not connection.get_autocommit() or not connection.is_usable():
            return True
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return cursor.rowcount > 0

    TransactionTestCase._should_reload_connections = should_reload  # type: ignore[method-assign]


def _drop_past_open_sessions() -> None:
    """Drop a test database even while a thread of a finished test still holds a connection."""
    from django.db.backends.postgresql.creation import DatabaseCreation

    def destroy(self: Any, name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self._quote_name(name)} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = destroy  # type: ignore[method-assign]


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from tests.prototype import copy_test_databases

    _flush_past_the_guards()
    _keep_connections()
    _drop_past_open_sessions()
    copy_test_databases()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True
    store = tempfile.TemporaryDirectory(prefix="captures-")
    config.add_cleanup(store.cleanup)
    settings.CAPTURE_STORE = store.name
    packages = tempfile.TemporaryDirectory(prefix="packages-")
    config.add_cleanup(packages.cleanup)
    settings.PACKAGES = packages.name
    # Printing takes seconds; the tests that look at prints switch it on.
    settings.CHROMIUM = "none"


# One worker has all of them, one after the other: they wait for other processes most of the time,
# and share an installation that takes long to make. They begin first and last longest.
_IN_ONE = "tests/faults/"
# Need no database, while the first worker makes the one that all others are copied from.
_WITHOUT = ("tests/fetching/", "tests/services/")
# What takes longest of the rest.
_LONG = (
    "tests/browser/",
    "tests/sources/test_links.py",
    "tests/desk/test_roles.py",
    "tests/desk/test_role_steps.py",
    "tests/api/test_matrix.py",
    "tests/site/test_hostile.py",
    "tests/saves/",
    "tests/ledger/test_order_of_locks.py",
    "tests/backups/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end."""

    def turn(item: pytest.Item) -> int:
        turns = (_IN_ONE, _WITHOUT, _LONG)
        return next((i for i, of in enumerate(turns) if item.nodeid.startswith(of)), len(turns))

    items.sort(key=turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out a module at a time, and all that break an installation to one worker."""
    from xdist.scheduler import LoadScopeScheduling

    class InOne(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _IN_ONE if nodeid.startswith(_IN_ONE) else super()._split_scope(nodeid)

    return InOne(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_finish() -> None:
    """Leave out of every later search for garbage what stays to the end: it is most there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
