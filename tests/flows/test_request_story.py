"""A request for records from the first draft to "the office does not record it"."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.record_requests.models import RecordRequest
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from tests import record
from tests.desk.sent import page, step
from tests.record import NOW
from tests.record_requests import filed

pytestmark = pytest.mark.django_db
ADD = "/admin/record_requests/recordrequest/add/"


def waits_for_records(pledge: Pledge) -> list[str]:
    """Return the reasons of the open flags of a pledge that are about requests."""
    flags = StaleFlag.objects.filter(pledge=pledge, closed_at=None, reason="request_overdue")
    return list(flags.values_list("reason", flat=True))


def drafted(researcher: Client, pledge: Pledge, author: User) -> RecordRequest:
    """Write a request on the desk, under a law that counts five working days."""
    law = filed.law(by=author, answer_days=5, days_counted="business",
                    days_off_end_on=date(2026, 12, 31))  # fmt: skip
    assert pledge.term is not None
    new = page(
        researcher, ADD, subject="Cash bail asked for in 2025.", slug="bail-2025",
        office=pledge.term.office_id, law=law.pk, filed_on="2026-03-02", filed_by="email",
        **{"request_pledges-0-pledge": pledge.pk},
    )  # fmt: skip
    answer = researcher.post(ADD, new)
    assert answer.status_code == 302, answer.context["errors"]
    made = RecordRequest.objects.get()
    # Counted by the law, not typed: five days, without the weekend.
    assert (made.state, made.due_by_law_on) == ("draft", date(2026, 3, 9))
    return made


def test_from_a_draft_to_what_is_not_recorded(people: dict[str, Client], author: User) -> None:
    editor, researcher, public = people["editor"], people["researcher"], Client()
    pledge = record.pledge(by=author)
    made = drafted(researcher, pledge, author)
    there = f"/admin/record_requests/recordrequest/{made.pk}/step"
    where = f"/pledges/{pledge.slug}/"
    with time_machine.travel(NOW, tick=False):
        step(researcher, f"{there}/submit/")
        assert researcher.get(f"{there}/publish/").status_code == 403
        assert "Records requested" not in public.get(where).content.decode()
        assert public.get("/record-requests/bail-2025/").status_code == 404
        step(editor, f"{there}/publish/")
        assert "one is due by 9 March 2026" in public.get(where).content.decode()
    late = datetime(2026, 3, 10, 12, tzinfo=UTC)
    with time_machine.travel(late, tick=False):
        sweep_stale(by=author, now=late)
        assert waits_for_records(pledge) == ["request_overdue"]
        assert "one was due by 9 March 2026" in public.get(where).content.decode()
        said: dict[str, Any] = {"announced_on": "2026-03-10", "due_on": "2026-04-10"}
        step(editor, f"{there}/extend/", **said, reason="A legal review.")
        assert waits_for_records(pledge) == []
        assert "one is due by 10 April 2026" in public.get(where).content.decode()
    later = late + timedelta(days=31)
    with time_machine.travel(later, tick=False):
        step(
            editor, f"{there}/answer/", on="2026-04-09", outcome="not_recorded",
            answer="Outcomes are kept, requests are not.", not_recorded="the bail it asks for",
        )  # fmt: skip
        sweep_stale(by=author, now=later)
        assert waits_for_records(pledge) == []
        shown = public.get(where).content.decode()
        (row,) = public.get("/api/v1/record-requests/").json()["results"]
    assert "The office says that it does not record the bail it asks for." in shown
    assert (row["stage"], row["outcome"], row["due_by_law_on"], row["answer_due_on"]) == (
        "answered", "not_recorded", "2026-03-09", "2026-04-10",
    )  # fmt: skip
    assert row["extensions"] == [
        {"announced_on": "2026-03-10", "due_on": "2026-04-10", "reason": "A legal review."}
    ]


def test_a_law_whose_days_off_nobody_listed_is_not_counted(
    people: dict[str, Client], author: User
) -> None:
    pledge = record.pledge(by=author)
    law = filed.law(by=author, answer_days=5, days_counted="business")
    assert pledge.term is not None
    given = {
        "subject": "Cash bail asked for in 2025.", "slug": "bail-2025",
        "office": pledge.term.office_id, "law": law.pk, "filed_on": "2026-03-02",
        "filed_by": "email", "request_pledges-0-pledge": pledge.pk,
    }  # fmt: skip
    refused = people["researcher"].post(ADD, page(people["researcher"], ADD, **given))
    assert refused.status_code == 200
    assert "its days off are not listed that far" in refused.content.decode()
    assert RecordRequest.objects.count() == 0
    given |= {"due_basis": "entered", "due_by_law_on": "2026-03-09"}
    people["researcher"].post(ADD, page(people["researcher"], ADD, **given))
    assert RecordRequest.objects.get().answer_due_on == date(2026, 3, 9)
