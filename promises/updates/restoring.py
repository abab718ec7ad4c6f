"""Older words of a draft put back: a new change like any other, never a change of the history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from promises.accounts.models import User
from promises.common.history import events_of
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.editorial.models import Editorial, Versioned
from promises.evidence.actions import CONTENT as EVIDENCE_CONTENT
from promises.evidence.actions import save_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.actions import CONTENT as PLEDGE_CONTENT
from promises.pledges.actions import lock_pledges, save_criterion, save_pledge
from promises.pledges.models import Criterion, Pledge
from promises.updates.actions import revise_status_update
from promises.updates.models import Citation, StatusUpdate

# The drafts whose words can be put back, and which columns are their words.
RESTORED: dict[type[Editorial], tuple[str, ...]] = {
    Pledge: tuple(name for name in PLEDGE_CONTENT if name != "slug"),
    Evidence: tuple(name for name in EVIDENCE_CONTENT if name != "slug"),
    StatusUpdate: (
        "status", "effective_on", "assessed_on", "confidence", "reason", "reasoning",
    ),
}  # fmt: skip
CRITERION_WORDS = ("verdict", "aspect", "is_met", "text", "how_to_verify")
LINK_WORDS = ("stance", "is_source", "note", "locator")


class NotItsVersion(Refused):
    """The version to be put back is one of another record."""


class NothingToRestore(Refused):
    """The words to be put back are those that stand now."""


@write
def restore_draft(
    *, record: Editorial, event: Any, seen_version: int | None, reason: str, by: User, now: datetime
) -> None:
    """Write the words that `event` of the history noted over those of a draft.

    The words of its criteria and links, where these still exist, and the evidence an update rests
    on follow. Raises WrongState unless it is a draft, EditedMeanwhile, NotItsVersion,
    NothingToRestore, ValidationError.
    """
    lock_pledges([record.pk] if isinstance(record, Pledge) else _pledges_of(record))
    stored = editorial.locked(record)
    editorial.require_state(stored, State.DRAFT)
    editorial.require_seen(stored, seen_version)
    if event.pgh_obj_id != stored.pk or not isinstance(stored, event.pgh_tracked_model):
        raise NotItsVersion("This version belongs to another record.")
    is_changed = _take_words(stored, event, RESTORED[type(stored)])
    rows = list(_older_rows(stored, event.pgh_created_at))
    cited = _cited_at(stored, event.pgh_created_at) if isinstance(stored, StatusUpdate) else None
    if isinstance(stored, StatusUpdate):
        present = list(stored.citations.values_list("evidence_id", flat=True))
        cited = None if cited is None or [one.pk for one in cited] == present else cited
    if not (is_changed or rows or cited is not None):
        raise NothingToRestore("These are the words that stand now. Nothing has changed.")
    given = {"by": by, "now": now}
    match stored:
        case Pledge():
            save_pledge(pledge=stored, **given)  # type: ignore[arg-type]
        case Evidence():
            save_evidence(evidence=stored, **given)  # type: ignore[arg-type]
        case StatusUpdate():
            revise_status_update(update=stored, evidence=cited, by=by, now=now)
    for row in rows:
        if isinstance(row, Criterion):
            save_criterion(criterion=row, by=by, now=now)
        elif isinstance(row, EvidenceLink):
            save_evidence_link(link=row, by=by, now=now)


def _pledges_of(record: Editorial) -> list[int]:
    """Return the pledges that a write of this record may touch."""
    if isinstance(record, StatusUpdate):
        return [record.pledge_id]
    return list(EvidenceLink.objects.filter(evidence=record.pk).values_list("pledge_id", flat=True))


def _take_words(row: Versioned, event: Any, names: tuple[str, ...]) -> bool:
    """Set these columns of a row to what the event noted; tell whether any differed."""
    columns = [row._meta.get_field(name).attname for name in names]  # type: ignore[union-attr]
    differing = [name for name in columns if getattr(row, name) != getattr(event, name)]
    for name in differing:
        setattr(row, name, getattr(event, name))
    return bool(differing)


def _older_rows(record: Editorial, moment: datetime) -> Iterator[Versioned]:
    """Yield the rows of a draft whose words were others at that moment, with those words."""
    belonging: list[tuple[Any, tuple[str, ...]]] = []
    if isinstance(record, Pledge):
        belonging = [(record.criteria, CRITERION_WORDS), (record.evidence_links, LINK_WORDS)]
    elif isinstance(record, Evidence):
        belonging = [(record.links, LINK_WORDS)]
    for rows, names in belonging:
        for row in rows.all():
            events = events_of(type(row)).objects.filter(
                pgh_obj_id=row.pk, pgh_created_at__lte=moment
            )
            event = events.order_by("-pgh_id").first()
            if event is not None and _take_words(row, event, names):
                yield row


def _cited_at(update: StatusUpdate, moment: datetime) -> list[Evidence]:
    """Return the evidence that an update rested on at that moment, in its order."""
    events = events_of(Citation).objects.filter(
        status_update_id=update.pk, pgh_created_at__lte=moment
    )
    newest = {event.pgh_obj_id: event for event in events.order_by("pgh_id")}
    stood = [event for event in newest.values() if event.pgh_label != "delete"]
    stood.sort(key=lambda event: (event.position, event.pgh_id))
    pieces = Evidence.objects.in_bulk([event.evidence_id for event in stood])
    return [pieces[event.evidence_id] for event in stood if event.evidence_id in pieces]
