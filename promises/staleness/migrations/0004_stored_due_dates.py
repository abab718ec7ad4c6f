"""Due dates of every reason, stored and kept by the database; one view that everyone reads.

docs/decisions/0017-staleness-policies.md says why.
"""

from django.db import migrations

DERIVE = """
-- Makes the stored dates of some pledges equal to the rule. The locks put writers of different
-- tables in a row, so that the last one computes from what all of them wrote.
CREATE FUNCTION staleness_derive(ids bigint[]) RETURNS void LANGUAGE plpgsql
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

TRIGGERS = """
CREATE FUNCTION staleness_pledges_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(SELECT id FROM added ORDER BY id));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_pledges_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE FUNCTION staleness_pledges_gone() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM staleness_duedate WHERE pledge_id IN (SELECT id FROM gone);
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
        "metrics_metricpledge",
        "pledges_pledgetranslation",
        "record_requests_requestpledge",
    )
)

# Tables that many pledges rest on.
SHARED = """
CREATE FUNCTION staleness_pledges_of_evidence(pieces bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT pledge_id FROM evidence_evidencelink WHERE evidence_id = ANY(pieces)
        UNION
        SELECT u.pledge_id FROM updates_citation c
        JOIN updates_statusupdate u ON u.id = c.status_update_id AND u.state = 'published'
        WHERE c.evidence_id = ANY(pieces)
        ORDER BY 1
    )
$$;
-- Evidence that has another address needs another copy.
CREATE FUNCTION staleness_evidence_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT after.id FROM before JOIN after ON after.id = before.id
        WHERE (before.state, before.publisher, before.published_on, before.url)
            IS DISTINCT FROM (after.state, after.publisher, after.published_on, after.url)
    )));
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

CREATE FUNCTION staleness_requests_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(ARRAY(
        SELECT DISTINCT about.pledge_id FROM before JOIN after ON after.id = before.id
        JOIN record_requests_requestpledge about ON about.record_request_id = after.id
        WHERE (before.state, before.next_due_on) IS DISTINCT FROM (after.state, after.next_due_on)
        ORDER BY about.pledge_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON record_requests_recordrequest
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_requests_changed();
"""

# Originals that went or changed, and copies that secure a rating.
ORIGINALS_AND_COPIES = """
CREATE FUNCTION staleness_originals_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT after.evidence_id FROM before JOIN after ON after.id = before.id
        WHERE (before.lost_at, before.changed_at) IS DISTINCT FROM (after.lost_at, after.changed_at)
    )));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_original_there_or_not() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT evidence_id FROM rows WHERE lost_at IS NOT NULL OR changed_at IS NOT NULL
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON sources_source REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_original_there_or_not();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON sources_source REFERENCING OLD TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_original_there_or_not();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON sources_source
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_originals_changed();

CREATE FUNCTION staleness_copies_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT after.evidence_id FROM before JOIN after ON after.id = before.id
        WHERE before.is_good <> after.is_good
    )));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_copy_there_or_not() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT evidence_id FROM rows WHERE is_good
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON captures_capture REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_copy_there_or_not();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON captures_capture REFERENCING OLD TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_copy_there_or_not();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON captures_capture
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_copies_changed();

CREATE FUNCTION staleness_files_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT c.evidence_id FROM before JOIN after ON after.sha256 = before.sha256
        JOIN captures_capture c ON c.body_id = after.sha256
        WHERE (before.damaged_at IS NULL) <> (after.damaged_at IS NULL)
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON captures_storedfile
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_files_changed();

CREATE FUNCTION staleness_waivers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_evidence(ARRAY(
        SELECT evidence_id FROM rows
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON captures_capturewaiver
    REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_waivers_changed();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON captures_capturewaiver
    REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_waivers_changed();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON captures_capturewaiver
    REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_waivers_changed();
"""

