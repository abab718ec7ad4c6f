"""Due dates of every reason, stored and kept by the database; one view that everyone reads.

docs/decisions/0017-staleness-policies.md says why.
"""

from django.db import migrations

DERIVE = """
-- Makes the stored dates of some pledges equal to the rule. The locks put writers of different
-- tables in a row, so that the last one computes from what all of them wrote.
CREATE FUNCTION staleness_derive(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM set_config('staleness.deriving', 'on', true);
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
    PERFORM set_config('staleness.deriving', 'off', true);
END $$;

-- For changes that touch many: in parts, and saying how far it is.
CREATE FUNCTION staleness_derive_many(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part constant integer := 20000;
BEGIN
    FOR done IN 0 .. coalesce(cardinality(ids), 0) - 1 BY part LOOP
        PERFORM staleness_derive(ids[done + 1 : done + part]);
        RAISE NOTICE 'due dates of % of % pledges', least(done + part, cardinality(ids)),
            cardinality(ids);
    END LOOP;
END $$;

CREATE VIEW staleness_due (
    id, pledge_id, reason, due_on, flag_on, until_on, escalate_on, owner_id, escalation_to_id, facts
) AS
    SELECT pledge_id || ':' || reason, pledge_id, reason, due_on, flag_on, until_on, escalate_on,
        owner_id, escalation_to_id, facts
    FROM staleness_duedate;
"""

# Named to run after the triggers that derive a pledge's status: alphabetical order.
TRIGGERS = """
CREATE FUNCTION staleness_pledges_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(SELECT id FROM added ORDER BY id));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_pledges_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('staleness.deriving', true) IS NOT DISTINCT FROM 'on' THEN
        RETURN NULL;
    END IF;
    PERFORM staleness_derive_many(ARRAY(
        SELECT after.id FROM before JOIN after ON after.id = before.id
        WHERE (
            before.state, before.status, before.status_since, before.status_assessed_on,
            before.published_at, before.last_reviewed_at, before.due_on, before.term_id,
            before.supports_count, before.contradicts_count, before.context_count,
            before.review_due_on
        ) IS DISTINCT FROM (
            after.state, after.status, after.status_since, after.status_assessed_on,
            after.published_at, after.last_reviewed_at, after.due_on, after.term_id,
            after.supports_count, after.contradicts_count, after.context_count,
            after.review_due_on
        ) OR after.state = 'draft' AND after.version <> before.version
        ORDER BY after.id
    ));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_pledges_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('staleness.deriving', 'on', true);
    DELETE FROM staleness_duedate WHERE pledge_id IN (SELECT id FROM gone);
    PERFORM set_config('staleness.deriving', 'off', true);
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON pledges_pledge
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION staleness_pledges_added();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON pledges_pledge
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_pledges_changed();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON pledges_pledge
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION staleness_pledges_gone();

-- Tables whose rows belong to a pledge.
CREATE FUNCTION staleness_rows_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(SELECT DISTINCT pledge_id FROM rows ORDER BY pledge_id));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_rows_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        SELECT pledge_id FROM before UNION SELECT pledge_id FROM after ORDER BY pledge_id
    ));
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER zz_staleness_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_rows_changed();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_rows_changed();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_rows_updated();
"""
    for table in (
        "updates_statusupdate",
        "evidence_evidencelink",
        "staleness_reviewby",
        "staleness_metriclimit",
        "suggestions_challenge",
    )
)

