"""Two who link evidence to a pledge at once: the later one counts what both wrote.

The pledges are locked before anything is read. In plpgsql, where each statement sees what was
committed before it; in SQL the whole function sees what was there when it began.
"""

from django.db import migrations

DROP = "DROP FUNCTION evidence_count(bigint[]);"
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
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_published_before_it_is_cited")]
    operations = [migrations.RunSQL(DROP + CREATE, migrations.RunSQL.noop)]
