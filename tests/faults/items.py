"""What the fault tests put in, and the one statement that says whether it came out right."""

from tests.faults.stage import Stage

_FIRST = """
from tests import record
author = record.user("author")
record.pledge(by=author, slug="the-first")
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
_LETTERS = """
    INSERT INTO outbox_delivery
        (key, courier, address, content, created_at, next_try_at, attempts, last_error)
    SELECT 'letter:' || gen_random_uuid(), 'mail', 'jane@example.org',
        '{"subject": "A letter", "text": "Text"}', now(), now(), 0, ''
    FROM generate_series(1, %s)
"""

# Four numbers that must all be zero once everything runs again.
INVARIANT = """
    SELECT
        (SELECT count(*) FROM staleness_due due WHERE due.due_on <= current_date
            AND NOT EXISTS (SELECT FROM staleness_staleflag flag WHERE flag.closed_at IS NULL
                AND flag.pledge_id = due.pledge_id AND flag.reason = due.reason)) AS missing,
        (SELECT count(*) FROM (SELECT FROM staleness_staleflag
            GROUP BY pledge_id, reason HAVING count(*) > 1) doubled) AS doubled,
        (SELECT count(*) FROM staleness_staleflag flag WHERE flag.closed_at IS NULL
            AND NOT EXISTS (SELECT FROM staleness_due due WHERE due.due_on <= current_date
                AND flag.pledge_id = due.pledge_id AND flag.reason = due.reason)) AS unfounded,
        (SELECT count(*) FROM outbox_delivery WHERE sent_at IS NULL) AS unsent
"""
IN_ORDER = [(0, 0, 0, 0)]


def prepare(stage: Stage) -> None:
    """Make the tables and the first pledge."""
    stage.manage("migrate", "--verbosity", "0")
    stage.python(_FIRST)


def add(stage: Stage, *, pledges: int = 0, letters: int = 0) -> None:
    """Add pledges that are due for a flag, and mails that are due to be sent."""
    stage.sql(_MORE, pledges)
    stage.sql(_LETTERS, letters)


def is_in_order(stage: Stage) -> bool:
    """Tell whether nothing is missing, doubled, unfounded or unsent."""
    return stage.sql(INVARIANT) == IN_ORDER
