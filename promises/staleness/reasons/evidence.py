"""Reasons that rest on the published evidence."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

RULES: Mapping[StaleReason, Rule] = {
    StaleReason.NO_EVIDENCE: Rule(
        says=_("No published evidence supports it, contradicts it or gives context."),
        threshold=_("one published piece of evidence"),
        data=_("published here on {published}; pieces of evidence: 0"),
        clears_by=_("a published piece of evidence"),
        sql="""
        SELECT pledge_id, published_on, NULL::date,
            jsonb_build_object('published', published_on)
        FROM w WHERE state = 'published' AND evidence_count = 0""",
    ),
    StaleReason.SINGLE_SOURCE: Rule(
        says=_(
            "Kept, compromise and broken should rest on more than one publisher; all the published"
            " evidence that the rating cites comes from a single one."
        ),
        threshold=_("two publishers"),
        data=_("pieces of evidence cited: {cited}; publishers: 1"),
        clears_by=_("a status update that cites evidence of a second publisher"),
        sql="""
        SELECT newest.pledge_id, newest.published_on, NULL::date,
            jsonb_build_object('cited', count(*))
        FROM newest
        JOIN updates_citation c ON c.status_update_id = newest.id
        JOIN evidence_evidence e ON e.id = c.evidence_id AND e.state = 'published'
        WHERE newest.status IN ('kept', 'compromise', 'broken')
        GROUP BY newest.pledge_id, newest.published_on
        HAVING count(DISTINCT coalesce(nullif(lower(trim(e.publisher)), ''), '#' || e.id)) = 1""",
    ),
    StaleReason.CONTRADICTED: Rule(
        says=_(
            "Evidence that contradicts it was published here after the last look at its rating,"
            " or dates from after the day up to which evidence was looked at."
        ),
        threshold=_("one such piece of evidence"),
        data=_("contradicting pieces of evidence: {newer}; the first published here on {first}"),
        clears_by=_("a review or a new status update"),
        sql="""
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
        GROUP BY newest.pledge_id""",
    ),
}
