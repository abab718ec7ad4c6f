"""Due dates of every reason, stored and kept by the database; one view that everyone reads.

docs/decisions/0017-staleness-policies.md says why. The body of `staleness_rule` is made by
promises.staleness.reasons.rule_sql; a change there needs a new migration with its text.
"""

from importlib import import_module

from django.db import migrations

before = import_module("promises.staleness.migrations.0002_due_dates")

SITE = """
INSERT INTO staleness_reviewpolicy (
    status, watch, pause_reason, warn_days, grace_days, calendar, escalation_days, version
) VALUES ('', 'on', '', 14, 0, 'calendar', 30, 1);
"""

# Working days, counted on: 1 is the first of 1990. US federal holidays by 5 U.S.C. 6103: on a
# Saturday they are kept on the Friday before, on a Sunday on the Monday after.
CALENDAR = """
CREATE TABLE staleness_calendar (
    day_on date PRIMARY KEY, is_working boolean NOT NULL, working_days integer NOT NULL
);
INSERT INTO staleness_calendar
WITH fixed (month, day, since) AS (
    VALUES (1, 1, 0), (6, 19, 2021), (7, 4, 0), (11, 11, 0), (12, 25, 0)
), weekly (month, weekday, nth) AS (
    -- Monday is 1. The fifth Monday of May is the last one: counted back from the end.
    VALUES (1, 1, 3), (2, 1, 3), (5, 1, -1), (9, 1, 1), (10, 1, 2), (11, 4, 4)
), years AS (
    SELECT y FROM generate_series(1990, 2101) y
), holidays AS (
    SELECT make_date(y, month, day) + CASE extract(isodow FROM make_date(y, month, day))
        WHEN 6 THEN -1 WHEN 7 THEN 1 ELSE 0 END AS day_on
    FROM fixed, years WHERE y >= since
    UNION
    SELECT CASE WHEN nth > 0 THEN
            first_on + (weekday - extract(isodow FROM first_on)::int + 7) % 7 + 7 * (nth - 1)
        ELSE last_on - (extract(isodow FROM last_on)::int - weekday + 7) % 7 END
    FROM weekly, years, LATERAL (
        SELECT make_date(y, month, 1), (make_date(y, month, 1) + interval '1 month')::date - 1
    ) _ (first_on, last_on)
), days AS (
    SELECT d::date AS day_on, extract(isodow FROM d) < 6
        AND d::date NOT IN (SELECT day_on FROM holidays) AS is_working
    FROM generate_series('1990-01-01'::timestamp, '2100-12-31', '1 day') d
)
SELECT day_on, is_working, count(*) FILTER (WHERE is_working) OVER (ORDER BY day_on) FROM days;
CREATE INDEX staleness_calendar_working ON staleness_calendar (working_days) WHERE is_working;

-- Beyond the calendar five days in seven count.
CREATE FUNCTION staleness_working_later(day date, days integer) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT c.day_on FROM staleness_calendar c
        WHERE c.is_working AND c.working_days = days + (
            SELECT d.working_days FROM staleness_calendar d WHERE d.day_on = day
        )
    ), day + days * 7 / 5)
$$;
-- Apart, so that the planner can put this one in place of its calls.
CREATE FUNCTION staleness_later(day date, days integer, calendar text) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN calendar = 'working' AND days <> 0
        THEN staleness_working_later(day, days) ELSE day + days END
$$;
"""

