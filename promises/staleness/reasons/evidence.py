"""Reasons that rest on the published evidence."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import StaleReason
from promises.staleness.reasons.rule import Rule

CAPTURE_DAYS = 7

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
        clears_by=_("a rating that cites evidence of a second publisher"),
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
    StaleReason.EVIDENCE_WITHDRAWN: Rule(
        says=_("Evidence that its rating cites was withdrawn here since the last look."),
        threshold=_("one such piece of evidence"),
        data=_("cited pieces of evidence withdrawn: {withdrawn}; the first on {first}"),
        clears_by=_("a review or a new rating"),
        sql="""
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
        GROUP BY newest.pledge_id""",
    ),
    StaleReason.EVIDENCE_DEAD: Rule(
        says=_("Evidence of it has gone from its address since the last look at its rating."),
        threshold=_("three failed checks, each three days after the one before"),
        data=_("pieces of evidence gone: {gone}; the first since {first}"),
        clears_by=_("a review or a new rating, the evidence coming back, or a corrected address"),
        sql="""
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
        GROUP BY w.pledge_id""",
    ),
    StaleReason.EVIDENCE_CHANGED: Rule(
        says=_("The wording of evidence of it was changed, and nobody has compared the two yet."),
        threshold=_("the day on which a check found other words"),
        data=_("pieces of evidence changed: {changed}; the first on {first}"),
        clears_by=_("comparing the two wordings and accepting the change, with a note"),
        sql="""
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
        GROUP BY w.pledge_id""",
    ),
    StaleReason.EVIDENCE_UNCAPTURED: Rule(
        limit=CAPTURE_DAYS,
        says=_("Its rating rests on published evidence of which no copy is kept that counts."),
        threshold=_("{limit} days after the rating and the evidence were published here"),
        data=_("pieces of evidence without a copy: {missing}; cited by a rating since {first}"),
        clears_by=_("a copy of the evidence, or a note why it can do without one"),
        sql="""
        SELECT pledge_id, min(cited_on) + {limit}, NULL::date,
            jsonb_build_object('missing', count(*), 'first', min(cited_on))
        FROM (
            SELECT newest.pledge_id,
                (greatest(newest.published_at, e.published_at) AT TIME ZONE 'UTC')::date AS cited_on
            FROM newest
            JOIN updates_citation c ON c.status_update_id = newest.id
            JOIN evidence_evidence e ON e.id = c.evidence_id AND e.state = 'published'
            WHERE NOT captures_is_secured(e.id)
        ) bare
        GROUP BY pledge_id""",
    ),
    StaleReason.CONTRADICTED: Rule(
        says=_(
            "Evidence that contradicts it was published here after the last look at its rating,"
            " or dates from after the day up to which evidence was looked at."
        ),
        threshold=_("one such piece of evidence"),
        data=_("contradicting pieces of evidence: {newer}; the first published here on {first}"),
        clears_by=_("a review or a new rating"),
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
