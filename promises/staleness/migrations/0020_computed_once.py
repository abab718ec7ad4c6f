"""Due dates asked for directly are computed once.

Computing a pledge sets the day of its next review, and that rang the trigger of pledges: whoever
was not within a trigger already computed everything twice. Whether that day was set by computing is
now asked of what called, as the guard of the due dates asks it.
"""

from django.db import migrations

CHANGED = """
CREATE OR REPLACE FUNCTION staleness_pledges_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    callers text;
    is_computed boolean;
BEGIN
    GET DIAGNOSTICS callers = PG_CONTEXT;
    is_computed := callers ~ '\\mfunction (public\\.)?staleness_derive\\(';
    PERFORM staleness_derive_many(ARRAY(
        SELECT after.id FROM before JOIN after ON after.id = before.id
        WHERE (
            before.state, before.status, before.status_since, before.status_assessed_on,
            before.published_at, before.last_reviewed_at, before.due_on, before.term_id,
            before.supports_count, before.contradicts_count, before.context_count
        ) IS DISTINCT FROM (
            after.state, after.status, after.status_since, after.status_assessed_on,
            after.published_at, after.last_reviewed_at, after.due_on, after.term_id,
            after.supports_count, after.contradicts_count, after.context_count
        ) OR after.state = 'draft' AND after.version <> before.version
            -- Where nobody but staleness_derive has set it, it is right.
            OR NOT is_computed AND before.review_due_on IS DISTINCT FROM after.review_due_on
        ORDER BY after.id
    ));
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staleness", "0019_what_is_due_no_more_is_looked_up")]
    operations = [migrations.RunSQL(CHANGED, migrations.RunSQL.noop)]
