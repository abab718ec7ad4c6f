"""The record that sweeps are measured on, and the bare statement they are held against."""

# Published people and pledges, most of them looked at yesterday; `due` of them long ago.
FILL = """
SET session_replication_role = replica;
INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, display_name, is_service)
VALUES (1, '', false, 'bench', '', '', '', true, true, now(), 'Bench', false);
INSERT INTO officials_person (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, name, party_at_election, background)
SELECT n, 1, 'published', now(), 1, now(), 1, '', 'person-' || n, 'Jane Example ' || n, '', ''
FROM generate_series(1, 500) n;
INSERT INTO pledges_topic (id, version, slug, name, position, about)
VALUES (1, 1, 'topic', 'Topic', 1, '');
INSERT INTO pledges_pledge (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, person_id, position, topic_id, title, statement,
    quote, quote_attribution, kind, origin, made_on, controlled_by, status, status_assessed_on,
    status_since, status_is_provisional, confidence, last_reviewed_at, supports_count,
    contradicts_count, context_count, edition)
SELECT n, 1, 'published', now(), 1, '2020-01-01', 1, '', 'pledge-' || n, n % 500 + 1, 0, 1,
    'Example ' || n, repeat('Something was promised. ', 8), '', '', 'outcome', 'campaign',
    '2019-01-01', 'office', 'in_the_works', '2020-02-01', '2020-02-01', false, 'medium',
    '2026-11-21', 2, 0, 0, 0
FROM generate_series(1, {pledges}) n;
-- Whatever is public was told to the ledger: it has begun.
INSERT INTO ledger_head (id, edition, hash) VALUES (1, 0, repeat('0', 64));
SET session_replication_role = origin;
"""
AGE = """
SET session_replication_role = replica;
UPDATE pledges_pledge SET last_reviewed_at = '2020-03-01' WHERE {which};
SET session_replication_role = origin;
"""
FRESH = """
SET session_replication_role = replica;
UPDATE pledges_pledge SET last_reviewed_at = '2026-11-21' WHERE {which};
TRUNCATE staleness_staleflag CASCADE;
TRUNCATE ledger_entry CASCADE;
UPDATE ledger_head SET edition = 0, hash = repeat('0', 64);
SET session_replication_role = origin;
"""
EMPTY = """
SET session_replication_role = replica;
CREATE TEMP TABLE kept AS SELECT * FROM staleness_reviewpolicy;
TRUNCATE pledges_pledge, pledges_topic, officials_person, accounts_user, staleness_duedate,
    staleness_staleflag, staleness_sweep, ledger_entry, ledger_head CASCADE;
INSERT INTO staleness_reviewpolicy SELECT * FROM kept;
DROP TABLE kept;
UPDATE staleness_reviewpolicy SET days_in_term = 180 WHERE status <> '';
SET session_replication_role = origin;
"""
# Past the triggers: what they cost is told by the change of a policy.
DERIVE = """
SET session_replication_role = replica;
SELECT staleness_derive_many(ARRAY(SELECT id FROM pledges_pledge WHERE {which} ORDER BY id));
SET session_replication_role = origin;
"""
BARE_TABLE = """
DROP TABLE IF EXISTS bare;
CREATE TABLE bare (LIKE staleness_staleflag INCLUDING IDENTITY INCLUDING INDEXES);
"""
# Rows of a run that was undone are met by the next, in every index.
CLEARED = "VACUUM bare, staleness_staleflag, staleness_staleflagevent, ledger_entry"
SAME = """
INSERT INTO {table} (
    pledge_id, reason, stale_since, opened_at, facts, snooze_reason, closed_because
)
SELECT pledge_id, reason, due_on, now(), facts, '', '' FROM staleness_due
WHERE flag_on <= '2026-11-22' ON CONFLICT DO NOTHING
"""
POLICY = "UPDATE staleness_reviewpolicy SET days_in_term = 200 WHERE status <> ''"
