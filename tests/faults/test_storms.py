"""Trouble that is neither a kill nor a loss: a mail server that says nothing, a long migration."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.faults import items
from tests.faults.stage import ROOT, Stage
from tests.faults.test_kills import RECOVERY_SECONDS, letters_astray
from tests.faults.test_topology import PAGE, retitled
from tests.serving.test_processes import Web, running

SWEPT = "SELECT count(*) FROM staleness_staleflag WHERE closed_at IS NULL"
UNTRIED = "SELECT count(*) FROM outbox_delivery WHERE sent_at IS NULL AND attempts = 0"
WAITING = "SELECT key FROM outbox_delivery WHERE sent_at IS NULL"
# The first one of a newer version needs evidence for itself, which every page of a pledge reads.
FIRST = "0001_a_rule_of_evidence"
APPLIED = "SELECT name FROM django_migrations WHERE app = 'newer' ORDER BY 1"
WAITS = "SELECT 1 FROM pg_locks WHERE relation = 'evidence_evidence'::regclass AND NOT granted"
WAITS_FOR_PEOPLE = WAITS.replace("evidence_evidence", "officials_person")
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
WAITS_FOR_LOGINS = WAITS.replace("evidence_evidence", "accounts_user")


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    """A web process that makes every answer anew."""
    with running({**stage.environment, "ANSWERS_MEGABYTES": "0"}) as found:
        yield found[0]


@pytest.fixture
def newer(stage: Stage) -> Iterator[dict[str, str]]:
    """The environment of a newer version, whose migrations are taken back at the end."""
    environment = {**stage.environment, "DJANGO_SETTINGS_MODULE": "tests.faults.newer.settings"}
    yield environment
    _migrate(environment, "newer", "zero").check_returncode()


def _migrate(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def waiting_to_arrive(stage: Stage) -> set[str]:
    """Return what waits, but for what arrived before whoever sent it was killed: it goes again."""
    return {key for (key,) in stage.sql(WAITING)} - set(stage.mail.keys())


def test_a_mail_server_that_says_nothing_holds_up_mail_alone(stage: Stage, web: Web) -> None:
    flags = stage.sql(SWEPT)[0][0]
    arrived = len(stage.mail.keys())
    stage.mail.may_talk.clear()
    try:
        items.add(stage, letters=50)
        stage.start("worker-1", "beat-1")
        # Both children of the worker have met the silence before anything else is due.
        stage.wait_for(
            lambda: stage.sql("SELECT 1 FROM outbox_delivery WHERE last_error LIKE '%timed out%'"),
            60,
        )
        items.add(stage, pledges=5)
        stage.wait_for(lambda: stage.sql(SWEPT)[0][0] >= flags + 5, RECOVERY_SECONDS)
        retitled(stage, "Published in silence")
        assert b"Published in silence" in web.get(PAGE)[2]
        assert len(stage.mail.keys()) == arrived
    finally:
        stage.mail.may_talk.set()
    # The few that met the silence have a minute to wait yet, the others half of one.
    stage.wait_for(lambda: stage.sql(UNTRIED) == [(0,)], RECOVERY_SECONDS)
    stage.wait_for(lambda: letters_astray(stage) == waiting_to_arrive(stage), RECOVERY_SECONDS)
    assert 1 <= len(stage.sql(WAITING)) <= 10


def test_a_migration_behind_a_long_reader_stops_nobody(
    stage: Stage, newer: dict[str, str], web: Web
) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--lock-seconds", "1"]
    with psycopg.connect(stage.environment["DATABASE_URL"]) as reader:
        reader.execute("SELECT FROM evidence_evidence LIMIT 1")
        migration = subprocess.Popen(
            [*command, "newer", FIRST], cwd=ROOT, env=newer, stderr=subprocess.PIPE, text=True
        )
        stage.wait_for(lambda: stage.sql(WAITS), RECOVERY_SECONDS)
        assert [web.get(PAGE)[0] for _ in range(5)] == [200] * 5
        retitled(stage, "Published beside a migration")
        assert b"Published beside a migration" in web.get(PAGE)[2]
        assert migration.poll() is None
    _, said = migration.communicate(timeout=60)
    assert migration.returncode == 0
    assert "Others hold what this changes; trying again." in said
    assert stage.sql(APPLIED) == [(FIRST,)]


def test_a_migration_that_never_gets_its_turn_says_so_and_changes_nothing(
    stage: Stage, newer: dict[str, str]
) -> None:
    with psycopg.connect(stage.environment["DATABASE_URL"]) as reader:
        reader.execute("SELECT FROM evidence_evidence LIMIT 1")
        done = _migrate(newer, "--lock-seconds", "1", "--tries", "2")
    assert done.returncode == 1
    assert done.stderr.count("trying again") == 1
    assert "canceling statement due to lock timeout" in done.stderr
    assert stage.sql(APPLIED) == []


def test_a_migration_beside_who_writes_gives_way_and_goes_on(
    stage: Stage, newer: dict[str, str]
) -> None:
    _migrate(newer, "newer", FIRST).check_returncode()
    with psycopg.connect(stage.environment["DATABASE_URL"]) as writer:
        # PostgreSQL ends whoever asks first why it waits: not this one.
        writer.execute("SET deadlock_timeout = '30s'")
        # Somebody changes a login and looks at figures then; the migration has the figures by now,
        # and wants the logins for a foreign key.
        writer.execute("LOCK TABLE accounts_user IN ROW EXCLUSIVE MODE")
        migration = subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--lock-seconds", "6"],
            cwd=ROOT, env={**newer, "PGOPTIONS": "-c deadlock_timeout=3s"},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        stage.wait_for(lambda: stage.sql(WAITS_FOR_LOGINS), RECOVERY_SECONDS)
        writer.execute("SELECT count(*) FROM metrics_observation")
    _, said = migration.communicate(timeout=120)
    assert (migration.returncode, said.count("deadlock detected")) == (0, 1)
    assert stage.sql(APPLIED) == [(FIRST,), ("0002_figures_and_people",)]


def test_a_reader_whom_a_migration_and_postgresql_ended_gets_the_page(stage: Stage) -> None:
    ((ended,),) = stage.sql(DEADLOCKS)
    # PostgreSQL ends whoever asks first why it waits: here the reader.
    address = stage.environment["DATABASE_URL"]
    soon = {"DATABASE_URL": f"{address}?options=-cdeadlock_timeout%3D5s", "ANSWERS_MEGABYTES": "0"}
    with (
        running({**stage.environment, **soon}) as (web,),
        psycopg.connect(address) as migration,
        ThreadPoolExecutor(1) as readers,
    ):
        migration.execute("SET deadlock_timeout = '60s'")
        migration.execute("LOCK TABLE officials_person")
        reader = readers.submit(web.get, PAGE)
        stage.wait_for(lambda: stage.sql(WAITS_FOR_PEOPLE), RECOVERY_SECONDS)
        # The reader has the pledges by now, and wants the people.
        migration.execute("LOCK TABLE pledges_pledge")
        migration.rollback()
        assert reader.result(timeout=RECOVERY_SECONDS)[0] == 200
    stage.wait_for(lambda: stage.sql(DEADLOCKS)[0][0] == ended + 1, RECOVERY_SECONDS)