EFFECTIVE = """
-- The day of the last change of a draft, as whoever changed it gave the time.
CREATE FUNCTION staleness_touched_on(event integer, kind text) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT (coalesce((c.metadata ->> 'at')::timestamptz, e.pgh_created_at)
        AT TIME ZONE 'UTC')::date
    FROM (
        SELECT pgh_created_at, pgh_context_id FROM updates_statusupdateevent
        WHERE kind = 'update' AND pgh_id = event
        UNION ALL
        SELECT pgh_created_at, pgh_context_id FROM pledges_pledgeevent
        WHERE kind = 'pledge' AND pgh_id = event
    ) e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
$$;

-- The policy in force for each pledge: of each setting the nearest value that is not empty.
CREATE VIEW staleness_effective AS
SELECT s.*,
    CASE WHEN watch = 'on' AND NOT (
        ends_on > last_look AND days_after_term IS NULL
        AND staleness_later(last_look, days, calendar) >= ends_on
    ) IS TRUE THEN staleness_later(last_look, days, calendar) END AS policy_due_on,
    CASE WHEN watch = 'on' AND warn_days > 0
        THEN staleness_later(staleness_later(last_look, days, calendar), -warn_days, calendar)
    END AS warn_on
FROM (
    SELECT l.*, CASE WHEN ends_on <= last_look THEN days_after_term ELSE days_in_term END AS days
    FROM (
        SELECT p.id AS pledge_id, p.state, p.status, p.status_since, p.due_on,
            p.last_reviewed_at, t.ends_on, coalesce(t.end_reason, '') AS end_reason,
            (p.published_at AT TIME ZONE 'UTC')::date AS published_on,
            p.supports_count + p.contradicts_count + p.context_count AS evidence_count,
            -- The newest of: a review or rating made here, the day up to which the present rating
            -- looked at evidence, else the day the pledge was published.
            coalesce(
                greatest((p.last_reviewed_at AT TIME ZONE 'UTC')::date, p.status_assessed_on),
                (p.published_at AT TIME ZONE 'UTC')::date
            ) AS last_look,
            r.review_by_on,
            coalesce(
                nullif(ps.watch, ''), nullif(pa.watch, ''), nullif(os.watch, ''),
                nullif(oa.watch, ''), nullif(js.watch, ''), nullif(ja.watch, ''),
                nullif(ss.watch, ''), nullif(sa.watch, ''), 'on'
            ) AS watch,
            coalesce(ps.paused_on, pa.paused_on, os.paused_on, oa.paused_on,
                js.paused_on, ja.paused_on, ss.paused_on, sa.paused_on) AS paused_on,
            coalesce(nullif(ps.pause_reason, ''), nullif(pa.pause_reason, ''),
                nullif(os.pause_reason, ''), nullif(oa.pause_reason, ''),
                nullif(js.pause_reason, ''), nullif(ja.pause_reason, ''),
                nullif(ss.pause_reason, ''), nullif(sa.pause_reason, ''), '') AS
                pause_reason,
            coalesce(ps.days_in_term, pa.days_in_term, os.days_in_term, oa.days_in_term,
                js.days_in_term, ja.days_in_term, ss.days_in_term, sa.days_in_term) AS
                days_in_term,
            coalesce(ps.days_after_term, pa.days_after_term, os.days_after_term,
                oa.days_after_term, js.days_after_term, ja.days_after_term,
                ss.days_after_term, sa.days_after_term) AS days_after_term,
            coalesce(ps.warn_days, pa.warn_days, os.warn_days, oa.warn_days,
                js.warn_days, ja.warn_days, ss.warn_days, sa.warn_days, 0) AS warn_days,
            coalesce(ps.grace_days, pa.grace_days, os.grace_days, oa.grace_days,
                js.grace_days, ja.grace_days, ss.grace_days, sa.grace_days, 0) AS
                grace_days,
            coalesce(nullif(ps.calendar, ''), nullif(pa.calendar, ''),
                nullif(os.calendar, ''), nullif(oa.calendar, ''), nullif(js.calendar,
                ''), nullif(ja.calendar, ''), nullif(ss.calendar, ''),
                nullif(sa.calendar, ''), 'calendar') AS calendar,
            coalesce(ps.owner_id, pa.owner_id, os.owner_id, oa.owner_id, js.owner_id,
                ja.owner_id, ss.owner_id, sa.owner_id) AS owner_id,
            coalesce(ps.escalation_days, pa.escalation_days, os.escalation_days,
                oa.escalation_days, js.escalation_days, ja.escalation_days,
                ss.escalation_days, sa.escalation_days) AS escalation_days,
            coalesce(ps.escalation_to_id, pa.escalation_to_id, os.escalation_to_id,
                oa.escalation_to_id, js.escalation_to_id, ja.escalation_to_id,
                ss.escalation_to_id, sa.escalation_to_id) AS escalation_to_id
        FROM pledges_pledge p
        LEFT JOIN officials_term t ON t.id = p.term_id
        LEFT JOIN officials_office o ON o.id = t.office_id
        LEFT JOIN staleness_reviewby r ON r.pledge_id = p.id
            AND r.set_at > coalesce(p.last_reviewed_at, '-infinity')
        LEFT JOIN staleness_reviewpolicy ps ON ps.pledge_id = p.id AND ps.status = p.status
        LEFT JOIN staleness_reviewpolicy pa ON pa.pledge_id = p.id AND pa.status = ''
        LEFT JOIN staleness_reviewpolicy os ON os.office_id = o.id AND os.status = p.status
        LEFT JOIN staleness_reviewpolicy oa ON oa.office_id = o.id AND oa.status = ''
        LEFT JOIN staleness_reviewpolicy js ON js.jurisdiction_id = o.jurisdiction_id
            AND js.status = p.status
        LEFT JOIN staleness_reviewpolicy ja ON ja.jurisdiction_id = o.jurisdiction_id
            AND ja.status = ''
        LEFT JOIN staleness_reviewpolicy ss ON ss.status = p.status AND ss.pledge_id IS NULL
            AND ss.office_id IS NULL AND ss.jurisdiction_id IS NULL
        LEFT JOIN staleness_reviewpolicy sa ON sa.status = '' AND sa.pledge_id IS NULL
            AND sa.office_id IS NULL AND sa.jurisdiction_id IS NULL
    ) l
) s;
"""

