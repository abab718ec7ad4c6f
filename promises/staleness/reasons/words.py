"""Reasons that rest on the words of the pledge."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

TRANSLATION_DAYS = 7

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.TRANSLATION_BEHIND: Rule(
        limit=TRANSLATION_DAYS,
        says=_("Its English words were changed and a published translation does not follow yet."),
        threshold=_("{limit} days after the English words were changed"),
        data=_("translations behind: {translations}; the first since {behind}"),
        clears_by=_("a translation of the English words of now, or withdrawing the old one"),
        sql="""
        SELECT w.pledge_id, min(t.behind_on) + {limit}, NULL::date,
            jsonb_build_object('translations', count(*), 'behind', min(t.behind_on))
        FROM w JOIN pledges_pledgetranslation t ON t.pledge_id = w.pledge_id
            AND t.state = 'published' AND t.behind_on IS NOT NULL
        WHERE w.state = 'published'
        GROUP BY w.pledge_id""",
    ),
}
