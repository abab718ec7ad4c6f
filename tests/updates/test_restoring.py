"""Older words of a draft are put back as a new change; what is published stays as it is."""

from typing import Any

import pytest

from promises.accounts.models import User
from promises.editorial.actions import EditedMeanwhile, UnknownVersion, WrongState
from promises.evidence.actions import publish_evidence, save_evidence, save_evidence_link
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.actions import save_criterion, save_pledge
from promises.pledges.models import Criterion, Pledge
from promises.updates.actions import revise_status_update
from promises.updates.models import StatusUpdate
from promises.updates.restoring import (
    RESTORED,
    NothingToRestore,
    NotItsVersion,
    restore_draft,
)
from tests import record

# Each act in a transaction of its own: which words stood together is read from their moments.
pytestmark = pytest.mark.django_db(transaction=True)


def events(row: Any) -> Any:
    table = next(iter(type(row).pgh_event_models.values()))
    return table.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")


def restore(row: Any, event: Any, by: User, **more: Any) -> None:
    row.refresh_from_db()
    given = {"seen_version": row.version, "reason": "The old words were better.", **more}
    restore_draft(record=row, event=event, by=by, now=record.NOW, **given)


def test_a_pledge_gets_its_old_words_back_with_those_of_its_rows(author: User) -> None:
    pledge = record.draft_pledge(by=author, title="First", statement="First words.")
    record.evidence(by=author, about=pledge)
    given = {"by": author, "now": record.NOW}
    save_pledge(pledge=Pledge.objects.get(), **given)
    first = events(pledge).last()
    pledge.refresh_from_db()
    pledge.title, pledge.statement = "Second", "Second words."
    save_pledge(pledge=pledge, **given)
    second = events(pledge).last()
    criterion, link = Criterion.objects.get(), EvidenceLink.objects.get()
    criterion.text, link.note = "Another thing.", "A note."
    save_criterion(criterion=criterion, **given)
    save_evidence_link(link=link, **given)
    before = list(events(pledge).values())

    restore(pledge, second, author)
    pledge.refresh_from_db()
    assert (pledge.title, Criterion.objects.get().text) == ("Second", "The thing is done.")
    assert EvidenceLink.objects.get().note == ""
    restore(pledge, first, record.user("second"))
    pledge.refresh_from_db()
    assert (pledge.title, pledge.statement, pledge.version) == ("First", "First words.", 3)
    # The history only grew, and says what was done and why.
    told = list(events(pledge).values())
    assert told[: len(before)] == before
    newest = events(pledge).last()
    context = newest.pgh_context.metadata
    assert (newest.title, context["action"], context["why"], context["by_name"]) == (
        "First",
        "restore_draft",
        "The old words were better.",
        "Second",
    )


def test_an_update_gets_back_what_it_rested_on(author: User) -> None:
    pledge = record.draft_pledge(by=author)
    first, second = (record.evidence(by=author, about=pledge) for _ in range(2))
    update = record.draft_update(by=author, of=pledge, cited=first, reasoning="First.")
    old = events(update).last()
    editor = record.user()
    update.reasoning = "Second."
    given = {"by": editor, "now": record.NOW}
    revise_status_update(update=update, evidence=[second, first], **given)
    restore(update, old, editor)
    update = StatusUpdate.objects.get()
    assert (update.reasoning, [piece.pk for piece in update.evidence.all()]) == (
        "First.",
        [first.pk],
    )
    with pytest.raises(NothingToRestore):
        restore(update, old, editor)


def test_only_drafts_of_the_version_seen_and_only_their_own(author: User) -> None:
    piece, other = record.draft_evidence(by=author), record.draft_evidence(by=author)
    old = events(piece).last()
    piece.title = "Newer"
    given = {"by": author, "now": record.NOW}
    save_evidence(evidence=piece, **given)
    with pytest.raises(EditedMeanwhile):
        restore(piece, old, author, seen_version=1)
    with pytest.raises(UnknownVersion):
        restore(piece, old, author, seen_version=None)
    with pytest.raises(NotItsVersion):
        restore(other, old, author)
    publish_evidence(evidence=piece, **given)
    with pytest.raises(WrongState, match="it must be draft"):
        restore(piece, old, author)
    assert Evidence.objects.get(pk=piece.pk).title == "Newer"


def test_what_is_put_back_are_columns() -> None:
    for model, names in RESTORED.items():
        assert set(names) <= {field.name for field in model._meta.concrete_fields}
        assert not set(names) & {"slug", "state", "version", "created_by", "edited_by"}
