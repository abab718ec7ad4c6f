"""Reasons that rest on figures and where they come from."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.METRIC_MOVED: Rule(
        says=_("A figure that bears on it has passed the limit set for it since the last look."),
        threshold=_("the limit that an editor set for the figure"),
        data=_("figures past their limit: {figures}; the first published on {first}"),
        clears_by=_("a review or a new status update"),
        sql="""
        SELECT w.pledge_id, min(o.vintage_on), NULL::date,
            jsonb_build_object('figures', count(*), 'first', min(o.vintage_on))
        FROM w
        JOIN staleness_metriclimit l ON l.pledge_id = w.pledge_id
        JOIN metrics_metric m ON m.id = l.metric_id AND m.state = 'published'
        JOIN metrics_observation o ON o.metric_id = l.metric_id AND o.vintage_on > w.last_look
        WHERE w.state = 'published' AND CASE l.direction WHEN 'above' THEN o.value > l.value
            ELSE o.value < l.value END
        GROUP BY w.pledge_id""",
    ),
}
