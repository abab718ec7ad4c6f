"""Every reason for staleness, declared once: its rule in words, its limit, its data, its SQL.

The pages, the desk and the API print the words; the function `staleness_rule` of the database is
made of the SQL by `triggers.rule_sql`. Each branch reads `w`, the pledges in question
with their policy (view `staleness_effective`, watched ones only), or `newest`, their newest
published update, and returns pledge_id, due_on, until_on and the facts it rests on: dates
and numbers alone, so that a closed flag never repeats what was withdrawn since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from promises.officials.choices import EndReason
from promises.staleness.choices import StaleReason

NEVER_REVIEWED_DAYS = 90
TERM_ENDING_DAYS = 60
METHODOLOGY_DAYS = 180
APPROVAL_DAYS = 7
DRAFT_DAYS = 30

# Ends of a term before its time.
EARLY = (
    EndReason.RECALLED,
    EndReason.RESIGNED,
    EndReason.APPOINTED_ELSEWHERE,
    EndReason.REMOVED,
    EndReason.DIED,
)
_TOLD = _("a status update that says what came of it")


@dataclass(frozen=True)
class Rule:
    """One reason: what makes it true, from which day, on what data, and what a person can do."""

    says: str | Promise
    # The limit, in words; where the policy sets it, it stands in the facts.
    threshold: str | Promise
    # The facts in words, with the names of the facts in braces.
    data: str | Promise
    clears_by: str | Promise
    sql: str
    # Days, where the rule itself sets them.
    limit: int = 0
    # Whether the policy's days of grace pass before it is flagged.
    has_grace: bool = False
    # Drafts are secret: what rests on one stays at the desk.
    is_public: bool = True

    @property
    def threshold_in_words(self) -> str:
        """The limit with its number."""
        return str(self.threshold).format(limit=self.limit)


RULES: Mapping[StaleReason, Rule] = {
    StaleReason.REVIEW_OVERDUE: Rule(
        says=_("Someone looks again within the days that the policy sets for its rating."),
        threshold=_("the days of the policy, and its grace"),
        data=_("last look {last_look}; due again after {days} days"),
        clears_by=_("a review or a new status update"),
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
        clears_by=_("a review or a new status update"),
        sql="""
        SELECT pledge_id, review_by_on + 1, NULL::date,
            jsonb_build_object('review_by', review_by_on)
        FROM w WHERE state = 'published' AND review_by_on IS NOT NULL""",
    ),
    StaleReason.DEADLINE_PASSED: Rule(
        says=_("Its own deadline has passed while it waits for an outcome."),
        threshold=_("the day after the deadline"),
        data=_("deadline {deadline}"),
        clears_by=_TOLD,
        sql="""
        SELECT pledge_id, due_on + 1, NULL::date, jsonb_build_object('deadline', due_on)
        FROM w WHERE state = 'published' AND due_on IS NOT NULL AND status IN {open}""",
    ),
    StaleReason.TERM_ENDING: Rule(
        limit=TERM_ENDING_DAYS,
        says=_("The term in which it is to be kept is about to end while it waits for an outcome."),
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
        says=_("The term in which it was to be kept has ended while it waits for an outcome."),
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
            " removal, death, another office) while it waits for an outcome."
        ),
        threshold=_("the first day after the term"),
        data=_("the term ended early, on {ends_on}"),
        clears_by=_TOLD,
        sql="""
        SELECT pledge_id, ends_on, NULL::date, jsonb_build_object('ends_on', ends_on)
        FROM w WHERE state = 'published' AND ends_on IS NOT NULL AND status IN {open}
            AND end_reason IN {early}""",
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
        data=_("such pieces of evidence: {newer}; first one published here on {first}"),
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
    StaleReason.METHODOLOGY_CHANGED: Rule(
        limit=METHODOLOGY_DAYS,
        says=_("Newer rules have been in force for a while; it is still rated under older ones."),
        threshold=_("{limit} days after the newer rules came into force"),
        data=_("newer rules in force since {in_force}"),
        clears_by=_("a status update under the present rules"),
        sql="""
        SELECT newest.pledge_id, min(later.published_on) + {limit}, NULL::date,
            jsonb_build_object('in_force', min(later.published_on))
        FROM newest
        JOIN updates_methodologyversion used ON used.id = newest.methodology_id
        JOIN updates_methodologyversion later ON later.published_on > used.published_on
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
PRIVATE = tuple(reason for reason, rule in RULES.items() if not rule.is_public)
PUBLIC = tuple(reason for reason, rule in RULES.items() if rule.is_public)
# As forms and schemas list them.
PUBLIC_CHOICES = [(reason.value, reason.label) for reason in PUBLIC]
CLEARED_BY = {reason: rule.clears_by for reason, rule in RULES.items()}


def facts_in_words(reason: StaleReason, facts: Mapping[str, object]) -> str:
    """Return what a flag rests on: its facts put into the words of its reason."""
    told = {name: _fact(value) for name, value in facts.items()}
    # Episodes from before facts were kept have none.
    return str(RULES[reason].data).format_map(told) if told else ""


def _fact(value: object) -> str:
    if isinstance(value, str):
        return str(date_format(date.fromisoformat(value), "j F Y"))
    return str(value)
