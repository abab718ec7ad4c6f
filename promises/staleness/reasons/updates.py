"""Reasons that rest on status updates: their rules, challenges, those not yet published."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

METHODOLOGY_DAYS = 180
APPROVAL_DAYS = 7
DRAFT_DAYS = 30

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.METHODOLOGY_CHANGED: Rule(
        limit=METHODOLOGY_DAYS,
        says=_("Newer rules have been in force for a while; it is still rated under older ones."),
        threshold=_("{limit} days after the newer rules came into force"),
        data=_("newer rules in force since {in_force}"),
        clears_by=_("a rating under the present rules"),
        sql="""
        SELECT newest.pledge_id, min(later.published_on) + {limit}, NULL::date,
            jsonb_build_object('in_force', min(later.published_on))
        FROM newest
        JOIN updates_methodologyversion used ON used.id = newest.methodology_id
        JOIN updates_methodologyversion later
            ON (later.published_on, later.id) > (used.published_on, used.id)
        GROUP BY newest.pledge_id""",
    ),
    StaleReason.CHALLENGE_UNANSWERED: Rule(
        says=_("Someone outside says that its rating is wrong, and the answer is overdue."),
        threshold=_("the day by which a challenge is to be answered"),
        data=_("challenges without an answer: {challenges}; the first was due on {due}"),
        clears_by=_("a public answer to the challenge"),
        sql="""
        SELECT w.pledge_id, min(c.answer_due_on) + 1, NULL::date,
            jsonb_build_object('challenges', count(*), 'due', min(c.answer_due_on))
        FROM w JOIN suggestions_challenge c ON c.pledge_id = w.pledge_id
            AND c.state IN ('received', 'being_looked_at')
        WHERE w.state = 'published'
        GROUP BY w.pledge_id""",
    ),
    StaleReason.APPROVAL_WAITING: Rule(
        limit=APPROVAL_DAYS,
        says=_("A status update was handed in and nobody has published or returned it."),
        threshold=_("{limit} days after it was handed in"),
        data=_("handed in on {handed_in}"),
        clears_by=_("publishing the update, or sending it back"),
        is_public=False,
        sql="""
        SELECT w.pledge_id, min(u.on_day) + {limit}, NULL::date,
            jsonb_build_object('handed_in', min(u.on_day))
        FROM w JOIN (
            SELECT pledge_id, (submitted_at AT TIME ZONE 'UTC')::date AS on_day
            FROM updates_statusupdate WHERE state = 'in_review'
        ) u ON u.pledge_id = w.pledge_id
        GROUP BY w.pledge_id""",
    ),
    StaleReason.DRAFT_ABANDONED: Rule(
        limit=DRAFT_DAYS,
        says=_("A draft of the pledge or of a status update was left without any change."),
        threshold=_("{limit} days after the last change"),
        data=_("last change {touched}"),
        clears_by=_("a change of the draft, handing it in, or deleting it"),
        is_public=False,
        sql="""
        SELECT pledge_id, min(touched_on) + {limit}, NULL::date,
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
        ) drafts GROUP BY pledge_id""",
    ),
}
