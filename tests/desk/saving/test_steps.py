"""Steps: what becomes of a record on its way to the public and after it."""

import re

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.officials.actions import save_person
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.updates.actions import submit_status_update
from promises.updates.models import Approval, Correction, Response, Review, StatusUpdate
from tests import record
from tests.desk import sent
from tests.desk.rows import change, said, step, take


def test_an_update_goes_from_its_author_to_the_public(
    desk: Client, second_desk: Client, person: User, other: User
) -> None:
    pledge = record.pledge(by=person)
    update = record.draft_update(by=person, of=pledge)
    take(desk, update, "submit")
    update.refresh_from_db()
    assert (update.state, update.wording) == (State.IN_REVIEW, 1)
    assert desk.post(change(update), {"reasoning": "Other words."}).status_code == 403

    take(second_desk, update, "return", reason="Which month?")
    page = sent.page(desk, change(update), reasoning="In May. The evidence says so.")
    assert desk.post(change(update), page).status_code == 302
    take(desk, update, "submit")
    take(second_desk, update, "approve", note="Read both sources.")
    take(second_desk, update, "publish")

    update.refresh_from_db()
    pledge.refresh_from_db()
    assert (update.state, update.published_by, update.wording) == (State.PUBLISHED, other, 2)
    assert update.reasoning == "In May. The evidence says so."
    assert pledge.status == "in_the_works"
    approval = Approval.objects.get()
    assert (approval.approved_by, approval.wording, approval.note) == (
        other,
        2,
        "Read both sources.",
    )
    assert said(update) == [
        "Editor: Handed in",
        "Second-Editor: Sent back: Which month?",
        "Editor: Changed Reasoning.",
        "Editor: Handed in",
        "Second-Editor: Approved: Read both sources.",
        "Second-Editor: Published",
    ]
    assert "Sent back: Which month?" in desk.get(change(update)).content.decode()


def test_the_page_is_saved_before_a_step_is_asked_for(desk: Client, person: User) -> None:
    update = record.draft_update(by=person, of=record.pledge(by=person))
    page = sent.page(desk, change(update), reasoning="Typed a moment ago.", _step="submit")
    answer = desk.post(change(update), page)
    assert answer.status_code == 302
    update.refresh_from_db()
    # It carries the version that was saved a moment ago.
    assert answer["Location"] == f"{step(update, 'submit')}?seen_version={update.version}"
    assert (update.reasoning, update.state) == ("Typed a moment ago.", State.DRAFT)


def test_the_evidence_of_a_draft_is_chosen_on_its_page(desk: Client, person: User) -> None:
    pledge = record.pledge(by=person)
    update = record.draft_update(by=person, of=pledge)
    later = record.evidence(by=person, about=pledge, stance="contradicts")
    page = sent.page(desk, change(update))
    assert page["cited"] == str(update.evidence.get().links.get().pk)
    page["cited"] = [link.pk for link in pledge.evidence_links.all()]
    assert desk.post(change(update), page).status_code == 302
    assert set(update.evidence.all()) == {*pledge.evidence.all()}
    assert later in update.evidence.all()


