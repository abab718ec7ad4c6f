from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from promises.accounts.models import User
from promises.common.effects import pledges_changed, pledges_published, told_with
from promises.common.prepared import IsAny, Prepared
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial import corrections
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tables, record_tombstones
from promises.officials.actions import PersonNotPublic, require_no_conflict
from promises.pledges import columns
from promises.pledges.models import DERIVED, Criterion, GeneralTerm, Pledge, Topic
from promises.pledges.rules import missing_person

WORKFLOW = {
    "id", "version", "state", "created_at", "created_by", "submitted_at", "submitted_by",
    "published_at", "published_by", "retracted_at", "retracted_by", "retraction_reason",
}  # fmt: skip
# What readers quote or rely on: changing it takes a correction. Under which topic and in which
# order this record files a pledge is no part of what was promised.
WORDS = (
    "person", "term", "title", "statement", "quote", "quote_attribution", "kind", "origin",
    "made_on", "due_on", "controlled_by",
)  # fmt: skip
# How a criterion is verified is free until the first rating, as long as nobody goes by it.
CRITERION_WORDS = ("verdict", "aspect", "text", "is_met")
CONTENT = [
    field.name for field in Pledge._meta.concrete_fields if field.name not in DERIVED | WORKFLOW
]


# The query is written once: most writes begin with it.
_LOCKED = Prepared(
    lambda ids: (
        Pledge.objects.select_for_update(of=("self",), no_key=True)
        .filter(IsAny("pk", ids))
        .order_by("pk")
    ),
    is_planned=False,
)


def lock_pledges(ids: Iterable[int]) -> list[Pledge]:
    """Return these pledges, locked in order of id: always before the ledger, never after it."""
    numbers = list(ids)
    return _LOCKED(numbers) if numbers else []


def locked_with_pledges(
    record: editorial.AnyRow, pledge_ids: Callable[[], set[int]]
) -> tuple[editorial.AnyRow, set[int]]:
    """Return a row as it stands, locked after the pledges that `pledge_ids` reads, and their ids.

    Call it before any other lock is taken. Raises Gone.
    """
    while True:
        ids = pledge_ids()
        begun = transaction.savepoint()
        lock_pledges(ids)
        stored = editorial.locked(record)
        if pledge_ids() <= ids:
            transaction.savepoint_commit(begun)
            return stored, ids
        # One more came while we waited. It is locked before the row, which is let go for that.
        transaction.savepoint_rollback(begun)


class PublishedWords(Refused):
    """What readers rely on changes only by a correction that keeps what stood there."""


class CriteriaAreFixed(Refused):
    """Criteria are written before the first rating and not changed after it."""


@write
def save_topic(*, topic: Topic, by: User, now: datetime) -> Topic:
    """Save a topic; it is public at once. Raises ValidationError."""
    editorial.store(topic)
    record_rows(table=columns.TOPICS, ids=[topic.pk], verb="saved", by=by, now=now)
    return topic


@write
def save_general_term(*, term: GeneralTerm, by: User, now: datetime) -> GeneralTerm:
    """Save what a term is called in another language; public at once. Raises ValidationError."""
    editorial.store(term)
    record_rows(table=columns.GENERAL_TERMS, ids=[term.pk], verb="saved", by=by, now=now)
    return term


@write
def save_pledge(*, pledge: Pledge, by: User, now: datetime) -> Pledge:
    """Save the content of a pledge; a new one is a draft.

    Raises ValidationError, and PublishedWords when what a published one says would change.
    """
    if pledge.pk is None:
        pledge.created_by, pledge.created_at = by, now
        editorial.store(pledge)
        return pledge
    stored = editorial.locked(pledge)
    if stored.state == State.PUBLISHED and changed_words(stored, pledge):
        raise PublishedWords(
            "This pledge is published. Change what it says by a correction, which keeps what it"
            " said."
        )
    return write_pledge(pledge=pledge, by=by, now=now)


def changed_words(stored: Pledge, pledge: Pledge) -> dict[str, tuple[str, str]]:
    """Return the columns in which a pledge says something else: field → (old, new), in words."""
    return corrections.changed_words(stored, pledge, WORDS)


