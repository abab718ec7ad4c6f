"""Requests for records: what they need, how they become public, and what never changes then."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from promises.accounts.models import User
from promises.editorial.actions import NoReason, WrongState
from promises.evidence.actions import retract_evidence
from promises.ledger.models import Entry
from promises.pledges.actions import publish_pledge, retract_pledge
from promises.pledges.models import Pledge
from promises.record_requests import actions, stages
from promises.record_requests.models import (
    Extension,
    RecordRequest,
    RequestDocument,
    RequestPledge,
)
from promises.record_requests.rules import NotCounted
from tests import record
from tests.record import NOW
from tests.record_requests import filed

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 12)


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author)


def events() -> list[str]:
    """Return what the ledger tells, in order."""
    return list(Entry.objects.order_by("edition").values_list("event", flat=True))


def waiting_rows() -> list[tuple[int, date]]:
    """Return (pledge, due on) of the view that the rule of staleness reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pledge_id, due_on FROM record_requests_due ORDER BY id")
        return cursor.fetchall()


def test_the_day_of_the_law_is_counted_from_the_table_of_laws(author: User, pledge: Pledge) -> None:
    draft = filed.draft_request(by=author, about=pledge)
    assert (draft.due_by_law_on, draft.answer_due_on, draft.next_due_on) == (DUE, DUE, DUE)
    working = filed.law(
        by=author,
        answer_days=5,
        days_counted="business",
        days_off=[date(2026, 3, 4)],
        days_off_end_on=date(2026, 12, 31),
    )
    draft.law = working
    actions.save_record_request(record_request=draft, by=author, now=NOW)
    assert draft.due_by_law_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    "law",
    [
        {"answer_days": None},
        {"answer_days": 5, "days_counted": "business"},
        {"answer_days": 5, "days_counted": "business", "days_off_end_on": date(2026, 3, 8)},
    ],
)
def test_a_day_that_cannot_be_counted_is_not_guessed(
    author: User, pledge: Pledge, law: dict[str, object]
) -> None:
    with pytest.raises(NotCounted):
        filed.draft_request(by=author, about=pledge, law=filed.law(by=author, **law))
    assert RecordRequest.objects.count() == 0
    by_hand = {"due_basis": "entered", "due_by_law_on": date(2026, 4, 1)}
    draft = filed.draft_request(by=author, about=pledge, law=filed.law(by=author, **law), **by_hand)
    assert draft.answer_due_on == date(2026, 4, 1)


