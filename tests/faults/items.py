"""What the fault tests put in, and the one statement that says whether it came out right."""

from tests.faults.stage import Stage
from tests.prototype import copy_prototype

_FIRST = """
from promises.staleness.policies import save_review_policy
from promises.staleness.models import ReviewPolicy
from tests import record
author = record.user("author")
record.pledge(by=author, slug="the-first")
policy = ReviewPolicy.objects.of_the_site().get(status="")
policy.owner = record.user("owner")
# Every episode is escalated by the sweep after the one that opened it.
policy.escalation_days, policy.escalation_to = 0, record.user("second")
save_review_policy(policy=policy, by=author, now=record.NOW)
"""

NEW_OWNER = """
from promises.staleness.policies import save_review_policy
from promises.staleness.models import ReviewPolicy
from tests import record
policy = ReviewPolicy.objects.of_the_site().get(status="")
policy.owner = record.user("new-owner")
save_review_policy(policy=policy, by=policy.owner, now=record.NOW)
"""

# Each new pledge is a copy of the first with no evidence: due for a flag from today on.
_MORE = """
    INSERT INTO pledges_pledge
    SELECT (jsonb_populate_record(first, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('pledges_pledge', 'id')),
        'slug', 'copy-' || gen_random_uuid(), 'published_at', now()))).*
    FROM pledges_pledge first, generate_series(1, %s)
    WHERE first.slug = 'the-first'
"""
# The ground of the oldest episodes moves to the day before, and that of some goes.
_MOVED = """
    UPDATE pledges_pledge SET published_at = published_at - interval '1 day' WHERE id IN (
        SELECT pledge_id FROM staleness_staleflag WHERE closed_at IS NULL ORDER BY id LIMIT %s)
"""
_SWITCHED_OFF = """
    INSERT INTO staleness_reviewpolicy (version, pledge_id, status, watch, pause_reason, calendar)
    SELECT 1, pledge_id, '', 'off', '', '' FROM staleness_staleflag WHERE closed_at IS NULL
    ORDER BY id DESC LIMIT %s ON CONFLICT DO NOTHING
"""
_LETTERS = """
    INSERT INTO outbox_delivery
        (key, courier, address, content, created_at, next_try_at, attempts, last_error)
    SELECT 'letter:' || gen_random_uuid(), 'mail', 'jane@example.org',
        '{"subject": "A letter", "text": "Text"}', now(), now(), 0, ''
    FROM generate_series(1, %s)
"""

# Numbers that must all be zero once everything runs again: what is due without an open episode;
# episodes doubled; open without ground, or on another than what is due now; in no hands, or in
# hands that got no notice; not escalated; notices doubled; mails not sent; people with two digests
# for one day.
INVARIANT = """
    WITH due AS (
        SELECT pledge_id, reason, due_on FROM staleness_due
        WHERE flag_on <= current_date AND (until_on IS NULL OR until_on > current_date)
    ), open AS (
        SELECT * FROM staleness_staleflag WHERE closed_at IS NULL
    )
    SELECT
        (SELECT count(*) FROM due
            WHERE (pledge_id, reason) NOT IN (SELECT pledge_id, reason FROM open)) AS missing,
        (SELECT count(*) FROM (SELECT FROM staleness_staleflag
            GROUP BY pledge_id, reason HAVING count(*) > 1) doubled) AS doubled,
        (SELECT count(*) FROM open WHERE (pledge_id, reason, stale_since)
            NOT IN (SELECT pledge_id, reason, due_on FROM due)) AS unfounded,
        (SELECT count(*) FROM open
            CROSS JOIN LATERAL (VALUES (assigned_to_id), (escalated_to_id)) hands (person_id)
            LEFT JOIN staleness_notice notice
                ON notice.flag_id = open.id AND notice.person_id = hands.person_id
            WHERE notice.id IS NULL) AS unnoticed,
        (SELECT count(*) FROM open WHERE escalated_at IS NULL) AS unescalated,
        (SELECT count(*) - count(DISTINCT (flag_id, person_id))
            FROM staleness_notice) AS noticed_twice,
        (SELECT count(*) FROM outbox_delivery WHERE sent_at IS NULL) AS unsent,
        (SELECT count(*) - count(DISTINCT (person_id, digest_on))
            FROM staleness_digest) AS two_digests
"""
IN_ORDER = [(0,) * 8]


def prepare(stage: Stage) -> None:
    """Make the tables and the first pledge."""
    copy_prototype(stage.environment["DATABASE_URL"])
    stage.python(_FIRST)


def add(stage: Stage, *, pledges: int = 0, letters: int = 0) -> None:
    """Add pledges that are due for a flag, and mails that are due to be sent."""
    stage.sql(_MORE, pledges)
    stage.sql(_LETTERS, letters)


def disturb(stage: Stage, *, moved: int, switched_off: int) -> None:
    """Let the ground of open episodes move, and that of others go."""
    stage.sql(_MOVED, moved)
    stage.sql(_SWITCHED_OFF, switched_off)


def is_in_order(stage: Stage) -> bool:
    """Tell whether nothing is missing, doubled, unfounded or unsent."""
    return stage.sql(INVARIANT) == IN_ORDER


def wait_for_order(stage: Stage, seconds: float) -> float:
    """Wait until all is in order; return how long it took. Fails with the numbers that are not."""
    try:
        return stage.wait_for(lambda: is_in_order(stage), seconds)
    except AssertionError as late:
        raise AssertionError(f"{stage.sql(INVARIANT)} {late}") from None
