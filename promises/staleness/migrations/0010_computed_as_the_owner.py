"""Due dates are computed as the owner of the tables: who writes the record need not write them.

What said that they are being computed was a setting, and any session may set one. Now the login of
the site has no right to write the table (promises/accounts/database_roles.py), and the guard of the
table looks at what called it.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

COMPUTE = """
-- Makes the stored dates of some pledges equal to the rule. The locks put writers of different
-- tables in a row, so that the last one computes from what all of them wrote.
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
        DELETE FROM staleness_duedate d WHERE d.pledge_id = ANY(ids) AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.pledge_id = d.pledge_id AND f.reason = d.reason
        )
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

CREATE OR REPLACE FUNCTION staleness_pledges_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
            OR pg_trigger_depth() = 1 AND before.review_due_on IS DISTINCT FROM after.review_due_on
        ORDER BY after.id
    ));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION staleness_pledges_gone() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM staleness_duedate WHERE pledge_id IN (SELECT id FROM gone);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("staleness", "0009_a_sweep_ends_by_the_shared_clock")]
    operations = [
        migrations.RunSQL(COMPUTE, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='duedate',
            name='due_dates_are_computed',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='duedate',
            trigger=pgtrigger.compiler.Trigger(name='due_dates_are_computed', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE callers text;', func="\n        GET DIAGNOSTICS callers = PG_CONTEXT;\n        IF callers !~ '\\mfunction (public\\.)?staleness_(derive|pledges_gone)\\(' THEN\n            RAISE EXCEPTION 'Due dates follow from the record and its policies; change those.'\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ", hash='3004979587209c11629dad4eef08c68b07f855e4', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_due_dates_are_computed_ffadd', table='staleness_duedate', when='BEFORE')),
        ),
    ]