def test_two_people_confirm_an_imported_rating(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    update = record.draft_update(by=author, of=pledge, is_imported=True)
    update = editorial.publish(record=update, by=author, now=record.NOW)
    pledge.refresh_from_db()
    assert pledge.status_is_provisional
    assert step(update, "approve") in desk.get(change(update)).content.decode()
    take(desk, update, "approve", note="")
    assert step(update, "approve") not in desk.get(change(update)).content.decode()
    again = sent.step(desk, step(update, "approve"), note="")
    assert again.context["form"].non_field_errors() == ["You have approved this wording already."]
    take(second_desk, update, "approve", note="")
    pledge.refresh_from_db()
    assert not pledge.status_is_provisional
    assert Approval.objects.filter(status_update=update).count() == 2


def test_readers_see_the_correction_beside_the_published_reasoning(
    desk: Client, person: User, author: User
) -> None:
    update = record.published_update(by=author, of=record.pledge(by=author))
    assert update.reasoning in desk.get(step(update, "correct")).content.decode()
    answers = {"new_text": "The evidence says half of it.", "kind": "correction", "note": "Half."}
    take(desk, update, "correct", **answers)
    correction = Correction.objects.get()
    assert (correction.status_update, correction.corrected_by) == (update, person)
    assert (correction.old_text, correction.new_text) == (
        "The evidence says so.",
        "The evidence says half of it.",
    )
    update.refresh_from_db()
    assert update.reasoning == "The evidence says so."


def test_a_step_marks_what_must_be_answered(desk: Client, author: User) -> None:
    update = record.published_update(by=author, of=record.pledge(by=author))
    page = desk.get(step(update, "retract")).content.decode()
    assert '<label for="id_reason" class="required">' in page
    waiting = record.draft_update(by=author, of=record.pledge(by=author))
    submit_status_update(update=waiting, by=author, now=record.NOW)
    assert '<label for="id_note">' in desk.get(step(waiting, "approve")).content.decode()


def test_whoever_looks_evidence_over_can_open_its_original(desk: Client, person: User) -> None:
    piece = record.draft_evidence(by=person, url="https://example.org/memo?a=1&b=2")
    link = '<a href="https://example.org/memo?a=1&amp;b=2">'
    assert link in desk.get(change(piece)).content.decode()
    bare = record.draft_evidence(by=person, url="")
    assert "Read it at" not in desk.get(change(bare)).content.decode()


def test_a_second_correction_begins_with_the_words_of_the_first(
    desk: Client, author: User, client: Client
) -> None:
    update = record.published_update(by=author, of=record.pledge(by=author))
    take(desk, update, "correct", new_text="It says half.", kind="correction", note="Half.")
    form = desk.get(step(update, "correct")).context["form"]
    assert form.initial == {"new_text": "It says half."}
    edition = Entry.objects.count()
    for same in ("It says half.", " It says half.  "):
        answers = {"new_text": same, "kind": "correction", "note": "Again."}
        refused = sent.step(desk, step(update, "correct"), **answers)
        assert refused.context["form"].non_field_errors() == [
            "It says this already. Write what it should say instead."
        ]
    assert (Correction.objects.count(), Entry.objects.count()) == (1, edition)
    take(desk, update, "correct", new_text="A third.", kind="correction", note="Third.")
    words = Correction.objects.order_by("pk").values_list("old_text", "new_text")
    assert list(words) == [
        ("The evidence says so.", "It says half."),
        ("It says half.", "A third."),
    ]
    page = client.get(f"/pledges/{update.pledge.slug}/").content.decode()
    shown = re.findall("<(?:del|ins)>(.*?)</(?:del|ins)>", page)
    assert shown == ["It says half.", "A third.", "The evidence says so.", "It says half."]


def test_a_retraction_needs_a_reason_and_takes_the_status_back(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    update = record.published_update(by=author, of=pledge)
    assert sent.step(desk, step(update, "retract"), reason=" ").status_code == 200
    update.refresh_from_db()
    assert update.state == State.PUBLISHED
    take(desk, update, "retract", reason="The memo was forged.")
    update.refresh_from_db()
    pledge.refresh_from_db()
    assert (update.state, update.retraction_reason) == (State.RETRACTED, "The memo was forged.")
    assert pledge.status == "not_yet_rated"


def test_someone_looked_again_and_nothing_had_changed(
    desk: Client, person: User, author: User
) -> None:
    pledge = record.pledge(by=author)
    take(desk, pledge, "review", note="Read the site of the office.")
    review = Review.objects.get()
    assert (review.pledge, review.reviewed_by, review.note) == (
        pledge,
        person,
        "Read the site of the office.",
    )
    pledge.refresh_from_db()
    assert pledge.last_reviewed_at == review.reviewed_at


def test_a_person_their_pledge_and_its_evidence_are_published(desk: Client, author: User) -> None:
    given = {"by": author, "now": record.NOW}
    draft = save_person(person=Person(slug="joan-example", name="Joan Example"), **given)
    take(desk, draft, "publish")
    pledge = record.draft_pledge(by=author)
    pieces = [record.draft_evidence(by=author) for _ in range(2)]
    take(desk, pledge, "publish")
    there = "/admin/evidence/evidence/"
    shown = sent.previewed(desk, there, "publish", pieces)
    assert Evidence.objects.published().count() == 0
    answer = sent.confirmed(desk, shown)
    assert (answer.status_code, answer["Location"]) == (302, there)
    assert Evidence.objects.published().count() == 2
    assert Pledge.objects.published().get() == pledge
    assert Person.objects.get(pk=draft.pk).state == State.PUBLISHED


def test_a_reply_is_written_and_published(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    there = "/admin/updates/response/add/"
    reply = {"pledge": pledge.pk, "said_by": "Jane Example", "text": "I did it."}
    dated = {"published_on": "2026-01-05", "date_precision": "day"}
    assert desk.post(there, {**reply, **dated}).status_code == 302
    response = Response.objects.get()
    assert response.slug == f"{pledge.slug}-response"
    take(desk, response, "publish")
    response.refresh_from_db()
    assert response.state == State.PUBLISHED
    assert Entry.objects.filter(event="response:published").count() == 1


def test_a_draft_update_can_start_on_its_own_page(desk: Client, person: User, author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    record.methodology(by=author)
    there = "/admin/updates/statusupdate/add/"
    page = sent.page(
        desk,
        there,
        pledge=pledge.pk,
        status="kept",
        confidence="high",
        effective_on="2025-06-01",
        assessed_on="2025-06-02",
        reasoning="It is done.",
    )
    answer = desk.post(there, page)
    assert answer.status_code == 302, answer.context["errors"]
    update = StatusUpdate.objects.get()
    assert (update.created_by, update.state, update.slug) == (
        person,
        State.DRAFT,
        f"{pledge.slug}-update-1",
    )
    assert list(update.evidence.all()) == [piece]
    assert said(update) == ["Editor: Added."]


@pytest.mark.parametrize("name", ["plan", "embargo"])
def test_a_moment_is_asked_for_beside_what_the_clock_shows(
    desk: Client, author: User, name: str
) -> None:
    pledge = record.draft_pledge(by=author)
    there = f"/admin/pledges/pledge/{pledge.pk}/step/{name}/"
    for minute in ("12:00", "12:01"):
        with time_machine.travel(f"2026-03-02T{minute}Z", tick=False):
            page = desk.get(there).content.decode()
        assert f"In UTC, where it is {minute} now." in page
