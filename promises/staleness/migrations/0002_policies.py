"""The site's review policies, the calendar of working days, and the policy in force for a pledge."""

from django.db import migrations

POLICIES = """
-- Days until the next look, while the term runs and once it is over. Editors change them on the
-- desk. Kept, broken and compromise are final once the term is over: nothing is due then.
-- The last row is the rest of the site's policy, for any status.
INSERT INTO staleness_reviewpolicy (
    status, days_in_term, days_after_term, watch, warn_days, grace_days, calendar,
    escalation_days, pause_reason, version
) VALUES
    ('not_yet_rated', 180, 180, '', NULL, NULL, '', NULL, '', 1),
    ('in_the_works', 180, 180, '', NULL, NULL, '', NULL, '', 1),
    ('stalled', 180, 180, '', NULL, NULL, '', NULL, '', 1),
    ('compromise', 365, NULL, '', NULL, NULL, '', NULL, '', 1),
    ('kept', 365, NULL, '', NULL, NULL, '', NULL, '', 1),
    ('broken', 365, NULL, '', NULL, NULL, '', NULL, '', 1),
    ('unratable', 365, NULL, '', NULL, NULL, '', NULL, '', 1),
    ('', NULL, NULL, 'on', 14, 0, 'calendar', 30, '', 1);
"""

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

DROP = """
DROP VIEW staleness_effective;
DROP FUNCTION staleness_later(date, integer, text);
DROP FUNCTION staleness_working_later(date, integer);
DROP TABLE staleness_calendar;
DELETE FROM staleness_reviewpolicy;
"""


class Migration(migrations.Migration):
    dependencies = [("staleness", "0001_initial"), ("pledges", "0002_edition_of_pledge")]
    operations = [migrations.RunSQL(POLICIES + CALENDAR + EFFECTIVE, DROP)]
