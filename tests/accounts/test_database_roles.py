"""What the login of the site, and one that only reads, can do in the database at most."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from promises.accounts.database_roles import append_only_tables, computed_tables
from promises.accounts.models import User
from promises.discovery.matching import match_items
from promises.evidence.columns import EVIDENCE
from promises.ledger.chain import verify_chain
from promises.ledger.models import Head
from promises.packages.staging import Stage
from promises.packages.tables import shape_of
from promises.staleness.actions import sweep_stale
from promises.staleness.models import DueDate
from promises.vocabulary.gathering import gather_words
from tests import plain_role, record
from tests.discovery import found
from tests.record import NOW, record_review

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
        # What needs tables for a moment.
        assert gather_words(by=author, now=NOW, is_asked=True) > 0
        found.item(of=found.feed(by=author))
        assert match_items(by=author, now=NOW) == 1
        stage = Stage(shape_of(EVIDENCE))
        stage.open()
        assert stage.rows([("nothing",)]) == {}
        stage.close()
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
    has = rights(SITE)
    assert set(tables()) <= set(has)
    assert has.pop("django_migrations") == {"SELECT"}
    assert computed_tables() == {"staleness_duedate"}
    assert has.pop("staleness_duedate") == {"SELECT"}
    assert {table: words for table, words in has.items() if table in kept} == {
        table: {"SELECT", "INSERT"} for table in kept
    }
    written = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert [table for table in set(has) - kept if has[table] != written] == []
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


@pytest.mark.parametrize("role", [SITE, READER])
def test_nobody_shadows_what_triggers_read(roles: None, role: str) -> None:
    no_tables = "permission denied to create temporary tables"
    for statement in (
        "CREATE TEMP TABLE updates_approval (status_update_id bigint, wording integer)",
        "CREATE TEMP VIEW updates_approval AS SELECT 1 AS status_update_id",
        "CREATE TEMP SEQUENCE updates_approval_id_seq",
        "SELECT 1 AS id INTO TEMP ledger_head",
        "CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS 'begin return null; end'",
        "CREATE TYPE pg_temp.updates_statusupdate AS (id bigint)",
    ):
        refused(role, statement, no_tables)


def test_what_the_owner_makes_for_the_site_opens_no_way(roles: None) -> None:
    with acting_as(SITE):
        run("SELECT packages_open_stage('evidence_evidence', '{slug,id}')")
        run("SELECT discovery_words('{1}', 20, 0.05)")
        run("INSERT INTO packages_stage VALUES (1, true, 'a-piece', 1)")
        assert run("SELECT slug FROM packages_stage") == [("a-piece",)]
    for statement in (
        "CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS 'begin return null; end'",
        "CREATE TABLE pg_temp.updates_approval (status_update_id bigint)",
        "CREATE TRIGGER t AFTER INSERT ON packages_stage FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE packages_stage RENAME TO updates_approval",
        "ALTER TABLE word_weight RENAME TO updates_approval",
        "INSERT INTO word_weight VALUES ('x', 1)",
        "SELECT packages_open_stage('evidence_evidence; DROP TABLE pledges_pledge', '{slug}')",
        "SELECT packages_open_stage('evidence_evidence', '{slug FROM accounts_user; --}')",
    ):
        refused(SITE, statement, "permission denied|must be owner|does not exist|invalid name")


def test_only_the_site_calls_what_acts_as_the_owner(roles: None) -> None:
    asked = (
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef"
        " AND pronamespace = 'public'::regnamespace"
    )
    functions = {name for (name,) in run(asked)}
    assert {"serving_count(text)", "staleness_derive(bigint[])"} <= functions
    may = " AND has_function_privilege('{}', oid, 'EXECUTE')"
    assert {name for (name,) in run(asked + may.format(SITE))} == functions
    assert run(asked + may.format(READER)) == []
    before = run("SELECT count(*) FROM serving_change")
    refused(READER, "SELECT serving_count('record')", "permission denied for function")
    assert run("SELECT count(*) FROM serving_change") == before
    unpinned = " AND NOT coalesce(proconfig, '{}') @> '{\"search_path=public, pg_temp\"}'"
    assert run(asked + unpinned) == []


def test_no_setting_opens_the_due_dates(author: User, roles: None) -> None:
    pledge = record.pledge(by=author, due_on=date(2027, 1, 1))
    before = list(DueDate.objects.order_by("pk").values())
    assert len(before) > 0
    opened = "SELECT set_config('staleness.deriving', 'on', true); "
    for statement in (
        "DELETE FROM staleness_duedate",
        "UPDATE staleness_duedate SET due_on = '2999-01-01'",
        "INSERT INTO staleness_duedate SELECT * FROM staleness_duedate",
    ):
        refused(SITE, opened + statement, "permission denied for table staleness_duedate")
        with plain_role.refused("Due dates follow from the record and its policies"):
            run(opened + statement)
    with acting_as(SITE):
        run(f"{opened}UPDATE pledges_pledge SET due_on = '2028-01-01' WHERE id = {pledge.pk}")
        run(f"{opened}UPDATE pledges_pledge SET review_due_on = '2999-01-01'")
    after = DueDate.objects.filter(pledge=pledge).order_by("pk")
    assert [row.reason for row in after] == [row["reason"] for row in before]
    assert after.get(reason="deadline_passed").due_on == date(2028, 1, 2)
    pledge.refresh_from_db()
    assert pledge.review_due_on != date(2999, 1, 1)


def test_a_right_to_temporary_tables_from_elsewhere_is_told(roles: None) -> None:
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    run("CREATE ROLE tests_maker NOLOGIN")
    run(f"GRANT TEMPORARY ON DATABASE {database} TO tests_maker")
    run(f"GRANT tests_maker TO {SITE}")
    with pytest.raises(CommandError) as error:
        call_command("database_roles", site=SITE, reader=READER, verbosity=0)
    assert str(error.value) == (
        "tests_site may still make temporary tables, which could shadow those that guards read."
        " As the owner of the database, REVOKE TEMPORARY ON DATABASE … from PUBLIC and from every"
        " role that tests_site is a member of. Nothing has changed."
    )


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