@write
def write_pledge(*, pledge: Pledge, by: User, now: datetime) -> Pledge:
    """Write the content of a stored pledge; for corrections and imports.

    Raises ValidationError, PersonNotPublic.
    """
    if pledge.state == State.PUBLISHED:
        _require_public_person(pledge)
    editorial.store(pledge, fields=CONTENT)
    if pledge.state == State.PUBLISHED:
        record_rows(table=columns.PLEDGES, ids=[pledge.pk], verb="saved", by=by, now=now)
        pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return pledge


@write
def save_criterion(*, criterion: Criterion, by: User, now: datetime) -> Criterion:
    """Save a criterion; what readers see of one changes by a correction: PublishedWords.

    Raises also CriteriaAreFixed and ValidationError.
    """
    pledge = editorial.locked(criterion.pledge)
    if pledge.state == State.PUBLISHED and changed_line(criterion):
        _require_free(criterion)
        raise PublishedWords(
            "This criterion is published. Change what it says, and whether it is met, by a"
            " correction, which keeps what it said."
        )
    return write_criterion(criterion=criterion, by=by, now=now)


def changed_line(criterion: Criterion) -> tuple[str, str] | None:
    """Return what readers read of a criterion and what they will read; None if that is the same."""
    return corrections.changed_line(criterion, CRITERION_WORDS)


@write
def write_criterion(*, criterion: Criterion, by: User, now: datetime) -> Criterion:
    """Write a criterion; for corrections. Once the pledge is rated only `is_met` may change.

    A rating that was withdrawn counts: readers have seen what it was measured by. Raises
    CriteriaAreFixed, ValidationError.
    """
    pledge = editorial.locked(criterion.pledge)
    _require_free(criterion)
    editorial.store(criterion)
    if pledge.state == State.PUBLISHED:
        record_rows(table=columns.CRITERIA, ids=[criterion.pk], verb="saved", by=by, now=now)
    return criterion


def _require_free(criterion: Criterion) -> None:
    rated = Pledge.objects.ever_rated().filter(pk=criterion.pledge_id)
    if _is_reworded(criterion) and rated.exists():
        raise CriteriaAreFixed(
            "This pledge has been rated. Its criteria were written before that and stay as they"
            " are; only whether one is met can change."
        )


def _is_reworded(criterion: Criterion) -> bool:
    """Return whether anything but `is_met` differs from the stored row."""
    fixed = ("pledge_id", "position", "verdict", "aspect", "text", "how_to_verify")
    stored = Criterion.objects.filter(pk=criterion.pk).values(*fixed).first()
    return bool(stored != {name: getattr(criterion, name) for name in fixed})


@write
def publish_pledge(*, pledge: Pledge, by: User, now: datetime) -> Pledge:
    """Make a pledge public, with its criteria and what hangs on it.

    Raises WrongState, and PersonNotPublic while the official's own record is a draft.
    """
    stored, _told = locked_with_pledges(
        pledge, lambda: {pledge.pk, *told_with("pledge", [pledge.pk])}
    )
    _require_public_person(stored)
    pledge = editorial.publish(record=pledge, by=by, now=now)
    criteria = list(pledge.criteria.values_list("pk", flat=True))
    told = ((columns.PLEDGES, [pledge.pk]), (columns.CRITERIA, criteria))
    record_tables(rows=told, verb="published", by=by, now=now)
    pledges_published(pledge_ids=[pledge.pk], by=by, now=now)
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return pledge


def _require_public_person(pledge: Pledge) -> None:
    if missing := missing_person(pledge.person.state):
        raise PersonNotPublic(missing)


@write
def retract_pledge(*, pledge: Pledge, reason: str, by: User, now: datetime) -> Pledge:
    """Withdraw a pledge with its ratings, for a reason. WrongState, NoReason, HasConflict."""
    require_no_conflict(official=editorial.locked(pledge).person_id, by=by)
    pledge = editorial.retract(record=pledge, reason=reason, by=by, now=now)
    record_tombstones(table=columns.PLEDGES, ids=[pledge.pk], reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return pledge
