"""Whether a source is captured: one place that publishing, pages and staleness ask."""

from django.db import migrations

CREATE = """
CREATE FUNCTION captures_is_secured(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM captures_capture c
        JOIN evidence_evidence e ON e.id = c.evidence_id
        JOIN captures_storedfile f ON f.sha256 = c.body_id
        WHERE c.evidence_id = wanted AND c.is_good AND f.damaged_at IS NULL
            AND (c.how = 'uploaded' OR c.asked_url = e.url)
    ) OR EXISTS (
        SELECT FROM captures_capturewaiver w
        WHERE w.evidence_id = wanted AND w.ended_at IS NULL
    )
$$;
"""
DROP = "DROP FUNCTION captures_is_secured(bigint);"


class Migration(migrations.Migration):
    dependencies = [("captures", "0001_copies_of_evidence")]
    operations = [migrations.RunSQL(CREATE, DROP)]