# Tables that many pledges rest on.
SHARED = """
CREATE FUNCTION staleness_evidence_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        WITH changed AS (
            SELECT after.id FROM before JOIN after ON after.id = before.id
            WHERE (before.state, before.publisher, before.published_on)
                IS DISTINCT FROM (after.state, after.publisher, after.published_on)
        )
        SELECT l.pledge_id FROM evidence_evidencelink l JOIN changed ON changed.id = l.evidence_id
        UNION
        SELECT u.pledge_id FROM updates_citation c JOIN changed ON changed.id = c.evidence_id
        JOIN updates_statusupdate u ON u.id = c.status_update_id AND u.state = 'published'
        ORDER BY 1
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON evidence_evidence
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_evidence_changed();

CREATE FUNCTION staleness_terms_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        SELECT p.id FROM before JOIN after ON after.id = before.id
        JOIN pledges_pledge p ON p.term_id = after.id
        WHERE (before.ends_on, before.end_reason, before.office_id)
            IS DISTINCT FROM (after.ends_on, after.end_reason, after.office_id)
        ORDER BY p.id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON officials_term
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_terms_changed();

CREATE FUNCTION staleness_offices_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        SELECT p.id FROM before JOIN after ON after.id = before.id
        JOIN officials_term t ON t.office_id = after.id
        JOIN pledges_pledge p ON p.term_id = t.id
        WHERE before.jurisdiction_id <> after.jurisdiction_id
        ORDER BY p.id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON officials_office
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_offices_changed();

-- A new version of the rules concerns every pledge with a rating.
CREATE FUNCTION staleness_rules_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        SELECT id FROM pledges_pledge WHERE status_since IS NOT NULL ORDER BY id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER INSERT OR UPDATE OR DELETE ON updates_methodologyversion
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_rules_changed();

-- Sources of figures are counted along: values are only ever added.
CREATE FUNCTION staleness_figures_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO staleness_sourcebeat AS b (slug, newest_on)
    SELECT split_part(source, '/', 1), max(vintage_on) FROM added GROUP BY 1 ORDER BY 1
    ON CONFLICT (slug) DO UPDATE SET newest_on = excluded.newest_on
    WHERE excluded.newest_on > b.newest_on;
    PERFORM staleness_derive_many(ARRAY(
        SELECT DISTINCT l.pledge_id
        FROM (SELECT DISTINCT metric_id FROM added) a
        JOIN staleness_metriclimit l ON l.metric_id = a.metric_id ORDER BY l.pledge_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON metrics_observation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION staleness_figures_added();

CREATE FUNCTION staleness_metrics_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        SELECT DISTINCT l.pledge_id FROM before JOIN after ON after.id = before.id
        JOIN staleness_metriclimit l ON l.metric_id = after.id
        WHERE before.state <> after.state ORDER BY l.pledge_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON metrics_metric
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_metrics_changed();
"""

# A policy concerns the pledges of its place and rating.
POLICIES = """
CREATE FUNCTION staleness_pledges_of(policies staleness_reviewpolicy[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT p.id FROM pledges_pledge p
        LEFT JOIN officials_term t ON t.id = p.term_id
        LEFT JOIN officials_office o ON o.id = t.office_id
        WHERE EXISTS (
            SELECT FROM unnest(policies) c
            WHERE c.status IN ('', p.status) AND (
                c.pledge_id = p.id OR c.office_id = o.id OR c.jurisdiction_id = o.jurisdiction_id
                OR (c.pledge_id IS NULL AND c.office_id IS NULL AND c.jurisdiction_id IS NULL)
            )
        )
        ORDER BY p.id
    )
$$;
CREATE FUNCTION staleness_policies_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of(ARRAY(
        SELECT c::text::staleness_reviewpolicy FROM policies c
    )));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_policies_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of(ARRAY(
        SELECT b::text::staleness_reviewpolicy FROM before b
        UNION ALL SELECT a::text::staleness_reviewpolicy FROM after a
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON staleness_reviewpolicy
    REFERENCING NEW TABLE AS policies
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_policies_changed();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON staleness_reviewpolicy
    REFERENCING OLD TABLE AS policies
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_policies_changed();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON staleness_reviewpolicy
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_policies_updated();
"""

TABLES = (
    "pledges_pledge", "updates_statusupdate", "evidence_evidencelink", "evidence_evidence",
    "staleness_reviewby", "staleness_metriclimit", "officials_term", "officials_office",
    "updates_methodologyversion", "metrics_observation", "metrics_metric",
    "staleness_reviewpolicy", "suggestions_challenge",
)  # fmt: skip
FUNCTIONS = (
    "pledges_added()", "pledges_changed()", "pledges_gone()", "rows_changed()", "rows_updated()",
    "evidence_changed()", "terms_changed()", "offices_changed()", "rules_changed()",
    "figures_added()", "metrics_changed()", "policies_changed()", "policies_updated()",
    "pledges_of(staleness_reviewpolicy[])", "derive_many(bigint[])", "derive(bigint[])",
)  # fmt: skip
DROP = (
    "".join(
        f"DROP TRIGGER IF EXISTS zz_staleness_{event} ON {table};"
        for table in TABLES
        for event in ("added", "changed", "gone")
    )
    + "DROP VIEW staleness_due;"
    + "".join(f"DROP FUNCTION staleness_{function};" for function in FUNCTIONS)
)


class Migration(migrations.Migration):
    dependencies = [("staleness", "0003_rule")]
    operations = [migrations.RunSQL(DERIVE + TRIGGERS + SHARED + POLICIES, DROP)]
