"""Reasons that rest on figures and records, and on what should have come."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.METRIC_MOVED: Rule(
        says=_("A figure that bears on it has passed the limit set for it since the last look."),
        threshold=_("the limit that an editor set for the figure"),
        data=_("figures past their limit: {figures}; the first published on {first}"),
        clears_by=_("a review or a new rating"),
        sql="""
        SELECT w.pledge_id, min(o.vintage_on), NULL::date,
            jsonb_build_object('figures', count(*), 'first', min(o.vintage_on))
        FROM w
        JOIN staleness_metriclimit l ON l.pledge_id = w.pledge_id
        JOIN metrics_metric m ON m.id = l.metric_id AND m.state = 'published'
        JOIN metrics_observation o ON o.metric_id = l.metric_id AND o.vintage_on > w.last_look
            AND o.retracted_at IS NULL
        WHERE w.state = 'published' AND CASE l.direction WHEN 'above' THEN o.value > l.value
            ELSE o.value < l.value END
        GROUP BY w.pledge_id""",
    ),
    StaleReason.IMPORT_NOT_RUN: Rule(
        says=_(
            "Figures that bear on it come from a source that should have published newer ones, and"
            " none have been brought in."
        ),
        threshold=_("two turns of the source's own rhythm after its newest figures"),
        data=_("newest figures {newest}; days from one release to the next: {days}"),
        clears_by=_("newer figures, or a corrected note on how often the source changes"),
        sql="""
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
        GROUP BY pledge_id""",
    ),
    StaleReason.REQUEST_OVERDUE: Rule(
        says=_("An office should have answered a request for public records about it by now."),
        threshold=_("the day after an answer, or a decision on an appeal, was due"),
        data=_("requests without an answer: {requests}; the first was due on {due}"),
        clears_by=_("an answer noted on the request, an extension, an appeal, or its withdrawal"),
        sql="""
        SELECT w.pledge_id, min(r.due_on) + 1, NULL::date,
            jsonb_build_object('requests', count(*), 'due', min(r.due_on))
        FROM w JOIN record_requests_due r ON r.pledge_id = w.pledge_id
        WHERE w.state = 'published'
        GROUP BY w.pledge_id""",
    ),
}