def test_a_law_may_name_no_day(author: User, pledge: Pledge) -> None:
    draft = filed.request(
        by=author, about=pledge, statute="Example Charter 7", due_basis="none", due_by_law_on=DUE
    )
    assert (draft.due_by_law_on, draft.next_due_on, draft.rests_on) == (
        None,
        None,
        "Example Charter 7",
    )
    assert waiting_rows() == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"agency": "Example Clerk"}, "Say to whom it went"),
        ({"office": None}, "Say to whom it went"),
        ({"statute": "Another Act"}, "Say on which law it rests"),
        ({"due_basis": "entered"}, "Give a day after the request was filed"),
        ({"due_basis": "entered", "due_by_law_on": filed.FILED}, "Give a day after"),
        ({"answered_on": DUE}, "An answer has a day and an outcome"),
        ({"outcome": "denied"}, "An answer has a day and an outcome"),
        ({"answered_on": DUE, "outcome": "not_recorded"}, "Say what the office does not record"),
        ({"not_recorded": "bail"}, "Say what the office does not record"),
        ({"appealed_on": DUE}, "An appeal has a day and someone"),
        ({"appeal_decided_on": DUE}, "A decision on an appeal"),
        ({"appeal_decided_on": DUE, "appeal_decision": "No."}, "A decision on an appeal"),
        ({"acknowledged_on": date(2026, 3, 1)}, "Nothing came before the request was filed"),
    ],
)
def test_a_request_that_does_not_add_up_is_refused(
    author: User, pledge: Pledge, more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        filed.draft_request(by=author, about=pledge, **{"law": filed.law(by=author), **more})
    assert RecordRequest.objects.count() == 0


def test_a_request_becomes_public_with_its_pledge_and_moves_its_edition(
    author: User, pledge: Pledge
) -> None:
    draft = filed.draft_request(by=author, about=pledge)
    before = len(events())
    assert list(RecordRequest.objects.published()) == []
    published = actions.publish_record_request(record_request=draft, by=author, now=NOW)
    assert list(RecordRequest.objects.published()) == [published]
    assert events()[before:] == ["record_request:published", "record_request_pledge:published"]
    pledge.refresh_from_db()
    assert pledge.edition == len(events())
    assert waiting_rows() == [(pledge.pk, DUE)]


def test_a_request_about_no_public_pledge_is_not_published(
    author: User, database_refuses: Callable
) -> None:
    hidden = record.draft_pledge(by=author)
    draft = filed.draft_request(by=author, about=hidden)
    told = events()
    with pytest.raises(actions.AboutNoPledge):
        actions.publish_record_request(record_request=draft, by=author, now=NOW)
    draft.refresh_from_db()
    assert (draft.state, events()) == ("draft", told)
    RequestPledge.objects.all().delete()
    with database_refuses("published with the pledge it is about"):
        RecordRequest.objects.filter(pk=draft.pk).update(
            state="published", published_at=NOW, published_by=author
        )


def test_a_pledge_published_later_brings_its_request_into_the_ledger(
    author: User, pledge: Pledge
) -> None:
    hidden = record.draft_pledge(by=author)
    made = filed.request(by=author, about=pledge)
    link = RequestPledge(record_request=made, pledge=hidden)
    told = events()
    actions.save_request_pledge(link=link, by=author, now=NOW)
    assert events() == told
    publish_pledge(pledge=hidden, by=author, now=NOW)
    assert events()[-1] == "record_request_pledge:published"


def test_when_its_only_pledge_is_withdrawn_readers_see_no_request(
    author: User, pledge: Pledge
) -> None:
    made = filed.request(by=author, about=pledge)
    stages.extend_request(
        record_request=made,
        announced_on=DUE,
        due_on=date(2026, 4, 1),
        reason="Volume.",
        by=author,
        now=NOW,
    )
    retract_pledge(pledge=pledge, reason="It was never said.", by=author, now=NOW)
    assert list(RecordRequest.objects.published()) == []
    assert list(RequestPledge.objects.published()) == []
    assert list(Extension.objects.published()) == []


def test_what_was_asked_stays_once_it_is_public(
    author: User, pledge: Pledge, database_refuses: Callable
) -> None:
    made = filed.request(by=author, about=pledge)
    made.subject = "Something else."
    with pytest.raises(WrongState):
        actions.save_record_request(record_request=made, by=author, now=NOW)
    for change in (
        {"subject": "Something else."},
        {"filed_on": date(2026, 3, 3)},
        {"due_by_law_on": date(2027, 1, 1)},
    ):
        with database_refuses("stays as published"):
            RecordRequest.objects.filter(pk=made.pk).update(**change)
    with database_refuses("stays with its pledges"):
        RequestPledge.objects.filter(record_request=made).delete()


def test_a_draft_can_be_changed_and_thrown_away(author: User, pledge: Pledge) -> None:
    draft = filed.draft_request(by=author, about=pledge)
    draft.subject = "Something else."
    actions.save_record_request(record_request=draft, by=author, now=NOW)
    stages.extend_request(
        record_request=draft,
        announced_on=DUE,
        due_on=date(2026, 4, 1),
        reason="Volume.",
        by=author,
        now=NOW,
    )
    actions.delete_request_pledge(link=draft.request_pledges.get(), by=author, now=NOW)
    draft.refresh_from_db()
    draft.delete()
    assert (RecordRequest.objects.count(), Extension.objects.count()) == (0, 0)


def test_a_withdrawn_record_leaves_tombstones_and_no_clock(author: User, pledge: Pledge) -> None:
    made = filed.request(by=author, about=pledge)
    before = len(events())
    actions.retract_record_request(record_request=made, reason="Sent twice.", by=author, now=NOW)
    assert events()[before:] == ["record_request:retracted", "record_request_pledge:retracted"]
    assert list(RecordRequest.objects.published()) == []
    assert list(RecordRequest.objects.retracted()) == [made]
    assert waiting_rows() == []


def test_documents_are_evidence_and_only_public_ones_show(author: User, pledge: Pledge) -> None:
    made = filed.request(by=author, about=pledge)
    piece, draft = record.evidence(by=author, about=pledge), record.draft_evidence(by=author)
    for one in (piece, draft):
        link = RequestDocument(record_request=made, evidence=one)
        actions.save_request_document(link=link, by=author, now=NOW)
    assert [row.evidence for row in RequestDocument.objects.published()] == [piece]
    link = RequestDocument.objects.get(evidence=piece)
    before = events()
    with pytest.raises(NoReason) as error:
        actions.delete_request_document(link=link, reason=" ", by=author, now=NOW)
    assert str(error.value) == "Say why this evidence did not come of the request."
    assert (events(), RequestDocument.objects.count()) == (before, 2)
    actions.delete_request_document(link=link, reason="Another one.", by=author, now=NOW)
    assert events()[-1] == "record_request_document:retracted"
    again = RequestDocument(record_request=made, evidence=piece)
    actions.save_request_document(link=again, by=author, now=NOW)
    retract_evidence(evidence=piece, reason="Forged.", by=author, now=NOW)
    assert list(RequestDocument.objects.published()) == []


def test_a_document_taken_off_while_a_request_is_hidden_does_not_come_back_with_it(
    author: User, pledge: Pledge
) -> None:
    made = filed.request(by=author, about=pledge)
    told, unheard = (record.evidence(by=author, about=record.pledge(by=author)) for _ in range(2))
    link = RequestDocument(record_request=made, evidence=told)
    actions.save_request_document(link=link, by=author, now=NOW)
    retract_pledge(pledge=pledge, reason="Wrong.", by=author, now=NOW)
    hidden = RequestDocument(record_request=made, evidence=unheard)
    actions.save_request_document(link=hidden, by=author, now=NOW)
    before = len(events())
    for one in (link, hidden):
        actions.delete_request_document(link=one, reason="A slip.", by=author, now=NOW)
    # What nobody was told of leaves no word.
    assert events()[before:] == ["record_request_document:retracted"]
    tombstone = Entry.objects.order_by("edition").last()
    assert tombstone is not None
    assert tombstone.subject == f"record_request_documents/{made.slug}/{told.slug}"
    other = RequestPledge(record_request=made, pledge=record.pledge(by=author))
    actions.save_request_pledge(link=other, by=author, now=NOW)
    assert list(RecordRequest.objects.published()) == [made]
    assert list(RequestDocument.objects.published()) == []
