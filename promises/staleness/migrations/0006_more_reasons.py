"""Three more reasons: figures and answers that are overdue, translations that fell behind.

RULE is the text of promises.staleness.triggers.rule_sql.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

before = import_module("promises.staleness.migrations.0004_stored_due_dates")
rule_before = import_module("promises.staleness.migrations.0003_rule")

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
RHYTHM_GONE = """
DROP FUNCTION staleness_silent_on(date, text);
DROP FUNCTION staleness_cadence_days(text);
"""
RULE = """
CREATE OR REPLACE FUNCTION staleness_rule(ids bigint[]) RETURNS TABLE (
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
                WHERE metric_id = m.id ORDER BY vintage_on DESC, id DESC LIMIT 1
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
        JOIN updates_methodologyversion later ON later.published_on > used.published_on
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

# Figures: added, their series made public or withdrawn, tied to a pledge; a source's rhythm.
FIGURES = """
CREATE OR REPLACE FUNCTION staleness_figures_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO staleness_sourcebeat AS b (slug, newest_on, silent_on)
    SELECT a.slug, a.newest_on, staleness_silent_on(a.newest_on, s.cadence)
    FROM (
        SELECT split_part(source, '/', 1) AS slug, max(vintage_on) AS newest_on
        FROM added GROUP BY 1 ORDER BY 1
    ) a LEFT JOIN metrics_metricsource s ON s.slug = a.slug
    ON CONFLICT (slug) DO UPDATE
        SET newest_on = excluded.newest_on, silent_on = excluded.silent_on
    WHERE excluded.newest_on > b.newest_on;
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT DISTINCT metric_id FROM added
    )));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION staleness_metrics_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM staleness_derive_many(staleness_pledges_of_metrics(ARRAY(
        SELECT after.id FROM before JOIN after ON after.id = before.id
        WHERE before.state <> after.state
    )));
    RETURN NULL;
END $$;
CREATE FUNCTION staleness_pledges_of_metrics(metrics bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT pledge_id FROM staleness_metriclimit WHERE metric_id = ANY(metrics)
        UNION SELECT pledge_id FROM metrics_metricpledge WHERE metric_id = ANY(metrics)
        ORDER BY 1
    )
$$;

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
REQUESTS = """
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
NEW_TABLES = (
    "metrics_metricpledge", "pledges_pledgetranslation", "record_requests_requestpledge",
)  # fmt: skip
ROWS = "".join(
    f"""
CREATE TRIGGER zz_staleness_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_rows_changed();
CREATE TRIGGER zz_staleness_gone AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION staleness_rows_changed();
CREATE TRIGGER zz_staleness_changed AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION staleness_rows_updated();
"""
    for table in NEW_TABLES
)
TABLES_GONE = "".join(
    f"DROP TRIGGER IF EXISTS zz_staleness_{event} ON {table};"
    for table in (*NEW_TABLES, "metrics_metricsource", "record_requests_recordrequest")
    for event in ("added", "changed", "gone")
)


def _function(text, name):
    """Return the statement that makes this function, to be put back over a newer one."""
    start = text.index(f"CREATE FUNCTION {name}(")
    return text[start : text.index("$$;", start) + 3].replace("CREATE", "CREATE OR REPLACE", 1)


BACK = (
    TABLES_GONE
    + _function(before.SHARED, "staleness_figures_added")
    + _function(before.SHARED, "staleness_metrics_changed")
    + _function(rule_before.RULE, "staleness_rule")
    + "DROP FUNCTION staleness_requests_changed();"
    "DROP FUNCTION staleness_sources_changed();"
    "DROP FUNCTION staleness_pledges_of_metrics(bigint[]);" + RHYTHM_GONE
)
# What is stored follows at once.
COMPUTE = """
UPDATE staleness_sourcebeat b SET silent_on = staleness_silent_on(b.newest_on, s.cadence)
FROM metrics_metricsource s WHERE s.slug = b.slug;
SELECT staleness_derive_many(ARRAY(SELECT id FROM pledges_pledge ORDER BY id));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0002_newest_vintage'),
        ('record_requests', '0002_due'),
        ('pledges', '0003_translations'),
        ('staleness', '0005_review_by_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staleflag',
            name='staleness_flag_reason_known',
        ),
        migrations.AddField(
            model_name='sourcebeat',
            name='silent_on',
            field=models.DateField(null=True, verbose_name='silent from'),
        ),
        migrations.AlterField(
            model_name='duedate',
            name='reason',
            field=models.CharField(choices=[('review_overdue', 'nobody has looked again in time'), ('review_by_passed', 'an editor wanted it looked at by now'), ('deadline_passed', 'its deadline has passed without an outcome'), ('term_ending', 'the term is about to end without an outcome'), ('term_ended', 'the term has ended without an outcome'), ('office_changed', 'the office changed hands early, without an outcome'), ('never_reviewed', 'no editor here has reviewed it yet'), ('no_evidence', 'it has no published evidence'), ('single_source', 'its rating rests on a single publisher'), ('contradicted', 'newer evidence contradicts it and is not answered'), ('metric_moved', 'a figure has passed its limit since the last look'), ('import_not_run', 'new figures that bear on it are overdue'), ('request_overdue', 'an answer to a request for records is overdue'), ('translation_behind', 'a translation says what it said before'), ('methodology_changed', 'it was rated under older rules'), ('challenge_unanswered', 'a challenge of its rating is unanswered'), ('approval_waiting', 'a status update waits for approval'), ('draft_abandoned', 'a draft lies untouched')], max_length=20),
        ),
        migrations.AlterField(
            model_name='staleflag',
            name='reason',
            field=models.CharField(choices=[('review_overdue', 'nobody has looked again in time'), ('review_by_passed', 'an editor wanted it looked at by now'), ('deadline_passed', 'its deadline has passed without an outcome'), ('term_ending', 'the term is about to end without an outcome'), ('term_ended', 'the term has ended without an outcome'), ('office_changed', 'the office changed hands early, without an outcome'), ('never_reviewed', 'no editor here has reviewed it yet'), ('no_evidence', 'it has no published evidence'), ('single_source', 'its rating rests on a single publisher'), ('contradicted', 'newer evidence contradicts it and is not answered'), ('metric_moved', 'a figure has passed its limit since the last look'), ('import_not_run', 'new figures that bear on it are overdue'), ('request_overdue', 'an answer to a request for records is overdue'), ('translation_behind', 'a translation says what it said before'), ('methodology_changed', 'it was rated under older rules'), ('challenge_unanswered', 'a challenge of its rating is unanswered'), ('approval_waiting', 'a status update waits for approval'), ('draft_abandoned', 'a draft lies untouched')], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='staleflagevent',
            name='reason',
            field=models.CharField(choices=[('review_overdue', 'nobody has looked again in time'), ('review_by_passed', 'an editor wanted it looked at by now'), ('deadline_passed', 'its deadline has passed without an outcome'), ('term_ending', 'the term is about to end without an outcome'), ('term_ended', 'the term has ended without an outcome'), ('office_changed', 'the office changed hands early, without an outcome'), ('never_reviewed', 'no editor here has reviewed it yet'), ('no_evidence', 'it has no published evidence'), ('single_source', 'its rating rests on a single publisher'), ('contradicted', 'newer evidence contradicts it and is not answered'), ('metric_moved', 'a figure has passed its limit since the last look'), ('import_not_run', 'new figures that bear on it are overdue'), ('request_overdue', 'an answer to a request for records is overdue'), ('translation_behind', 'a translation says what it said before'), ('methodology_changed', 'it was rated under older rules'), ('challenge_unanswered', 'a challenge of its rating is unanswered'), ('approval_waiting', 'a status update waits for approval'), ('draft_abandoned', 'a draft lies untouched')], max_length=20, verbose_name='reason'),
        ),
        migrations.AddConstraint(
            model_name='staleflag',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['review_overdue', 'review_by_passed', 'deadline_passed', 'term_ending', 'term_ended', 'office_changed', 'never_reviewed', 'no_evidence', 'single_source', 'contradicted', 'metric_moved', 'import_not_run', 'request_overdue', 'translation_behind', 'methodology_changed', 'challenge_unanswered', 'approval_waiting', 'draft_abandoned'])), name='staleness_flag_reason_known'),
        ),
        migrations.RunSQL(RHYTHM + RULE + FIGURES + REQUESTS + ROWS, BACK),
        migrations.RunSQL(COMPUTE, migrations.RunSQL.noop),
    ]
