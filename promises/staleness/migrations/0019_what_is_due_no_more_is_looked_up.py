"""What is due no more is looked up in what is, however many pledges are computed at once.

It was compared, row by row, wherever PostgreSQL knew nothing yet of how many due dates there are,
as after a first load: of 200,000 pledges that took more than an hour. Only that condition changed.
"""

from django.db import migrations

COMPUTE = """
CREATE OR REPLACE FUNCTION staleness_derive(ids bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    -- A few rows are best served by a plan made once, many by one made for their number.
    PERFORM set_config('plan_cache_mode', CASE WHEN cardinality(ids) > 500
        THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true);
    PERFORM FROM (
        SELECT FROM pledges_pledge WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE
    ) locked;
    UPDATE pledges_pledge p SET review_due_on = e.review_due_on
    FROM (
        SELECT pledge_id, CASE WHEN watch = 'on' THEN least(policy_due_on, review_by_on) END
            AS review_due_on
        FROM staleness_effective WHERE pledge_id = ANY(ids)
    ) e
    WHERE p.id = e.pledge_id AND p.review_due_on IS DISTINCT FROM e.review_due_on;
    WITH fresh AS MATERIALIZED (
        SELECT * FROM staleness_rule(ids)
    ), gone AS (
        -- NOT IN is a hash table whatever is known of the tables, where NOT EXISTS may compare each
        -- with all.
        DELETE FROM staleness_duedate d WHERE d.pledge_id = ANY(ids)
            AND (d.pledge_id, d.reason) NOT IN (SELECT f.pledge_id, f.reason FROM fresh f)
    )
    INSERT INTO staleness_duedate AS d (
        pledge_id, reason, due_on, flag_on, until_on, escalate_on, owner_id, escalation_to_id, facts
    )
    SELECT * FROM fresh
    ON CONFLICT (pledge_id, reason) DO UPDATE SET
        due_on = excluded.due_on, flag_on = excluded.flag_on, until_on = excluded.until_on,
        escalate_on = excluded.escalate_on, owner_id = excluded.owner_id,
        escalation_to_id = excluded.escalation_to_id, facts = excluded.facts
    WHERE (d.due_on, d.flag_on, d.until_on, d.escalate_on, d.owner_id, d.escalation_to_id, d.facts)
        IS DISTINCT FROM (
            excluded.due_on, excluded.flag_on, excluded.until_on, excluded.escalate_on,
            excluded.owner_id, excluded.escalation_to_id, excluded.facts
        );
    PERFORM set_config('plan_cache_mode', 'auto', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staleness", "0018_flags_land_on_people")]
    operations = [migrations.RunSQL(COMPUTE, migrations.RunSQL.noop)]
