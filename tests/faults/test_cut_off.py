"""Computing all due dates, and letters being taken up, killed in the middle and begun again."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.faults import items
from tests.faults.stage import Stage
from tests.faults.test_kills import RECOVERY_SECONDS, all_letters_arrive

PLEDGES = 2500
LETTERS = 500
# As an earlier rule might have left them.
_AS_BEFORE = """
    SET session_replication_role = replica;
    UPDATE staleness_duedate SET due_on = due_on - 1;
"""
# What is stored and not computed by the rule, or the other way round.
_WRONG = """
    WITH stored AS (
        SELECT pledge_id, reason, due_on, flag_on, until_on, escalate_on, owner_id,
            escalation_to_id, facts FROM staleness_duedate
    ), fresh AS (
        SELECT pledge_id, reason, due_on, flag_on, until_on, escalate_on, owner_id,
            escalation_to_id, facts FROM staleness_rule(ARRAY(SELECT id FROM pledges_pledge))
    )
    SELECT count(*) FROM ((TABLE stored EXCEPT TABLE fresh) UNION ALL
        (TABLE fresh EXCEPT TABLE stored)) differing
"""
_WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
_WRITE_LETTERS = f"""
from django.utils import timezone
from promises.accounts.choices import LetterKind
from promises.accounts.models import Letter
from tests import record
person, now = record.user("jane"), timezone.now()
Letter.objects.bulk_create(
    Letter(person=person, kind=LetterKind.PASSWORD_LINK, queued_at=now) for _ in range({LETTERS})
)
"""


@pytest.fixture
def holder(stage: Stage) -> Iterator[psycopg.Connection]:
    """Somebody who holds what others wait for."""
    with psycopg.connect(stage.environment["DATABASE_URL"]) as connection:
        yield connection
        connection.rollback()


def test_due_dates_are_right_after_computing_them_was_cut_off(
    stage: Stage, holder: psycopg.Connection
) -> None:
    items.add(stage, pledges=PLEDGES)
    assert stage.sql(_WRONG) == [(0,)]
    stage.sql(_AS_BEFORE)
    ((all_wrong,),) = stage.sql(_WRONG)
    holder.execute(
        "SELECT FROM pledges_pledge WHERE id = (SELECT max(id) FROM pledges_pledge) FOR UPDATE"
    )
    stage.start_as("computing", ["manage.py", "sweep_stale", "--recompute"])
    stage.wait_for(lambda: stage.sql(_WAITING, "%staleness_derive%"), RECOVERY_SECONDS)
    stage.kill("computing")
    ((still_wrong,),) = stage.sql(_WRONG)
    assert 0 < still_wrong < all_wrong
    holder.rollback()
    stage.manage("sweep_stale", "--recompute")
    assert stage.sql(_WRONG) == [(0,)]


def test_letters_taken_up_by_a_worker_that_was_killed_arrive_once(
    stage: Stage, holder: psycopg.Connection
) -> None:
    stage.python(_WRITE_LETTERS)
    # Whoever takes up all letters waits at the last of them.
    holder.execute(
        "INSERT INTO outbox_delivery"
        " (key, courier, address, content, created_at, next_try_at, attempts, last_error)"
        " SELECT 'login:' || max(id), 'mail', '', '{}', now(), now(), 0, '' FROM accounts_letter"
    )
    stage.start("worker-1", "beat-1")
    stage.wait_for(lambda: stage.sql(_WAITING, "%outbox_delivery%"), RECOVERY_SECONDS)
    stage.kill("worker-1")
    holder.rollback()
    stage.revive()
    of_logins = "SELECT count(*), count(sent_at) FROM outbox_delivery WHERE key LIKE 'login:%'"
    stage.wait_for(lambda: stage.sql(of_logins) == [(LETTERS, LETTERS)], RECOVERY_SECONDS)
    assert stage.sql("SELECT count(*) FROM accounts_letter WHERE posted_at IS NULL") == [(0,)]
    all_letters_arrive(stage)
