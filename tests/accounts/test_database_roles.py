"""What the login of the site, and one that only reads, can do in the database at most."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from promises.accounts.database_roles import append_only_tables
from promises.accounts.models import User
from promises.ledger.chain import verify_chain
from promises.ledger.models import Head
from promises.staleness.actions import sweep_stale
from promises.updates.following import record_review
from tests import record
from tests.record import NOW

pytestmark = pytest.mark.django_db
SITE, READER = "tests_site", "tests_reader"


@pytest.fixture
def roles(db: None) -> None:
    # Rolled back with the test; other tests see no such roles.
    call_command("database_roles", site=SITE, reader=READER, verbosity=0)


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    run(f"SET LOCAL ROLE {role}")
    try:
        yield
    finally:
        run("RESET ROLE")


def run(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def refused(role: str, statement: str, reason: str = "permission denied|must be owner") -> None:
    with acting_as(role), pytest.raises(DatabaseError, match=reason), transaction.atomic():
        run(statement)


def tables() -> list[str]:
    return connection.introspection.table_names()


def test_the_site_lives_with_the_rights_it_has(client: Client, author: User, roles: None) -> None:
    with acting_as(SITE):
        pledge = record.pledge(by=author)
        record.evidence(by=author, about=pledge)
        record.published_update(by=author, of=pledge)
        record.copy_of(record.evidence(by=author, about=pledge), by=author)
        record_review(pledge=pledge, note="Looked.", by=author, now=NOW)
        sweep_stale(by=author, now=timezone.now())
        assert client.get(f"/pledges/{pledge.slug}/").status_code == 200
        assert client.get("/api/v1/pledges/").status_code == 200
        assert client.get("/readyz").status_code == 200
        assert verify_chain().fault == ""
    assert Head.objects.get().edition > 3


def rights(role: str) -> dict[str, set[str]]:
    """Return what a role may do with each table, as PostgreSQL says."""
    rows = run(
        "SELECT c.relname, p.word FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE',"
        " 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) p (word)"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')"
        f" AND has_table_privilege('{role}', c.oid, p.word)"
    )
    found: dict[str, set[str]] = {}
    for table, word in rows:
        found.setdefault(table, set()).add(word)
    return found


@pytest.mark.parametrize("table", ["ledger_entry", "pledges_pledge", "accounts_securityevent"])
def test_the_site_changes_no_table_and_switches_off_no_guard(roles: None, table: str) -> None:
    refused(SITE, f"ALTER TABLE {table} DISABLE TRIGGER ALL", "must be owner")
    refused(SITE, f"ALTER TABLE {table} ADD COLUMN more text", "must be owner")
    refused(SITE, f"DROP TABLE {table} CASCADE", "must be owner")
    refused(SITE, f"TRUNCATE {table} CASCADE", "permission denied")
    refused(SITE, f"CREATE TRIGGER t AFTER INSERT ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()")  # fmt: skip
    refused(SITE, "SET session_replication_role = replica", "permission denied")
    refused(SITE, "CREATE TABLE of_my_own (word text)", "permission denied")
    refused(SITE, "CREATE ROLE another SUPERUSER", "permission denied")
    refused(SITE, "ALTER FUNCTION serving_count(text) RENAME TO gone", "must be owner")


def test_the_site_writes_rows_and_nothing_else(roles: None) -> None:
    kept = append_only_tables()
    assert {"ledger_entry", "accounts_securityevent", "pledges_pledgeevent"} <= kept
    assert len(kept) > 30
    found = rights(SITE)
    assert set(tables()) <= set(found)
    assert found.pop("django_migrations") == {"SELECT"}
    assert {table: words for table, words in found.items() if table in kept} == {
        table: {"SELECT", "INSERT"} for table in kept
    }
    written = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert [table for table in set(found) - kept if found[table] != written] == []
    owners = f"SELECT FROM pg_class WHERE pg_has_role('{SITE}', relowner, 'MEMBER')"
    assert run(owners) == []


def test_the_site_only_adds_to_what_is_kept_for_good(author: User, roles: None) -> None:
    record.pledge(by=author)
    for table in ("ledger_entry", "pledges_pledgeevent"):
        rows = run(f"SELECT count(*) FROM {table}")
        assert rows > [(0,)]
        refused(SITE, f"DELETE FROM {table}", "permission denied")
        assert run(f"SELECT count(*) FROM {table}") == rows
    refused(SITE, "UPDATE ledger_entry SET by = 'someone else'", "permission denied")
    refused(SITE, "UPDATE pledges_pledgeevent SET title = 'another'", "permission denied")
    refused(SITE, "UPDATE ledger_head SET edition = 0", "append-only")
    refused(SITE, "DELETE FROM ledger_head", "append-only")


def test_the_reader_only_reads(author: User, roles: None) -> None:
    record.pledge(by=author)
    assert set().union(*rights(READER).values()) == {"SELECT"}
    refused(READER, "UPDATE pledges_pledge SET title = 'another'", "permission denied")
    refused(READER, "DELETE FROM pledges_topic", "permission denied")
    refused(READER, "CREATE TABLE of_my_own (word text)", "permission denied")
    with acting_as(READER):
        assert run("SELECT count(*) FROM pledges_pledge") == [(1,)]
        assert run("SELECT username FROM accounts_user WHERE username = 'author'") == [("author",)]


@pytest.mark.parametrize(
    "table",
    ["django_session", "mfa_authenticator", "accounts_apikey", "accounts_securityevent",
     "outbox_delivery", "webhooks_endpoint", "suggestions_suggestion", "alerts_subscriber",
     "editorial_unsavedwork", "accounts_apikeyevent"],
)  # fmt: skip
def test_the_reader_sees_no_login_and_no_letter(roles: None, table: str) -> None:
    assert table in tables()
    refused(READER, f'SELECT * FROM "{table}"', "permission denied")


def test_the_reader_sees_no_password(roles: None) -> None:
    refused(READER, "SELECT password FROM accounts_user", "permission denied")
    refused(READER, "SELECT email FROM accounts_user", "permission denied")


def test_a_second_time_changes_nothing(roles: None) -> None:
    asked = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    before = sorted(run(asked))
    call_command("database_roles", site=SITE, reader=READER, verbosity=0)
    assert sorted(run(asked)) == before