RULE = """
CREATE FUNCTION staleness_rule(ids bigint[]) RETURNS TABLE (
    pledge_id bigint, reason varchar, due_on date, flag_on date, until_on date,
    escalate_on date, owner_id bigint, escalation_to_id bigint, facts jsonb
) LANGUAGE sql STABLE AS $$
    WITH w AS MATERIALIZED (
        SELECT * FROM staleness_effective WHERE pledge_id = ANY(ids) AND watch = 'on'
    ), newest AS MATERIALIZED (
        SELECT DISTINCT ON (u.pledge_id) u.pledge_id, u.id, u.status, u.methodology_id,
            u.published_at, (u.published_at AT TIME ZONE 'UTC')::date AS published_on
        FROM w JOIN updates_statusupdate u ON u.pledge_id = w.pledge_id AND u.state = 'published'
        WHERE w.state = 'published' AND w.status_since IS NOT NULL
        ORDER BY u.pledge_id, u.effective_on DESC, u.id DESC
    ), due (pledge_id, reason, has_grace, due_on, until_on, facts) AS (
        SELECT pledge_id, 'review_overdue', true, due_on, until_on, facts
        FROM (
        SELECT pledge_id, policy_due_on, NULL::date,
            jsonb_build_object('last_look', last_look, 'days', days)
        FROM w WHERE state = 'published' AND policy_due_on IS NOT NULL
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'review_by_passed', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, review_by_on + 1, NULL::date,
            jsonb_build_object('review_by', review_by_on)
        FROM w WHERE state = 'published' AND review_by_on IS NOT NULL
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'deadline_passed', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, due_on + 1, NULL::date, jsonb_build_object('deadline', due_on)
        FROM w WHERE state = 'published' AND due_on IS NOT NULL AND status IN ('not_yet_rated', 'in_the_works', 'stalled')
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'term_ending', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, ends_on - 60, ends_on,
            jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN ('not_yet_rated', 'in_the_works', 'stalled')
            AND end_reason NOT IN ('recalled', 'resigned', 'appointed_elsewhere', 'removed', 'died')
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'term_ended', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, ends_on, NULL::date, jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN ('not_yet_rated', 'in_the_works', 'stalled')
            AND end_reason NOT IN ('recalled', 'resigned', 'appointed_elsewhere', 'removed', 'died')
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'office_changed', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, ends_on, NULL::date, jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN ('not_yet_rated', 'in_the_works', 'stalled')
            AND end_reason IN ('recalled', 'resigned', 'appointed_elsewhere', 'removed', 'died')
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'never_reviewed', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, published_on + 90, NULL::date,
            jsonb_build_object('published', published_on)
        FROM w WHERE state = 'published' AND last_reviewed_at IS NULL
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'no_evidence', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, published_on, NULL::date,
            jsonb_build_object('published', published_on)
        FROM w WHERE state = 'published' AND evidence_count = 0
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'single_source', false, due_on, until_on, facts
        FROM (
        SELECT newest.pledge_id, newest.published_on, NULL::date,
            jsonb_build_object('cited', count(*))
        FROM newest
        JOIN updates_citation c ON c.status_update_id = newest.id
        JOIN evidence_evidence e ON e.id = c.evidence_id AND e.state = 'published'
        WHERE newest.status IN ('kept', 'compromise', 'broken')
        GROUP BY newest.pledge_id, newest.published_on
        HAVING count(DISTINCT coalesce(nullif(lower(trim(e.publisher)), ''), '#' || e.id)) = 1
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'contradicted', false, due_on, until_on, facts
        FROM (
        SELECT newest.pledge_id, min(e.seen_on), NULL::date,
            jsonb_build_object('newer', count(*), 'first', min(e.seen_on))
        FROM newest
        JOIN w ON w.pledge_id = newest.pledge_id
        JOIN evidence_evidencelink l ON l.pledge_id = newest.pledge_id
            AND l.stance = 'contradicts'
        JOIN (
            SELECT id, published_on, published_at,
                (published_at AT TIME ZONE 'UTC')::date AS seen_on
            FROM evidence_evidence WHERE state = 'published'
        ) e ON e.id = l.evidence_id
        WHERE (
                e.published_at > greatest(newest.published_at, w.last_reviewed_at)
                OR e.published_on > w.last_look
            ) AND NOT EXISTS (
                SELECT FROM updates_citation c
                WHERE c.status_update_id = newest.id AND c.evidence_id = e.id
            )
        GROUP BY newest.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'metric_moved', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(o.vintage_on), NULL::date,
            jsonb_build_object('figures', count(*), 'first', min(o.vintage_on))
        FROM w
        JOIN staleness_metriclimit l ON l.pledge_id = w.pledge_id
        JOIN metrics_metric m ON m.id = l.metric_id AND m.state = 'published'
        JOIN metrics_observation o ON o.metric_id = l.metric_id AND o.vintage_on > w.last_look
        WHERE w.state = 'published' AND CASE l.direction WHEN 'above' THEN o.value > l.value
            ELSE o.value < l.value END
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'methodology_changed', false, due_on, until_on, facts
        FROM (
        SELECT newest.pledge_id, min(later.published_on) + 180, NULL::date,
            jsonb_build_object('in_force', min(later.published_on))
        FROM newest
        JOIN updates_methodologyversion used ON used.id = newest.methodology_id
        JOIN updates_methodologyversion later ON later.published_on > used.published_on
        GROUP BY newest.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'approval_waiting', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(u.on_day) + 7, NULL::date,
            jsonb_build_object('handed_in', min(u.on_day))
        FROM w JOIN (
            SELECT pledge_id, (submitted_at AT TIME ZONE 'UTC')::date AS on_day
            FROM updates_statusupdate WHERE state = 'in_review'
        ) u ON u.pledge_id = w.pledge_id
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'draft_abandoned', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, min(touched_on) + 30, NULL::date,
            jsonb_build_object('touched', min(touched_on))
        FROM (
            SELECT w.pledge_id, u.id, staleness_touched_on(max(e.pgh_id), 'update') AS touched_on
            FROM w
            JOIN updates_statusupdate u ON u.pledge_id = w.pledge_id AND u.state = 'draft'
            JOIN updates_statusupdateevent e ON e.pgh_obj_id = u.id
            GROUP BY w.pledge_id, u.id
            UNION ALL
            SELECT w.pledge_id, w.pledge_id, staleness_touched_on(max(e.pgh_id), 'pledge')
            FROM w JOIN pledges_pledgeevent e ON e.pgh_obj_id = w.pledge_id
            WHERE w.state = 'draft' GROUP BY w.pledge_id
        ) drafts GROUP BY pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
    )
    SELECT due.pledge_id, due.reason, due.due_on, flag.flag_on, due.until_on,
        staleness_later(flag.flag_on, w.escalation_days, w.calendar),
        w.owner_id, w.escalation_to_id, due.facts
    FROM due
    JOIN w ON w.pledge_id = due.pledge_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN due.has_grace
            THEN staleness_later(due.due_on, w.grace_days, w.calendar) ELSE due.due_on END
    ) flag (flag_on)
    WHERE due.due_on IS NOT NULL
$$;
"""

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

