"""Requests for records as the API shows them."""

from datetime import date
from typing import Any

import pytest

from promises.evidence.actions import retract_evidence
from promises.record_requests.actions import save_request_document
from promises.record_requests.models import RecordRequest, RequestDocument
from promises.record_requests.stages import answer_request, extend_request
from tests import record
from tests.api.conftest import Api
from tests.api.world import NOW, World
from tests.record_requests import filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: World) -> RecordRequest:
    """A request that was extended; a document came before the answer."""
    by = world.author
    law = filed.law(by=by, citation="Example Code 1-101")
    made = filed.request(by=by, about=world.pledge, slug="bail-figures", law=law, subject="Bail.")
    extend_request(
        record_request=made,
        announced_on=date(2026, 3, 10),
        due_on=date(2026, 4, 10),
        reason="Volume.",
        by=by,
        now=record.NOW,
    )
    document = RequestDocument(record_request=made, evidence=world.evidence)
    save_request_document(link=document, by=by, now=record.NOW)
    return made


EXPECTED: dict[str, Any] = {
    "slug": "bail-figures",
    "office": "example-da",
    "agency": "",
    "subject": "Bail.",
    "law": "Example Code 1-101",
    "statute": "",
    "filed_on": "2026-03-02",
    "filed_by": "email",
    "reference": "",
    "stage": "waiting",
    "due_basis": "counted",
    "due_by_law_on": "2026-03-12",
    "answer_due_on": "2026-04-10",
    "next_due_on": "2026-04-10",
    "acknowledged_on": None,
    "answered_on": None,
    "outcome": None,
    "answer": "",
    "not_recorded": "",
    "withdrawn_on": None,
    "appealed_on": None,
    "appealed_to": "",
    "appeal_due_on": None,
    "appeal_decided_on": None,
    "appeal_decision": "",
    "note": "",
    "published_at": "2026-03-02T12:00:00.000000Z",
    "extensions": [{"announced_on": "2026-03-10", "due_on": "2026-04-10", "reason": "Volume."}],
    "pledges": ["end-cash-bail"],
    "documents": ["bail-report"],
}


def test_a_request_is_exactly_this(api: Api, world: World, made: RecordRequest) -> None:
    assert api.rows("record-requests/") == [EXPECTED]
    assert api.read("record-requests/bail-figures/") == EXPECTED
    answer_request(
        record_request=made,
        on=date(2026, 4, 1),
        outcome="not_recorded",
        answer="",
        not_recorded="the bail it asks for",
        by=world.author,
        now=record.NOW,
    )
    retract_evidence(evidence=world.evidence, reason="Wrong.", by=world.author, now=record.NOW)
    (row,) = api.rows("record-requests/")
    assert row == {
        **EXPECTED,
        "stage": "answered",
        "next_due_on": None,
        "answered_on": "2026-04-01",
        "outcome": "not_recorded",
        "not_recorded": "the bail it asks for",
        "documents": [],
    }


# Each filter of the list, and whether it keeps the request.
FILTERS = [
    ("pledge=end-cash-bail", True),
    ("pledge=never-was", False),
    ("prosecutor=jane-example", True),
    ("office=never-was", False),
    ("outcome=granted", False),
    ("overdue=false", True),
    ("overdue=true", False),
    ("filed_after=2026-03-02&filed_before=2026-03-02", True),
    ("filed_after=2026-03-03", False),
    ("q=bail", True),
    ("q=never", False),
]


@pytest.mark.parametrize(("query", "is_found"), FILTERS)
def test_filters(api: Api, world: World, made: RecordRequest, query: str, is_found: bool) -> None:
    assert bool(api.rows(f"record-requests/?{query}")) is is_found


def test_overdue_is_asked_of_today(api: Api, world: World, made: RecordRequest) -> None:
    late = filed.request(
        by=world.author, about=world.pledge, filed_on=date(2026, 2, 1), slug="late"
    )
    assert late.next_due_on == date(2026, 2, 11)
    assert NOW.date() > date(2026, 2, 11)
    assert [row["slug"] for row in api.rows("record-requests/?overdue=true")] == ["late"]
    assert [row["slug"] for row in api.rows("record-requests/?overdue=false")] == ["bail-figures"]


def test_queries_are_the_same_for_few_and_many(
    api: Api, world: World, made: RecordRequest, django_assert_num_queries: Any
) -> None:
    # Requests, extensions, pledges, documents.
    with django_assert_num_queries(4):
        api.ask("record-requests/")
    for _ in range(5):
        filed.request(by=world.author, about=world.pledge)
    with django_assert_num_queries(4):
        api.ask("record-requests/")


def test_a_change_of_a_hidden_request_is_withheld(
    api: Api, world: World, made: RecordRequest
) -> None:
    events = [row["event"] for row in api.rows("changes/?event=record_request:published")]
    assert events == ["record_request:published"]
    RecordRequest.objects.filter(pk=made.pk).update(
        state="retracted",
        retracted_at=record.NOW,
        retracted_by=world.author,
        retraction_reason="Sent twice.",
    )
    kinds = ("record_request", "record_request_pledge", "record_request_extension")
    for kind in kinds:
        (row, *_more) = api.rows(f"changes/?event={kind}:published,{kind}:saved")
        assert (row["is_withheld"], row["data"], row["subject"]) == (True, None, None)
