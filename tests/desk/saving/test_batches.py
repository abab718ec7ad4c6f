"""Steps for many rows: seen before anything is written, and then all of them or none."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.newsroom.actions import assign
from promises.newsroom.models import Assignment
from promises.officials.models import Term
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.due_dates import recompute_due_dates
from promises.staleness.models import StaleFlag
from promises.updates.models import Review
from tests import record
from tests.conftest import without_triggers
from tests.desk import sent
from tests.record import assign_flag, record_review

PLEDGES = "/admin/pledges/pledge/"
EVIDENCE = "/admin/evidence/evidence/"
FLAGS = "/admin/staleness/staleflag/"


@pytest.fixture
def pledges(author: User) -> list[Pledge]:
    """Three published pledges of one person."""
    of = record.term(by=author)
    return [record.pledge(by=author, of=of, position=number) for number in range(3)]


def many(by: User, of: Term, count: int) -> list[Pledge]:
    """Many published pledges of one person, copied from one."""
    first = record.pledge(by=by, of=of)
    copies = [first]
    for number in range(1, count):
        copy = Pledge.objects.get(pk=first.pk)
        copy.pk, copy.slug, copy.position = None, f"{first.slug}-{number}", number
        copies.append(copy)
    with without_triggers():
        Pledge.objects.bulk_create(copies[1:])
    list(recompute_due_dates())
    return list(Pledge.objects.order_by("pk"))


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_preview_says_what_would_happen_and_writes_nothing(
    desk: Client, person: User, author: User, pledges: list[Pledge]
) -> None:
    sweep_stale(by=author, now=record.NOW)
    flags = list(StaleFlag.objects.order_by("pk"))
    editions = Entry.objects.count()
    page = sent.previewed(desk, FLAGS, "assign", flags)
    assert [line.changes for line in page.context["lines"]] == [
        (("In the hands of", "—", "Editor"),)
    ] * 3
    assert "Nothing has changed yet." in page.content.decode()
    assert "It would be done for 3 stale flags." in page.content.decode()
    page = sent.previewed(desk, FLAGS, "review", flags, note="Read the news.")
    assert [line.changes for line in page.context["lines"]] == [()] * 3
    assert StaleFlag.objects.filter(assigned_to=None, closed_at=None).count() == 3
    assert (Review.objects.count(), Entry.objects.count()) == (0, editions)
    assert LogEntry.objects.count() == 0


def test_refused_rows_come_first_with_their_reason_and_can_be_left_out(
    desk: Client, author: User, pledges: list[Pledge]
) -> None:
    draft = record.draft_pledge(by=author, of=pledges[0].term, title="Not yet public")
    page = sent.previewed(desk, PLEDGES, "review", [*pledges, draft], note="Read the news.")
    lines = page.context["lines"]
    assert [(line.pk, line.refused) for line in lines if line.refused] == [
        (draft.pk, "This is draft; it must be published for that.")
    ]
    assert lines[0].pk == draft.pk
    body = page.content.decode()
    assert "It would be done for 3 pledges." in body
    assert "Refused: 1 pledge." in body
    assert "Leave out what is refused: Looked again, nothing changed (3 pledges)" in body
    answer = sent.confirmed(desk, page)
    assert (answer.status_code, answer["Location"]) == (302, PLEDGES)
    assert set(Review.objects.values_list("pledge", flat=True)) == {one.pk for one in pledges}


def test_where_all_rows_are_refused_there_is_nothing_to_confirm(desk: Client, author: User) -> None:
    draft = record.draft_pledge(by=author)
    page = sent.previewed(desk, PLEDGES, "review", [draft], note="Read the news.")
    body = page.content.decode()
    assert "_confirm" not in body
    assert "Refused: 1 pledge." in body
    assert "It would be done" not in body
    answer = sent.confirmed(desk, page)
    assert said(answer) == ["This preview can no longer be confirmed. Nothing has changed."]
    assert Review.objects.count() == 0


def test_500_rows_of_which_one_changed_meanwhile_are_refused_as_a_whole(
    desk: Client, other: User, author: User
) -> None:
    rows = many(author, record.term(by=author), 500)
    page = sent.previewed(desk, PLEDGES, "review", rows, note="Read the news.")
    assert page.context["left"] == 500
    record_review(pledge=rows[250], note="I was first.", by=other, now=record.NOW)
    editions = Entry.objects.count()
    answer = sent.confirmed(desk, page)
    assert answer.status_code == 200
    assert answer.context["refusal"] == (
        f"Nothing has changed. {rows[250].person}: {rows[250].title}:"
        " It was changed after you saw the preview."
    )
    assert list(Review.objects.values_list("note", flat=True)) == ["I was first."]
    assert (Entry.objects.count(), LogEntry.objects.count()) == (editions, 0)
    # The page shows them as they now stand, and that can be confirmed.
    assert sent.confirmed(desk, answer).status_code == 302
    assert Review.objects.count() == 501


def test_a_row_that_is_gone_or_has_ended_refuses_all(
    desk: Client, author: User, pledges: list[Pledge]
) -> None:
    sweep_stale(by=author, now=record.NOW)
    flags = list(StaleFlag.objects.order_by("pk"))
    page = sent.previewed(desk, FLAGS, "assign", flags)
    record.evidence(by=author, about=pledges[1])
    assert StaleFlag.objects.get(pk=flags[1].pk).closed_at is not None
    answer = sent.confirmed(desk, page)
    assert "It was changed after you saw the preview." in answer.context["refusal"]
    assert [(line.pk, line.refused) for line in answer.context["lines"] if line.refused] == [
        (flags[1].pk, "This episode has ended already.")
    ]
    assert StaleFlag.objects.filter(assigned_to=None).count() == 3


def test_a_form_sent_twice_is_done_once_and_told(
    desk: Client, author: User, pledges: list[Pledge]
) -> None:
    page = sent.previewed(desk, PLEDGES, "review", pledges, note="Read the news.")
    done, left = said(sent.confirmed(desk, page))
    assert done == "Looked again: 3 pledges"
    assert left.count("it has no published evidence") == 3
    again = sent.confirmed(desk, page)
    assert again.status_code == 302
    assert said(again)[-1] == "This was done before: it was not done a second time."
    assert Review.objects.count() == 3


def test_what_was_not_shown_cannot_be_confirmed(
    desk: Client, author: User, pledges: list[Pledge]
) -> None:
    page = sent.previewed(desk, PLEDGES, "review", pledges, note="Read the news.")
    fields = sent.fields_of(page.content.decode())
    there = page.context["address"]
    for batch in ("", "x", fields["batch"][:-1]):
        desk.post(there, {**fields, "batch": batch, "_confirm": "1"})
    desk.post(f"{PLEDGES}step/publish/", {**fields, "_confirm": "1"})
    assert Review.objects.count() == 0


def test_an_answer_at_fault_is_asked_again(
    desk: Client, author: User, pledges: list[Pledge]
) -> None:
    sweep_stale(by=author, now=record.NOW)
    flags = list(StaleFlag.objects.all())
    past = {"until": "2020-01-01", "reason": "Later."}
    page = sent.previewed(desk, FLAGS, "snooze", flags, **past)
    assert page.context["form"].non_field_errors() == ["Choose a day that is still to come."]
    assert StaleFlag.objects.filter(snoozed_until=None).count() == 3


@pytest.mark.parametrize("count", [20, 500])
def test_500_rows_take_as_many_queries_as_20(desk: Client, author: User, count: int) -> None:
    many(author, record.term(by=author), count)
    sweep_stale(by=author, now=record.NOW)
    flags = list(StaleFlag.objects.filter(reason="no_evidence"))
    assert len(flags) == count
    snoozed = {
        "until": f"{timezone.now() + timedelta(days=300):%Y-%m-%d}",
        "reason": "The court decides.",
    }
    ContentType.objects.get_for_model(StaleFlag)  # Kept by Django from its first use on.
    taken = {}
    for step, given in (("assign", {}), ("review", {"note": "Read it."}), ("snooze", snoozed)):
        there = f"{FLAGS}step/{step}/"
        page = sent.previewed(desk, FLAGS, step, flags, **given)
        fields = sent.fields_of(page.content.decode())
        with CaptureQueriesContext(connection) as previewing:
            desk.post(there, {**given, "rows": fields["rows"]})
        with CaptureQueriesContext(connection) as confirming:
            assert desk.post(there, {**fields, "_confirm": "1"}).status_code == 302
        taken[step] = (len(previewing), len(confirming))
    # Pages and acts alike: who it is, the rows, the trial or the act, for all rows at once.
    assert taken == {"assign": (15, 21), "review": (27, 34), "snooze": (15, 21)}
    assert Review.objects.count() == count
    assert StaleFlag.objects.filter(snooze_reason="The court decides.").count() == count


@pytest.mark.parametrize("count", [20, 500])
def test_500_items_are_assigned_in_as_many_queries_as_20(
    desk: Client, author: User, other: User, count: int
) -> None:
    pledges = many(author, record.term(by=author), count)
    # One of them has it already, for another task.
    assign(item=pledges[0], to=other, task="proofread", by=author, now=record.NOW)
    ContentType.objects.get_for_model(Pledge)  # Kept by Django from its first use on.
    given = {"to": str(other.pk), "task": "review", "note": "Both sources."}
    page = sent.previewed(desk, PLEDGES, "assign", pledges, **given)
    fields = sent.fields_of(page.content.decode())
    there = f"{PLEDGES}step/assign/"
    with CaptureQueriesContext(connection) as previewing:
        desk.post(there, {**given, "rows": fields["rows"]})
    assert Assignment.objects.count() == 1
    with CaptureQueriesContext(connection) as confirming:
        assert desk.post(there, {**fields, "_confirm": "1"}).status_code == 302
    # Who it is, the rows, the trial or the act, for all rows at once.
    assert (len(previewing), len(confirming)) == (36, 42)
    given_work = Assignment.objects.given_to(other).filter(task="review", note="Both sources.")
    assert given_work.count() == count == Assignment.objects.count()
    events = Assignment.pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    assert events.filter(pgh_label="insert").count() == count


def test_all_that_match_are_taken_without_a_tick(
    desk: Client, person: User, author: User, pledges: list[Pledge]
) -> None:
    sweep_stale(by=author, now=record.NOW)
    mine = StaleFlag.objects.first()
    assert mine is not None
    assign_flag(flag=mine, to=person, by=person, now=record.NOW)
    chosen = {"action": ["", "release"], "index": "1", "select_across": ["0", "1"]}
    page = desk.post(f"{FLAGS}?hands=mine", chosen)
    assert [line.pk for line in page.context["lines"]] == [mine.pk]
    assert page.context["back"] == f"{FLAGS}?hands=mine"
    answer = sent.confirmed(desk, page)
    assert answer["Location"] == f"{FLAGS}?hands=mine"
    assert StaleFlag.objects.filter(assigned_to=None).count() == 3


def test_more_than_500_rows_are_refused_before_anything_is_asked(
    desk: Client, author: User
) -> None:
    many(author, record.term(by=author), 501)
    chosen = {"action": "review", "index": "0", "select_across": "1"}
    answer = desk.post(PLEDGES, chosen)
    assert said(answer) == ["Choose 500 rows at most. Nothing has changed."]
    body = desk.get(PLEDGES).content.decode()
    assert "501 pledges" in body
    assert "that match, not only the ticked" not in body


def test_whoever_may_not_take_a_step_reaches_no_page_of_it(
    client: Client, db: None, pledges: list[Pledge]
) -> None:
    from django.contrib.auth.models import Permission

    reader = record.user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(reader)
    there = f"{PLEDGES}step/review/"
    assert client.post(there, {"rows": str(pledges[0].pk), "note": "Read."}).status_code == 403
    assert client.get(there).status_code == 403


def test_pieces_of_evidence_are_counted_as_such(desk: Client, author: User) -> None:
    pieces = [record.draft_evidence(by=author) for _ in range(2)]
    assert desk.get(EVIDENCE).context["cl"].counted_in_words == "2 pieces of evidence"
    assert "<span>2 pieces of evidence</span>" in desk.get(EVIDENCE).content.decode()
    page = sent.previewed(desk, EVIDENCE, "submit", pieces)
    assert "It would be done for 2 pieces of evidence." in page.content.decode()
    assert said(sent.confirmed(desk, page)) == ["Handed in: 2 pieces of evidence"]
    # What is in review already is refused by name, before anything happens.
    page = sent.previewed(desk, EVIDENCE, "submit", [*pieces, record.draft_evidence(by=author)])
    assert [line.refused for line in page.context["lines"]] == [
        "This is in review; it must be draft for that.",
        "This is in review; it must be draft for that.",
        "",
    ]
    body = page.content.decode()
    assert "Refused: 2 pieces of evidence." in body
    assert "Leave out what is refused: Hand in (1 piece of evidence)" in body
