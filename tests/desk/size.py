"""A record of many rows, made by the database itself in a few statements."""

from django.db import connection

from promises.accounts.models import User
from promises.evidence.choices import Checked, EvidenceKind, Provenance
from promises.pledges.choices import Status
from tests.conftest import without_triggers

TABLES = (
    "officials_person",
    "pledges_pledge",
    "evidence_evidence",
    "evidence_evidencelink",
    "updates_statusupdate",
    "updates_review",
    "updates_correction",
    "updates_response",
    "staleness_staleflag",
    "staleness_sweep",
    "staleness_reviewby",
    "ledger_entry",
    "metrics_observation",
)

# Words that differ from row to row, and one in every row: "example".
_ROWS = """
INSERT INTO officials_person (version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, name, party_at_election, background)
SELECT 1, 'published', now(), %(by)s, now(), %(by)s, '', 'person-' || n,
    'Jane Example ' || md5(n::text), '', ''
FROM generate_series(1, %(people)s) n;

INSERT INTO pledges_pledge (version, state, created_at, created_by_id, submitted_at,
    submitted_by_id, published_at, published_by_id, retraction_reason, slug, person_id, position,
    topic_id, title, statement, quote, quote_attribution, kind, origin, made_on, controlled_by,
    status, status_is_provisional, confidence, supports_count, contradicts_count, context_count,
    edition, review_due_on, last_reviewed_at)
SELECT 1, CASE WHEN n %% 1000 = 0 THEN 'draft' ELSE 'published' END,
    now() - n * interval '1 second', %(by)s, NULL, NULL,
    CASE WHEN n %% 1000 = 0 THEN NULL ELSE now() END,
    CASE WHEN n %% 1000 = 0 THEN NULL ELSE %(by)s END, '', 'size-' || n,
    people.first + n %% %(people)s, n / %(people)s, %(topic)s,
    'Do example thing ' || md5(n::text), 'She said she would do ' || md5(n::text), '', '',
    CASE WHEN n %% 3 = 0 THEN 'standing' ELSE 'outcome' END,
    CASE WHEN n %% 5 = 0 THEN 'in_office' ELSE 'campaign' END, DATE '2024-01-01',
    'office', (%(statuses)s::text[])[1 + n %% 7],
    n %% 2 = 0, '', 1, 0, 0, n, current_date + (n %% 400 - 20), now()
FROM generate_series(1, %(pledges)s) n,
    (SELECT min(id) AS first FROM officials_person WHERE slug LIKE 'person-%%') people;

INSERT INTO evidence_evidence (version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, title, is_title_exact, kind, provenance, publisher,
    url, published_on, date_precision, summary, checked)
SELECT 1, CASE WHEN n %% 1000 = 0 THEN 'draft' ELSE 'published' END, now(), %(by)s,
    CASE WHEN n %% 1000 = 0 THEN NULL ELSE now() END,
    CASE WHEN n %% 1000 = 0 THEN NULL ELSE %(by)s END, '', 'size-' || n,
    'Example report ' || md5(n::text), true, (%(kinds)s::text[])[1 + n %% 9],
    (%(provenances)s::text[])[1 + n %% 3],
    'The Example Times',
    'https://news.example.org/' || n, DATE '2025-01-01', 'day', 'It says ' || md5(n::text),
    (%(checked)s::text[])[1 + n %% 3]
FROM generate_series(1, %(pledges)s) n;

INSERT INTO evidence_evidencelink (version, pledge_id, evidence_id, stance, is_source, note,
    locator)
SELECT 1, pledges.first + n %% %(pledges)s, pieces.first + (n * 7) %% %(pledges)s, 'supports',
    false, '', ''
FROM generate_series(1, %(links)s) n,
    (SELECT min(id) AS first FROM pledges_pledge WHERE slug LIKE 'size-%%') pledges,
    (SELECT min(id) AS first FROM evidence_evidence WHERE slug LIKE 'size-%%') pieces
ON CONFLICT DO NOTHING;

INSERT INTO updates_statusupdate (version, state, created_at, created_by_id, edited_by_id,
    submitted_at, submitted_by_id, published_at, published_by_id, retraction_reason, slug,
    pledge_id, status, effective_on, assessed_on, confidence, reason, reasoning, methodology_id,
    wording, is_imported)
SELECT 1, CASE n %% 1000 WHEN 0 THEN 'draft' WHEN 1 THEN 'in_review' ELSE 'published' END, now(),
    %(other)s, %(other)s, CASE n %% 1000 WHEN 1 THEN now() END,
    CASE n %% 1000 WHEN 1 THEN %(other)s END, CASE WHEN n %% 1000 > 1 THEN now() END,
    CASE WHEN n %% 1000 > 1 THEN %(other)s END, '', 'size-' || n || '-update',
    pledges.first + n %% %(pledges)s, (%(statuses)s::text[])[1 + n %% 7],
    DATE '2025-01-01' + n %% 300,
    DATE '2025-12-01', 'medium', CASE WHEN n %% 7 IN (2, 3, 5) THEN 'no_action' ELSE '' END,
    'The evidence says ' || md5(n::text), %(methodology)s, 1,
    n %% 2 = 0
FROM generate_series(1, 2 * %(pledges)s) n,
    (SELECT min(id) AS first FROM pledges_pledge WHERE slug LIKE 'size-%%') pledges;

INSERT INTO updates_review (pledge_id, reviewed_by_id, reviewed_at, note)
SELECT id, %(other)s, now() - id * interval '1 second', 'Read the news of ' || slug
FROM pledges_pledge WHERE slug LIKE 'size-%%';

INSERT INTO staleness_staleflag (pledge_id, reason, stale_since, opened_at, assigned_to_id,
    facts, snooze_reason, closed_at, closed_by_id, closed_because)
SELECT id, 'review_overdue', current_date - (id %% 30)::integer, now(),
    CASE WHEN id %% 100 = 1 THEN %(by)s END, '{}', '',
    CASE WHEN id %% 2 = 0 THEN now() END, CASE WHEN id %% 2 = 0 THEN %(by)s END,
    CASE WHEN id %% 2 = 0 THEN 'reviewed' ELSE '' END
FROM pledges_pledge WHERE slug LIKE 'size-%%';

INSERT INTO staleness_reviewby (version, pledge_id, review_by_on, reason, set_at, set_by_id)
SELECT 1, id, current_date + (id %% 300)::integer, 'The budget is due', now(), %(by)s
FROM pledges_pledge WHERE slug LIKE 'size-%%';

INSERT INTO ledger_entry (edition, event, subject, pledge, at, by, data, previous_hash, hash)
SELECT 1000000 + n, 'pledge:published', 'pledges/size-' || n, 'size-' || n, now(), 'Author', '{}',
    repeat('0', 64), lpad(n::text, 64, '0')
FROM generate_series(1, %(pledges)s) n;
"""


def fill(*, by: User, other: User, topic: int, methodology: int, pledges: int) -> None:
    """Write so many pledges, and what hangs on them, past the guards; then measure the tables.

    A hundredth as many people; as much evidence and as many reviews, flags and ledger entries;
    twice as many updates; three links each. In a thousand one is a draft or in review.
    """
    given = {
        "by": by.pk,
        "other": other.pk,
        "topic": topic,
        "methodology": methodology,
        "pledges": pledges,
        "people": max(pledges // 100, 1),
        "links": 3 * pledges,
        "statuses": Status.values,
        "kinds": EvidenceKind.values,
        "provenances": Provenance.values,
        "checked": Checked.values,
    }
    with without_triggers(), connection.cursor() as cursor:
        for statement in _ROWS.split(";\n"):
            if statement.strip():
                cursor.execute(statement, given)
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
