"""Challenges at the desk: what waits, the steps, and a stranger's words shown as words."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.suggestions.models import Challenge
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.desk import sent
from tests.record import NOW
from tests.suggestions.challenged import challenge

LIST = "/admin/suggestions/challenge/"


@pytest.fixture
def made(author: User) -> Challenge:
    """A challenge as unkind as strangers write."""
    pledge = record.pledge(by=author)
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    return challenge(
        of=pledge, explanation=hostile, sender_name=hostile, source_url="https://x.example/<b>"
    )


def step(desk: Client, made: Challenge, name: str, **answers: Any) -> Any:
    with time_machine.travel(NOW, tick=False):
        return sent.step(desk, f"{LIST}{made.pk}/step/{name}/", **answers)


def test_what_a_stranger_wrote_is_shown_as_text(desk: Client, made: Challenge) -> None:
    for address in (f"{LIST}{made.pk}/change/", f"{LIST}?q=script", f"{LIST}?answer=waiting"):
        body = desk.get(address).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<b>" not in body
    assert "&lt;script&gt;alert(1)" in desk.get(f"{LIST}{made.pk}/change/").content.decode()


def test_from_the_front_page_to_the_answer(desk: Client, person: User, made: Challenge) -> None:
    with time_machine.travel(NOW, tick=False):
        boxes = {str(box.title): box for box in desk.get("/admin/").context["boxes"]}
    box = boxes["Challenged from outside"]
    assert (box.count, box.rows[0].note) == (1, "the status is wrong, 14 days left")
    assert desk.get(box.address).context["cl"].result_count == 1

    assert step(desk, made, "take-up").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.assigned_to) == ("being_looked_at", person)
    assert desk.get(f"{LIST}?answer=mine").context["cl"].result_count == 1

    refused = step(desk, made, "accept", answer=" ")
    assert "This field is required." in refused.content.decode()
    assert step(desk, made, "accept", answer="You are right.").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.answer, made.answered_by) == ("accepted", "You are right.", person)
    draft = record.draft_update(by=person, of=made.pledge)
    assert step(desk, made, "outcome", update=draft.pk).status_code == 302
    made.refresh_from_db()
    assert made.led_to_update == draft
    refused = step(desk, made, "decline", answer="Or not.")
    assert "it waits for nothing" in refused.content.decode()
    assert desk.get(f"{LIST}?answer=answered").context["cl"].result_count == 1


def test_an_outcome_is_of_the_same_pledge(desk: Client, person: User, made: Challenge) -> None:
    step(desk, made, "accept", answer="You are right.")
    elsewhere = record.draft_update(by=person, of=record.pledge(by=person))
    refused = step(desk, made, "outcome", update=elsewhere.pk)
    assert "not one of the available choices" in refused.content.decode()
    refused = step(desk, made, "outcome", update="", correction="")
    assert refused.context["form"].non_field_errors() == [
        "Choose the status update or the correction that it led to."
    ]
    made.refresh_from_db()
    assert made.led_to_update is None


def test_many_are_set_aside_at_once(desk: Client, made: Challenge) -> None:
    challenge(of=made.pledge)
    with time_machine.travel(NOW, tick=False):
        page = sent.previewed(desk, LIST, "set-aside", Challenge.objects.order_by("pk"))
        assert sent.confirmed(desk, page).status_code == 302
    assert set(Challenge.objects.values_list("state", flat=True)) == {"spam"}


def test_a_published_reply_can_be_withdrawn_for_a_reason(desk: Client, person: User) -> None:
    pledge: Pledge = record.pledge(by=person)
    reply = Response(
        slug="reply", pledge=pledge, said_by="Jane Example", text="I did.",
        date_precision="unknown",
    )  # fmt: skip
    save_response(response=reply, by=person, now=NOW)
    publish_response(response=reply, by=person, now=NOW)
    address = f"/admin/updates/response/{reply.pk}/step/retract/"
    assert "This field is required." in sent.step(desk, address).content.decode()
    assert sent.step(desk, address, reason="It was not hers.").status_code == 302
    reply.refresh_from_db()
    assert (reply.state, reply.retraction_reason) == ("retracted", "It was not hers.")
