"""The record that is measured: so many rows of everything, the same ones each time.

Written by INSERT … SELECT with the triggers off, because the actions would take hours for the
large one; then what the database derives is derived. All names and words are invented.
"""

from dataclasses import dataclass

PLEDGES, EVIDENCE, UPDATES = 10_000, 100_000, 40_000


@dataclass(frozen=True)
class Size:
    """How many rows there are. S is a state's offices for years, L twenty times that."""

    name: str
    times: int

    @property
    def pledges(self) -> int:
        """How many pledges."""
        return PLEDGES * self.times

    @property
    def evidence(self) -> int:
        """How many pieces of evidence."""
        return EVIDENCE * self.times

    @property
    def updates(self) -> int:
        """How many status updates."""
        return UPDATES * self.times


SIZES = {"S": Size("S", 1), "L": Size("L", 20)}

# Two thirds of all rows say "bail", a third in each text; one in ten thousand says a rare word.
WORDS = """
CREATE OR REPLACE FUNCTION benchmark_words(n bigint, many int) RETURNS text LANGUAGE sql IMMUTABLE
AS $$
    SELECT string_agg((ARRAY['office', 'policy', 'court', 'charges', 'review', 'county', 'hearing',
        'report', 'record', 'months', 'people', 'cases', 'data', 'memo', 'trial', 'judge',
        'release', 'sentence', 'youth', 'diversion', 'victims', 'police', 'search', 'drug',
        'housing', 'budget', 'training', 'statement', 'figures', 'rule', 'appeal', 'pretrial'])[
            1 + abs(hashint8extended(n, k)) % 32], ' ' ORDER BY k)
        || CASE WHEN n % 3 = 0 THEN ' bail' ELSE '' END
        || CASE WHEN n % 10000 = 7 THEN ' quillfeather' ELSE '' END
    FROM generate_series(1, many) k
$$;
"""
FILL = """
INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, display_name, is_service)
SELECT n, '', n = 1, 'bench-' || n, '', '', '', true, true, '2020-01-01', 'Jane Example ' || n,
    false
FROM generate_series(1, 60) n;
INSERT INTO officials_jurisdiction (id, version, slug, name, kind, state, fips, note)
SELECT n, 1, 'county-' || n, 'Example County ' || n, 'county', 'PA', '', ''
FROM generate_series(1, 500) n;
INSERT INTO officials_office (id, version, slug, title, jurisdiction_id, term_years, selection)
SELECT n, 1, 'office-' || n, 'District Attorney of Example County ' || n, n, 4, 'elected'
FROM generate_series(1, 500) n;
INSERT INTO officials_person (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, name, party_at_election, background)
SELECT n, 1, 'published', '2020-01-01', 1, '2020-01-01', 1, '', 'jane-example-' || n,
    'Jane Example ' || n, '', '' FROM generate_series(1, 500) n;
INSERT INTO officials_term (id, version, slug, person_id, office_id, started_on, end_reason, note)
SELECT n, 1, 'term-' || n, n, n, '2023-01-02', '', '' FROM generate_series(1, 500) n;
INSERT INTO pledges_topic (id, version, slug, name, position, about)
SELECT n, 1, 'topic-' || n, 'Example topic ' || n, n, '' FROM generate_series(1, 21) n;
INSERT INTO updates_methodologyversion (id, version, published_on, summary)
VALUES (1, '1', '2020-01-01', 'The first one.');
INSERT INTO pledges_pledge (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, person_id, term_id, position, topic_id, title,
    statement, quote, quote_attribution, kind, origin, made_on, controlled_by, status,
    status_assessed_on, status_since, status_is_provisional, confidence, last_reviewed_at,
    supports_count, contradicts_count, context_count, edition, updated_at)
SELECT n, 1, 'published', '2023-01-01', 1, '2023-01-01', 1, '', 'pledge-' || n, n % 500 + 1,
    n % 500 + 1, 0, n % 21 + 1, 'Example ' || n || ' ' || benchmark_words(n, 5),
    benchmark_words(n + 1000000, 40), '', '', 'outcome', 'campaign', '2022-01-01', 'office',
    (ARRAY['in_the_works', 'stalled', 'compromise', 'kept', 'broken'])[1 + n % 5],
    '2026-01-01', '2026-01-01', false, 'medium', '2026-11-01', 4, 3, 3, 0, '2026-11-01'
FROM generate_series(1, {pledges}) n;
INSERT INTO pledges_criterion (version, pledge_id, position, verdict, aspect, text, how_to_verify)
SELECT 1, n, k, '', 'letter', 'The thing is done.', '' FROM generate_series(1, {pledges}) n,
    generate_series(1, 2) k;
INSERT INTO evidence_evidence (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, title, is_title_exact, kind, provenance, publisher,
    url, published_on, date_precision, summary, checked)
SELECT n, 1, 'published', '2023-01-01', 1, '2023-01-01', 1, '', 'evidence-' || n,
    'Report ' || n || ' ' || benchmark_words(n, 6), true, 'news_report', 'independent',
    'The Example Times', 'https://news.example.org/' || n, date '2020-01-01' + (n % 1000)::int,
    'day', benchmark_words(n + 7000000, 25), 'excerpt' FROM generate_series(1, {evidence}) n;
INSERT INTO evidence_evidencelink (version, pledge_id, evidence_id, stance, is_source, note,
    locator)
SELECT 1, 1 + n % {pledges}, n,
    (ARRAY['supports', 'contradicts', 'context'])[1 + n / {pledges} % 3], false, '', ''
FROM generate_series(1, {evidence}) n;
INSERT INTO updates_statusupdate (id, version, state, created_at, created_by_id, submitted_at,
    submitted_by_id, published_at, published_by_id, retraction_reason, slug, pledge_id, status,
    effective_on, assessed_on, confidence, reason, reasoning, methodology_id, edited_by_id, wording,
    is_imported)
SELECT n, 1, 'published', '2024-01-01', 1, '2024-01-01', 1, '2024-01-02', 2, '', 'update-' || n,
    1 + n % {pledges}, (ARRAY['in_the_works', 'stalled', 'compromise', 'kept', 'broken'])[
        1 + (1 + n % {pledges}) % 5],
    date '2024-01-01' + (n / {pledges})::int * 100, date '2024-01-01' + (n / {pledges})::int * 100,
    'medium', CASE (1 + n % {pledges}) % 5 WHEN 1 THEN 'no_action' WHEN 2 THEN 'partly_done'
        WHEN 4 THEN 'reversed' ELSE '' END,
    benchmark_words(n, 40), 1, 1, 1, false FROM generate_series(1, {updates}) n;
INSERT INTO updates_citation (status_update_id, evidence_id, position)
SELECT n, 1 + n % {evidence}, 0 FROM generate_series(1, {updates}) n;
INSERT INTO updates_approval (status_update_id, wording, approved_by_id, approved_at, note)
SELECT n, 1, by, '2024-01-02', '' FROM generate_series(1, {updates}) n, generate_series(2, 3) by;
"""
SEQUENCES = """
SELECT setval(pg_get_serial_sequence(quote_ident(relname), 'id'), 100000000)
FROM pg_class WHERE relname IN ('accounts_user', 'officials_person', 'officials_term',
    'officials_office', 'officials_jurisdiction', 'pledges_topic', 'pledges_pledge',
    'evidence_evidence', 'updates_statusupdate', 'updates_methodologyversion') AND relkind = 'r'
"""
DERIVE = "SELECT staleness_derive_many(ARRAY(SELECT id FROM pledges_pledge ORDER BY id))"


def fill(size: Size) -> None:
    """Fill an empty, migrated database."""
    from django.core.management import call_command
    from django.db import connection

    sizes = {"pledges": size.pledges, "evidence": size.evidence, "updates": size.updates}
    with connection.cursor() as cursor:
        cursor.execute(WORDS)
        cursor.execute("SET session_replication_role = replica")
        for statement in FILL.format(**sizes).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(SEQUENCES)
        # Deriving needs good plans: without figures of what is there it takes very long.
        cursor.execute("ANALYZE")
        cursor.execute(DERIVE)
        cursor.execute("VACUUM ANALYZE")
    call_command("gather_words", verbosity=0)