# Of figures of one day, the day is as exact as the one that says it most exactly.
_NEWEST = """
        SELECT DISTINCT ON (slug) slug, newest_on, newest_precision
        FROM (
            SELECT split_part(source, '/', 1) AS slug, vintage_precision AS newest_precision,
                max(vintage_on) AS newest_on
            FROM {rows} GROUP BY 1, 2
        ) each ORDER BY slug, newest_on DESC, newest_precision
"""
# Sources of figures are counted along. One is as new as its newest value that stands.
FIGURES = f"""
CREATE FUNCTION staleness_pledges_of_metrics(metrics bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT pledge_id FROM staleness_metriclimit WHERE metric_id = ANY(metrics)
        UNION SELECT pledge_id FROM metrics_metricpledge WHERE metric_id = ANY(metrics)
        ORDER BY 1
    )
$$;
CREATE FUNCTION staleness_figures_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO staleness_sourcebeat AS b (slug, newest_on, newest_precision, silent_on)
    SELECT a.slug, a.newest_on, a.newest_precision, staleness_silent_on(a.newest_on, s.cadence)
    FROM ({_NEWEST.format(rows="added")}
    ) a LEFT JOIN metrics_metricsource s ON s.slug = a.slug
    ON CONFLICT (slug) DO UPDATE SET newest_on = excluded.newest_on,
        newest_precision = excluded.newest_precision, silent_on = excluded.silent_on
    WHERE excluded.newest_on > b.newest_on;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT DISTINCT metric_id FROM added
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON metrics_observation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION staleness_figures_added();
CREATE FUNCTION staleness_figures_retracted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slugs text[] := ARRAY(SELECT DISTINCT split_part(source, '/', 1) FROM after);
BEGIN
    DELETE FROM staleness_sourcebeat WHERE slug = ANY(slugs);
    INSERT INTO staleness_sourcebeat (slug, newest_on, newest_precision, silent_on)
    SELECT n.slug, n.newest_on, n.newest_precision, staleness_silent_on(n.newest_on, s.cadence)
    FROM ({_NEWEST.format(
        rows="metrics_observation"
        " WHERE retracted_at IS NULL AND split_part(source, '/', 1) = ANY(slugs)"
    )}
    ) n LEFT JOIN metrics_metricsource s ON s.slug = n.slug;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT DISTINCT metric_id FROM after
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON metrics_observation
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_figures_retracted();
CREATE FUNCTION staleness_metrics_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT after.id FROM before JOIN after ON after.id = before.id
        WHERE before.state <> after.state
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON metrics_metric
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_metrics_changed();

-- A source that is new, or says another rhythm, concerns the series that have values of it.
CREATE FUNCTION staleness_sources_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE staleness_sourcebeat b SET silent_on = staleness_silent_on(b.newest_on, s.cadence)
    FROM sources s WHERE s.slug = b.slug;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT m.id FROM metrics_metric m WHERE EXISTS (
            SELECT FROM metrics_observation o JOIN sources s ON s.slug = split_part(o.source, '/', 1)
            WHERE o.metric_id = m.id
        )
    )));
    RETURN NULL;
END $$;
CREATE TRIGGER zz_staleness_added AFTER INSERT ON metrics_metricsource
    REFERENCING NEW TABLE AS sources
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_sources_changed();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON metrics_metricsource
    REFERENCING NEW TABLE AS sources
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_sources_changed();
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
    "captures_capture", "captures_capturewaiver", "captures_storedfile", "evidence_evidence",
    "evidence_evidencelink", "metrics_metric", "metrics_metricpledge", "metrics_metricsource",
    "metrics_observation", "officials_office", "officials_term", "pledges_pledge",
    "pledges_pledgetranslation", "record_requests_recordrequest", "record_requests_requestpledge",
    "sources_source", "staleness_metriclimit", "staleness_reviewby", "staleness_reviewpolicy",
    "suggestions_challenge", "updates_methodologyversion", "updates_statusupdate",
)  # fmt: skip
FUNCTIONS = (
    "pledges_added()", "pledges_changed()", "pledges_gone()", "rows_changed()", "rows_updated()",
    "evidence_changed()", "terms_changed()", "offices_changed()", "rules_changed()",
    "requests_changed()", "originals_changed()", "original_there_or_not()", "copies_changed()",
    "copy_there_or_not()", "files_changed()", "waivers_changed()", "figures_added()",
    "figures_retracted()", "metrics_changed()", "sources_changed()", "policies_changed()",
    "policies_updated()", "pledges_of(staleness_reviewpolicy[])", "pledges_of_evidence(bigint[])",
    "pledges_of_metrics(bigint[])", "derive_many(bigint[])", "derive(bigint[])",
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
    operations = [
        migrations.RunSQL(
            DERIVE + TRIGGERS + SHARED + ORIGINALS_AND_COPIES + FIGURES + POLICIES, DROP
        )
    ]
