"""Reasons that rest on days of the pledge and of its term."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

TERM_ENDING_DAYS = 60
_TOLD = _("a rating that says what came of it")

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.DEADLINE_PASSED: Rule(
        says=_("Its own deadline has passed and its rating still leaves the outcome open."),
        threshold=_("the day after the deadline"),
        data=_("deadline {deadline}"),
        clears_by=_TOLD,
        sql="""
        SELECT pledge_id, due_on + 1, NULL::date, jsonb_build_object('deadline', due_on)
        FROM w WHERE state = 'published' AND due_on IS NOT NULL AND status IN {open}""",
    ),
    StaleReason.TERM_ENDING: Rule(
        limit=TERM_ENDING_DAYS,
        says=_(
            "The term in which it is to be kept is about to end and its rating still leaves the"
            " outcome open."
        ),
        threshold=_("{limit} days before the end of the term"),
        data=_("the term ends on {ends_on}"),
        clears_by=_TOLD,
        sql="""
        SELECT pledge_id, ends_on - {limit}, ends_on,
            jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN {open}
            AND end_reason NOT IN {early}""",
    ),
    StaleReason.TERM_ENDED: Rule(
        says=_(
            "The term in which it was to be kept has ended and its rating still leaves the outcome"
            " open."
        ),
        threshold=_("the first day after the term"),
        data=_("the term ended on {ends_on}"),
        clears_by=_TOLD,
        sql="""
        SELECT pledge_id, ends_on, NULL::date, jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN {open}
            AND end_reason NOT IN {early}""",
    ),
    StaleReason.OFFICE_CHANGED: Rule(
        says=_(
            "Whoever made it left the office before the term was over (recall, resignation,"
            " removal, death, another office) and its rating still leaves the outcome open."
        ),
        threshold=_("the first day after the term"),
        data=_("the term ended early, on {ends_on}"),
        clears_by=_TOLD,
        sql="""
        SELECT pledge_id, ends_on, NULL::date, jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN {open}
            AND end_reason IN {early}""",
    ),
}
