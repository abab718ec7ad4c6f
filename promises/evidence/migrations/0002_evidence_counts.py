"""A pledge carries how much published evidence supports, contradicts and surrounds it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION evidence_count(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM (
        SELECT FROM pledges_pledge WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE
    ) locked;
    UPDATE pledges_pledge p SET
        supports_count = counted.supports,
        contradicts_count = counted.contradicts,
        context_count = counted.context
    FROM (
        SELECT wanted.id,
            count(e.id) FILTER (WHERE l.stance = 'supports') AS supports,
            count(e.id) FILTER (WHERE l.stance = 'contradicts') AS contradicts,
            count(e.id) FILTER (WHERE l.stance = 'context') AS context
        FROM unnest(ids) AS wanted(id)
        LEFT JOIN evidence_evidencelink l ON l.pledge_id = wanted.id
        LEFT JOIN evidence_evidence e ON e.id = l.evidence_id AND e.state = 'published'
        GROUP BY wanted.id
    ) counted
    WHERE p.id = counted.id
        AND (p.supports_count, p.contradicts_count, p.context_count)
            IS DISTINCT FROM (counted.supports, counted.contradicts, counted.context);
END $$;

CREATE FUNCTION evidence_links_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM evidence_count(ARRAY(SELECT DISTINCT pledge_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER evidence_count_on_insert AFTER INSERT ON evidence_evidencelink
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_links_changed();
CREATE TRIGGER evidence_count_on_delete AFTER DELETE ON evidence_evidencelink
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_links_changed();

CREATE FUNCTION evidence_links_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM evidence_count(ARRAY(
        SELECT pledge_id FROM before UNION SELECT pledge_id FROM after
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER evidence_count_on_update AFTER UPDATE ON evidence_evidencelink
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_links_moved();

CREATE FUNCTION evidence_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM evidence_count(ARRAY(
        SELECT DISTINCT l.pledge_id
        FROM before JOIN after ON after.id = before.id
        JOIN evidence_evidencelink l ON l.evidence_id = after.id
        WHERE before.state <> after.state
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER evidence_count_on_state AFTER UPDATE ON evidence_evidence
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_published();
"""
DROP = """
DROP TRIGGER evidence_count_on_state ON evidence_evidence;
DROP TRIGGER evidence_count_on_update ON evidence_evidencelink;
DROP TRIGGER evidence_count_on_delete ON evidence_evidencelink;
DROP TRIGGER evidence_count_on_insert ON evidence_evidencelink;
DROP FUNCTION evidence_published();
DROP FUNCTION evidence_links_moved();
DROP FUNCTION evidence_links_changed();
DROP FUNCTION evidence_count(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
