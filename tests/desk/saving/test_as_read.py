"""A step is taken on what the person read: whatever changed since is shown first."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from promises.accounts.models import User
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.newsroom.actions import send_back
from promises.newsroom.models import Comment
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from promises.updates.actions import (
    approve_status_update,
    revise_status_update,
    submit_status_update,
)
from promises.updates.models import Approval, Review, StatusUpdate
from tests import record
from tests.desk import sent
from tests.desk.rows import change, step

CHANGED = (
    "Someone changed this after you opened it. Nothing has been done. Read it as it now stands,"
    " and decide again."
)
UNSAID = (
    "The page that was sent does not say which version of this you read. Nothing has been done."
    " Read it as it now stands, and decide again."
)


@pytest.fixture
def waiting(author: User) -> StatusUpdate:
    """An update that waits for approval."""
    update = record.draft_update(by=author, of=record.pledge(by=author))
    return submit_status_update(update=update, by=author, now=record.NOW)


def reworded(update: StatusUpdate, by: User) -> StatusUpdate:
    """Take an update back, change its words and hand it in again."""
    given: Any = {"by": by, "now": record.NOW}
    send_back(item=update, reason="One more word.", **given)
    update.refresh_from_db()
    update.reasoning = "The evidence says the opposite."
    revise_status_update(update=update, evidence=None, seen=[], **given)
    update.refresh_from_db()
    return submit_status_update(update=update, **given)


def errors(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return list(answer.context["form"].non_field_errors())


def test_an_approver_approves_what_they_read(
    desk: Client, waiting: StatusUpdate, author: User, person: User
) -> None:
    there = step(waiting, "approve")
    page = sent.page(desk, there, note="I agree with the words.")
    assert page["seen_version"] == str(waiting.version)
    changed = reworded(waiting, author)
    answer = desk.post(there, page)
    assert errors(answer) == [CHANGED]
    assert Approval.objects.count() == LogEntry.objects.count() == 0
    rows = {row.label: (row.was, row.now) for row in answer.context["since"]}
    assert rows["Reasoning"] == (
        "The evidence says so.",
        "The evidence says the opposite.",
    )
    body = answer.content.decode()
    assert "I agree with the words." in body
    assert "The evidence says the opposite." in body
    # Whoever has read what changed can decide on it.
    again = sent.fields_of(body)
    assert again["seen_version"] == str(changed.version)
    assert desk.post(there, again).status_code == 302
    approval = Approval.objects.get()
    assert (approval.approved_by, approval.wording) == (person, changed.wording)


def test_the_button_on_the_page_of_a_record_carries_what_was_read_there(
    desk: Client, waiting: StatusUpdate, author: User
) -> None:
    change = f"/admin/updates/statusupdate/{waiting.pk}/change/"
    address = f"{step(waiting, 'approve')}?seen_version={waiting.version}"
    assert f'href="{address}"' in desk.get(change).content.decode()
    reworded(waiting, author)
    shown = desk.get(address)
    rows = {row.label for row in shown.context["since"]}
    assert "Reasoning" in rows
    assert "Someone changed this after you opened it." in shown.content.decode()
    # A page without anything new says nothing of the kind.
    assert desk.get(step(waiting, "approve")).context["since"] == []


@pytest.mark.parametrize("read", [None, "", "first", "-1", "1 "])
def test_a_step_that_does_not_say_what_was_read_is_not_taken(
    desk: Client, waiting: StatusUpdate, read: str | None
) -> None:
    there = step(waiting, "approve")
    page = sent.page(desk, there, note="Fine.", seen_version=read)
    if read is None:
        del page["seen_version"]
    answer = desk.post(there, page)
    assert errors(answer) == [UNSAID]
    assert Approval.objects.count() == LogEntry.objects.count() == 0
    assert desk.post(there, sent.fields_of(answer.content.decode())).status_code == 302
    assert Approval.objects.count() == 1


@pytest.mark.parametrize("name", ["return", "publish"])
def test_what_was_published_or_sent_back_meanwhile_is_not_moved_again(
    desk: Client, second_desk: Client, waiting: StatusUpdate, other: User, name: str
) -> None:
    approve_status_update(update=waiting, by=other, now=record.NOW)
    there = step(waiting, name)
    page = sent.page(desk, there, reason="Say when.")
    assert sent.step(second_desk, step(waiting, "return"), reason="Say where.").status_code == 302
    editions = Entry.objects.count()
    assert errors(desk.post(there, page)) == [CHANGED]
    waiting.refresh_from_db()
    assert waiting.state == State.DRAFT
    assert Entry.objects.count() == editions
    assert [comment.text for comment in Comment.objects.all()] == ["Say where."]


def test_a_retraction_and_a_correction_are_of_what_was_read(desk: Client, author: User) -> None:
    piece = record.evidence(by=author, about=record.pledge(by=author))
    there = step(piece, "retract")
    page = sent.page(desk, there, reason="It was forged.")
    Evidence.objects.filter(pk=piece.pk).update(publisher="Example City")
    editions = Entry.objects.count()
    answer = desk.post(there, page)
    assert errors(answer) == [CHANGED]
    assert [(row.was, row.now) for row in answer.context["since"]] == [
        ("The Example Times", "Example City")
    ]
    piece.refresh_from_db()
    assert (piece.state, Entry.objects.count()) == (State.PUBLISHED, editions)


def test_a_page_that_was_not_saved_carries_the_version_it_was_made_from(
    desk: Client, author: User
) -> None:
    piece = record.draft_evidence(by=author)
    change = f"/admin/evidence/evidence/{piece.pk}/change/"
    page = sent.page(desk, change, _step="publish")
    piece.title = "Another title"
    editorial.store(piece)
    answer = desk.post(change, page)
    assert answer["Location"] == f"{step(piece, 'publish')}?seen_version=1"
    rows = desk.get(answer["Location"]).context["since"]
    assert [(row.label, row.now) for row in rows] == [("Title", "Another title")]


def test_a_comment_is_not_held_up_by_a_change(
    desk: Client, waiting: StatusUpdate, author: User
) -> None:
    there = step(waiting, "comment")
    page = sent.page(desk, there, text="Which month?")
    reworded(waiting, author)
    assert desk.post(there, page).status_code == 302
    assert Comment.objects.latest("pk").text == "Which month?"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge that is stale."""
    made = record.pledge(by=author)
    sweep_stale(by=author, now=record.NOW + timedelta(days=200))
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("opened", ["pledge", "flag"])
def test_a_look_is_signed_for_what_the_reviewer_saw(
    desk: Client, pledge: Pledge, author: User, opened: str
) -> None:
    """A rating published meanwhile is no column of the pledge, and none of its flag."""
    flag = StaleFlag.objects.filter(pledge=pledge).first()
    there = step(flag if opened == "flag" else pledge, "review")
    page = sent.page(desk, there, note="Nothing new.")
    assert page["seen_edition"] == str(pledge.edition)
    record.published_update(by=author, of=pledge, status="broken")
    answer = desk.post(there, page)
    assert errors(answer) == [CHANGED]
    assert (Review.objects.count(), LogEntry.objects.count()) == (0, 0)
    again = sent.fields_of(answer.content.decode())
    pledge.refresh_from_db()
    assert (again["note"], again["seen_edition"]) == ("Nothing new.", str(pledge.edition))
    assert desk.post(there, again).status_code == 302
    assert [review.note for review in Review.objects.all()] == ["Nothing new."]


