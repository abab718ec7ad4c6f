"""What a rating stands on, and who stands behind it: read before it is published.

The queries of every publication are written once.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from promises.accounts.models import User
from promises.captures.secured import not_secured
from promises.common.dates import day_in_words, utc_date
from promises.common.history import events_of
from promises.common.prepared import Prepared
from promises.common.refusals import Refused
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.officials.actions import HasConflict, require_no_conflict
from promises.pledges.models import Criterion, Pledge
from promises.updates import rules
from promises.updates.models import Approval, Citation, Correction, StatusUpdate


class NotEnoughApprovals(Refused):
    """Too few people other than the author stand behind the update."""


class EvidenceMissing(Refused):
    """The cited evidence does not carry the rating."""


class SourcesNotSecured(Refused):
    """There is no copy of a source, and nobody has said why there need be none."""


class NotYetPossible(Refused):
    """The pledge is not ready for this rating."""


class WouldNotBeTheStatus(Refused):
    """A newer look at the pledge would be published and leave its status as it is."""


class RestsOnAnOlderLook(Refused):
    """The status would come to rest on evidence up to an earlier day than it does now."""


_IN_FORCE = StatusUpdate.objects.filter(pledge=OuterRef("pk"), state=State.PUBLISHED).newest_first()
_RATED = Prepared(
    lambda pledge: (
        Pledge.objects.filter(pk=pledge)
        .select_related("term")
        .annotate(
            has_criteria=Exists(Criterion.objects.filter(pledge=OuterRef("pk"))),
            in_force_from=Subquery(_IN_FORCE.values("effective_on")[:1]),
            in_force_id=Subquery(_IN_FORCE.values("pk")[:1]),
        )
    ),
    is_planned=False,
)
_CARRYING = Prepared(
    lambda update: (
        Evidence.objects.filter(citations__status_update=update, state=State.PUBLISHED)
        .order_by()
        .values_list("kind", "provenance")
    ),
    is_planned=False,
)
_APPROVALS = Prepared(
    lambda update: Approval.objects.filter(
        status_update=update, wording=F("status_update__wording")
    ).values_list("pk", "approved_by_id"),
    is_planned=False,
)
_CITED = Prepared(
    lambda update: (
        Evidence.objects.filter(citations__status_update=update)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    ),
    is_planned=False,
)
_CITATIONS = Prepared(
    lambda update: (
        Citation.objects.published().filter(status_update=update).values_list("pk", flat=True)
    ),
    is_planned=False,
)


def authors_of(update: StatusUpdate) -> set[int]:
    """Return the ids of who wrote an update or saved any of its drafts, as the history has them."""
    saved = events_of(StatusUpdate).objects.filter(pgh_obj_id=update.pk)
    return {update.created_by_id, *saved.values_list("edited_by_id", flat=True).distinct()}


def people_behind(update: StatusUpdate, approvals: Mapping[int, int]) -> set[int]:
    """Return the ids of who wrote, edited and handed in an update, and approved its wording.

    `approvals` are its standing ones.
    """
    wrote = {update.created_by_id, update.edited_by_id}
    handed_in = {update.submitted_by_id} if update.submitted_by_id else set()
    return wrote | handed_in | {*approvals.values()}


def standing_approvals(update: StatusUpdate) -> dict[int, int]:
    """Return the ids of the approvals of the present wording, each with that of its person."""
    return dict(_APPROVALS(update.pk))


def lock_cited(update: StatusUpdate) -> None:
    """Lock the evidence an update cites, in order of id, until the transaction ends."""
    _CITED(update.pk)


def public_citations(update: StatusUpdate) -> list[int]:
    """Return the ids of the citations of an update whose two ends the public may see."""
    return _CITATIONS(update.pk)


def corrected_reasoning(update: StatusUpdate) -> str:
    """Return what the reasoning of an update says, or should say since its newest correction."""
    newest = Correction.objects.newest_of(update)
    return newest.new_text if newest else update.reasoning


def missing_before_publication(update: StatusUpdate, now: datetime) -> list[str]:
    """Return all that still stands between an update and the public, whoever publishes it.

    Nobody approves a draft: of approvals it is told once the update is in review.
    """
    found = [*_refusals(update, now)]
    if update.state == State.IN_REVIEW:
        found = [*_approvals_missing(update, standing_approvals(update)), *found]
    return [str(refusal) for refusal in found]


def publication_faults(
    update: StatusUpdate, approvals: Mapping[int, int], *, official: int, by: User, now: datetime
) -> Iterator[Refused]:
    """Yield all that keeps `by` from publishing an update in review, in the order of its page.

    `approvals` are its standing ones, `official` is the id of the person whose pledge it rates.
    """
    yield from _approvals_missing(update, approvals)
    yield from _refusals(update, now)
    behind = people_behind(update, approvals)
    yield from conflict_faults(official=official, by=by, others=behind)


def conflict_faults(
    *, official: int, by: User, others: Collection[int] = ()
) -> Iterator[HasConflict]:
    """Yield what keeps `by`, or others (ids), from standing behind a rating of an official (id)."""
    try:
        require_no_conflict(official=official, by=by, others=others)
    except HasConflict as conflict:
        yield conflict


def _approvals_missing(
    update: StatusUpdate, approvals: Mapping[int, int]
) -> Iterator[NotEnoughApprovals]:
    others = {*approvals.values()} - {update.created_by_id, update.edited_by_id}
    missing = rules.approvals_needed(update.status) - len(others)
    if missing > 0:
        yield NotEnoughApprovals(
            f"{missing} more {'person' if missing == 1 else 'people'} must approve this first."
        )


def _refusals(update: StatusUpdate, now: datetime) -> Iterator[Refused]:
    """Yield all that, beside approvals, still stands between an update and the public.

    These are NotYetPossible, WouldNotBeTheStatus, RestsOnAnOlderLook, EvidenceMissing and
    SourcesNotSecured.
    """
    (pledge,) = _RATED(update.pledge_id)
    if pledge.state != State.PUBLISHED:
        yield NotYetPossible("Publish the pledge before a status update of it.")
    fault = rules.day_fault(
        effective_on=update.effective_on, assessed_on=update.assessed_on, today=utc_date(now)
    )
    if fault:
        yield NotYetPossible(fault)
    yield from _order_refusals(update, pledge)
    if fault := rules.evidence_fault(update.status, _CARRYING(update.pk)):
        yield EvidenceMissing(fault)
    if update.status in rules.FINAL_STATUSES:
        without = update.evidence.filter(pk__in=not_secured(update.evidence.values("pk")))
        if fault := rules.copies_fault([piece.title for piece in without.order_by("title")]):
            yield SourcesNotSecured(fault)
    fault = rules.standing_fault(
        kind=pledge.kind,
        status=update.status,
        effective_on=update.effective_on,
        term_ends_on=pledge.term.ends_on if pledge.term else None,
    )
    if fault:
        yield NotYetPossible(fault)
    if not pledge.has_criteria:
        yield NotYetPossible("Write the criteria of the pledge before its first status update.")


def _order_refusals(update: StatusUpdate, pledge: Any) -> Iterator[Refused]:
    """Let the later look be the status; history may be imported in any order."""
    if update.is_imported or pledge.in_force_from is None:
        return
    days: dict[str, Any] = {
        "is_newest": (update.effective_on, update.pk) > (pledge.in_force_from, pledge.in_force_id),
        "assessed_on": update.assessed_on,
        "in_force": (pledge.in_force_from, pledge.status_assessed_on),
        "in_words": day_in_words,
    }
    if fault := rules.order_fault(**days):
        yield WouldNotBeTheStatus(fault)
    if fault := rules.look_fault(**days):
        yield RestsOnAnOlderLook(fault)
