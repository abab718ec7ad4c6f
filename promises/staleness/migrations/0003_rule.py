"""The rule that says when each reason is due, and the rhythms it knows sources by.

The body of `staleness_rule` is made by promises.staleness.triggers.rule_sql; a change there needs a
new migration with its text.
"""

from django.db import migrations

TOUCHED = """
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
"""
# What a source says of its rhythm, as days: the first word found decides, the more frequent ones
# first. After two turns without new figures it counts as silent.
RHYTHM = """
CREATE FUNCTION staleness_cadence_days(words text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN words ~* 'one-off' THEN NULL
        WHEN words ~* 'nightly|daily|every day' THEN 1
        WHEN words ~* 'week' THEN 7
        WHEN words ~* 'month' THEN 31
        WHEN words ~* 'quarter' THEN 92
        WHEN words ~* 'half-year|half year|twice a year' THEN 183
        WHEN words ~* 'year|annual' THEN 366
    END
$$;
CREATE FUNCTION staleness_silent_on(newest_on date, words text) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT newest_on + 2 * staleness_cadence_days(words) + 1
$$;
"""
RULE = """
CREATE FUNCTION staleness_rule(ids bigint[]) RETURNS TABLE (
    pledge_id bigint, reason varchar, due_on date, flag_on date, until_on date,
    escalate_on date, owner_id bigint, escalation_to_id bigint, facts jsonb
) LANGUAGE sql STABLE AS $$
    WITH w AS MATERIALIZED (
        SELECT * FROM staleness_effective
        WHERE pledge_id = ANY(ids) AND watch NOT IN ('off', 'paused')
    ), newest AS MATERIALIZED (
        SELECT DISTINCT ON (u.pledge_id) u.pledge_id, u.id, u.status, u.methodology_id,
            u.published_at, (u.published_at AT TIME ZONE 'UTC')::date AS published_on
        FROM w JOIN updates_statusupdate u ON u.pledge_id = w.pledge_id AND u.state = 'published'
        WHERE w.state = 'published' AND w.status_since IS NOT NULL
        ORDER BY u.pledge_id, u.effective_on DESC, u.id DESC
    ), due (pledge_id, reason, has_grace, due_on, until_on, facts) AS MATERIALIZED (
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
        SELECT pledge_id, 'evidence_withdrawn', false, due_on, until_on, facts
        FROM (
        SELECT newest.pledge_id, min(e.withdrawn_on), NULL::date,
            jsonb_build_object('withdrawn', count(*), 'first', min(e.withdrawn_on))
        FROM newest
        JOIN w ON w.pledge_id = newest.pledge_id
        JOIN updates_citation c ON c.status_update_id = newest.id
        JOIN (
            SELECT id, retracted_at, (retracted_at AT TIME ZONE 'UTC')::date AS withdrawn_on
            FROM evidence_evidence WHERE state = 'retracted'
        ) e ON e.id = c.evidence_id
        WHERE e.retracted_at > greatest(newest.published_at, w.last_reviewed_at, '-infinity')
        GROUP BY newest.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'evidence_dead', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(s.lost_on), NULL::date,
            jsonb_build_object('gone', count(DISTINCT e.id), 'first', min(s.lost_on))
        FROM w
        LEFT JOIN newest ON newest.pledge_id = w.pledge_id
        JOIN evidence_evidencelink l ON l.pledge_id = w.pledge_id
        JOIN evidence_evidence e ON e.id = l.evidence_id AND e.state = 'published'
        JOIN (
            SELECT evidence_id, lost_at, (lost_at AT TIME ZONE 'UTC')::date AS lost_on
            FROM sources_source WHERE lost_at IS NOT NULL
        ) s ON s.evidence_id = e.id
        WHERE w.state = 'published'
            AND s.lost_at > greatest(newest.published_at, w.last_reviewed_at, '-infinity')
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'evidence_changed', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(s.changed_on), NULL::date,
            jsonb_build_object('changed', count(DISTINCT e.id), 'first', min(s.changed_on))
        FROM w
        JOIN evidence_evidencelink l ON l.pledge_id = w.pledge_id
        JOIN evidence_evidence e ON e.id = l.evidence_id AND e.state = 'published'
        JOIN (
            SELECT evidence_id, (changed_at AT TIME ZONE 'UTC')::date AS changed_on
            FROM sources_source WHERE changed_at IS NOT NULL
        ) s ON s.evidence_id = e.id
        WHERE w.state = 'published'
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'evidence_uncaptured', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, min(cited_on) + 7, NULL::date,
            jsonb_build_object('missing', count(*), 'first', min(cited_on))
        FROM (
            SELECT newest.pledge_id,
                (greatest(newest.published_at, e.published_at) AT TIME ZONE 'UTC')::date AS cited_on
            FROM newest
            JOIN updates_citation c ON c.status_update_id = newest.id
            JOIN evidence_evidence e ON e.id = c.evidence_id AND e.state = 'published'
            WHERE NOT captures_is_secured(e.id)
        ) bare
        GROUP BY pledge_id
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
            AND o.retracted_at IS NULL
        WHERE w.state = 'published' AND CASE l.direction WHEN 'above' THEN o.value > l.value
            ELSE o.value < l.value END
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'import_not_run', false, due_on, until_on, facts
        FROM (
        SELECT pledge_id, min(silent_on), NULL::date,
            (array_agg(jsonb_build_object('newest', newest_on, 'days', days)
                ORDER BY silent_on, newest_on))[1]
        FROM (
            SELECT w.pledge_id, o.vintage_on AS newest_on,
                staleness_cadence_days(s.cadence) AS days,
                staleness_silent_on(o.vintage_on, s.cadence) AS silent_on
            FROM w
            JOIN metrics_metricpledge l ON l.pledge_id = w.pledge_id
            JOIN metrics_metric m ON m.id = l.metric_id AND m.state = 'published'
            CROSS JOIN LATERAL (
                SELECT vintage_on, split_part(source, '/', 1) AS slug FROM metrics_observation
                WHERE metric_id = m.id AND retracted_at IS NULL
                ORDER BY vintage_on DESC, id DESC LIMIT 1
            ) o
            JOIN metrics_metricsource s ON s.slug = o.slug
            WHERE w.state = 'published'
        ) series
        WHERE silent_on IS NOT NULL
        GROUP BY pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'request_overdue', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(r.due_on) + 1, NULL::date,
            jsonb_build_object('requests', count(*), 'due', min(r.due_on))
        FROM w JOIN record_requests_due r ON r.pledge_id = w.pledge_id
        WHERE w.state = 'published'
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'translation_behind', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(t.behind_on) + 7, NULL::date,
            jsonb_build_object('translations', count(*), 'behind', min(t.behind_on))
        FROM w JOIN pledges_pledgetranslation t ON t.pledge_id = w.pledge_id
            AND t.state = 'published' AND t.behind_on IS NOT NULL
        WHERE w.state = 'published'
        GROUP BY w.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'methodology_changed', false, due_on, until_on, facts
        FROM (
        SELECT newest.pledge_id, min(later.published_on) + 180, NULL::date,
            jsonb_build_object('in_force', min(later.published_on))
        FROM newest
        JOIN updates_methodologyversion used ON used.id = newest.methodology_id
        JOIN updates_methodologyversion later
            ON (later.published_on, later.id) > (used.published_on, used.id)
        GROUP BY newest.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)
        UNION ALL
        SELECT pledge_id, 'challenge_unanswered', false, due_on, until_on, facts
        FROM (
        SELECT w.pledge_id, min(c.answer_due_on) + 1, NULL::date,
            jsonb_build_object('challenges', count(*), 'due', min(c.answer_due_on))
        FROM w JOIN suggestions_challenge c ON c.pledge_id = w.pledge_id
            AND c.state IN ('received', 'being_looked_at')
        WHERE w.state = 'published'
        GROUP BY w.pledge_id
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
DROP = """
DROP FUNCTION staleness_rule(bigint[]);
DROP FUNCTION staleness_touched_on(integer, text);
DROP FUNCTION staleness_silent_on(date, text);
DROP FUNCTION staleness_cadence_days(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staleness", "0002_policies"),
        ("captures", "0002_sources_are_secured"),
        ("evidence", "0002_evidence_counts"),
        ("record_requests", "0002_due"),
        ("suggestions", "0001_initial"),
        ("updates", "0002_derived_status"),
    ]
    operations = [migrations.RunSQL(TOUCHED + RHYTHM + RULE, DROP)]