@pytest.mark.parametrize("opened", ["pledge", "flag"])
def test_a_look_says_what_was_looked_at(desk: Client, pledge: Pledge, opened: str) -> None:
    flag = StaleFlag.objects.filter(pledge=pledge).first()
    there = step(flag if opened == "flag" else pledge, "review")
    page = sent.page(desk, there, note="Nothing new.")
    del page["seen_edition"]
    assert errors(desk.post(there, page)) == [UNSAID]
    assert (Review.objects.count(), LogEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("opened", ["pledge", "flag"])
def test_whoever_comes_from_the_record_saw_what_it_showed(
    desk: Client, pledge: Pledge, author: User, opened: str
) -> None:
    """The page of the step is opened only after something else was published."""
    row: Any = StaleFlag.objects.filter(pledge=pledge).first() if opened == "flag" else pledge
    there = change(row)
    body = desk.get(there).content.decode()
    record.published_update(by=author, of=pledge, status="broken")
    if opened == "flag":
        address = html.unescape(re.findall(r'href="([^"]+/step/review/[^"]*)"', body)[0])
    else:
        answer = desk.post(there, {**sent.fields_of(body), "_step": "review"})
        address = answer["Location"]
    assert f"seen_edition={pledge.edition}" in address
    nothing_said = desk.post(address, sent.page(desk, address, note=" "))
    page = {**sent.fields_of(nothing_said.content.decode()), "note": "Nothing new."}
    answer = desk.post(address, page)
    assert errors(answer) == [CHANGED]
    assert Review.objects.count() == 0
    assert desk.post(address, sent.fields_of(answer.content.decode())).status_code == 302
    assert Review.objects.count() == 1


def saved_to_look_again(desk: Client, pledge: Pledge, body: str) -> str:
    """Edit the pledge, go on to the look, and return where its page is."""
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    why = {"correction_kind": "typo", "correction_note": "A slip."}
    page = {**sent.fields_of(body), "title": "Do it soon", **why, "_step": "review"}
    answer = desk.post(there, page)
    assert answer.status_code == 302, answer.context["errors"]
    return answer["Location"]


@pytest.mark.parametrize("meanwhile", ["nothing", "before", "after"])
def test_whoever_edits_and_looks_again_has_seen_their_own_words(
    desk: Client, pledge: Pledge, author: User, meanwhile: str
) -> None:
    body = desk.get(f"/admin/pledges/pledge/{pledge.pk}/change/").content.decode()
    if meanwhile == "before":
        record.published_update(by=author, of=pledge, status="broken")
    address = saved_to_look_again(desk, pledge, body)
    if meanwhile == "after":
        record.published_update(by=author, of=pledge, status="broken")
    answer = desk.post(address, sent.page(desk, address, note="Nothing new."))
    if meanwhile == "nothing":
        assert answer.status_code == 302, errors(answer)
        assert [review.note for review in Review.objects.all()] == ["Nothing new."]
    else:
        assert errors(answer) == [CHANGED]
        assert Review.objects.count() == 0
    pledge.refresh_from_db()
    assert pledge.title == "Do it soon"


def test_a_batch_of_looks_heeds_what_was_published_of_the_pledges(
    desk: Client, pledge: Pledge, author: User
) -> None:
    flags = list(StaleFlag.objects.filter(pledge=pledge))
    page = sent.previewed(desk, "/admin/staleness/staleflag/", "review", flags, note="Nothing new.")
    record.published_update(by=author, of=pledge, status="broken")
    answer = sent.confirmed(desk, page)
    assert "It was changed after you saw the preview." in answer.context["refusal"]
    assert (Review.objects.count(), LogEntry.objects.count()) == (0, 0)
