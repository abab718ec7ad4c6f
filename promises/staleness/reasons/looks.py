"""Reasons that rest on when someone last looked."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

NEVER_REVIEWED_DAYS = 90

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.REVIEW_OVERDUE: Rule(
        says=_("Someone looks again within the days that the policy sets for its rating."),
        threshold=_("the days of the policy, and its grace"),
        data=_("evidence looked at up to {last_look}; due again after {days} days"),
        clears_by=_("a review or a new rating"),
        has_grace=True,
        sql="""
        SELECT pledge_id, policy_due_on, NULL::date,
            jsonb_build_object('last_look', last_look, 'days', days)
        FROM w WHERE state = 'published' AND policy_due_on IS NOT NULL""",
    ),
    StaleReason.REVIEW_BY_PASSED: Rule(
        says=_("An editor set a day by which someone should look again, and it has passed."),
        threshold=_("the day that the editor set"),
        data=_("to be looked at by {review_by}"),
        clears_by=_("a review or a new rating"),
        sql="""
        SELECT pledge_id, review_by_on + 1, NULL::date,
            jsonb_build_object('review_by', review_by_on)
        FROM w WHERE state = 'published' AND review_by_on IS NOT NULL""",
    ),
    StaleReason.NEVER_REVIEWED: Rule(
        limit=NEVER_REVIEWED_DAYS,
        says=_("No editor here has reviewed it or confirmed its rating since it was published."),
        threshold=_("{limit} days after publication"),
        data=_("published here on {published}"),
        clears_by=_("a review, or two editors confirming the imported rating"),
        sql="""
        SELECT pledge_id, published_on + {limit}, NULL::date,
            jsonb_build_object('published', published_on)
        FROM w WHERE state = 'published' AND last_reviewed_at IS NULL""",
    ),
}