FILL = """
INSERT INTO staleness_sourcebeat (slug, newest_on)
SELECT split_part(source, '/', 1), max(vintage_on) FROM metrics_observation GROUP BY 1;
SELECT staleness_derive_many(ARRAY(SELECT id FROM pledges_pledge ORDER BY id));
"""

TABLES = (
    "pledges_pledge", "updates_statusupdate", "evidence_evidencelink", "evidence_evidence",
    "staleness_reviewby", "staleness_metriclimit", "officials_term", "officials_office",
    "updates_methodologyversion", "metrics_observation", "metrics_metric",
    "staleness_reviewpolicy",
)  # fmt: skip
FUNCTIONS = (
    "pledges_added()", "pledges_changed()", "pledges_gone()", "rows_changed()", "rows_updated()",
    "evidence_changed()", "terms_changed()", "offices_changed()", "rules_changed()",
    "figures_added()", "metrics_changed()", "policies_changed()", "policies_updated()",
    "pledges_of(staleness_reviewpolicy[])", "derive_many(bigint[])", "derive(bigint[])",
    "rule(bigint[])", "touched_on(integer, text)",
)  # fmt: skip
DROP = (
    "".join(
        f"DROP TRIGGER IF EXISTS zz_staleness_{event} ON {table};"
        for table in TABLES
        for event in ("added", "changed", "gone")
    )
    + "DROP VIEW staleness_due;"
    + "".join(f"DROP FUNCTION staleness_{function};" for function in FUNCTIONS)
    + """
DROP VIEW staleness_effective;
DROP FUNCTION staleness_later(date, integer, text);
DROP FUNCTION staleness_working_later(date, integer);
DROP TABLE staleness_calendar;
DELETE FROM staleness_reviewpolicy WHERE status = '';
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("staleness", "0005_policies_and_reasons"),
        ("evidence", "0002_evidence_counts"),
        ("updates", "0003_history"),
    ]
    operations = [
        migrations.RunSQL(before.DROP, before.CREATE),
        migrations.RunSQL(
            SITE + CALENDAR + EFFECTIVE + RULE + DERIVE + TRIGGERS + SHARED + POLICIES + FILL, DROP
        ),
    ]
