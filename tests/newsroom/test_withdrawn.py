"""Withdrawing evidence opens every status that rests on it again, and changes none."""

from datetime import date

import pytest

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.newsroom.actions import assign
from promises.newsroom.choices import Task
from promises.newsroom.models import Assignment
from promises.pledges.models import Pledge
from promises.updates.actions import retract_status_update
from promises.updates.models import StatusUpdate
from tests import record

pytestmark = pytest.mark.django_db


def states() -> list[tuple[int, str, str]]:
    return list(StatusUpdate.objects.order_by("pk").values_list("pk", "state", "status"))


def test_each_status_that_rests_on_it_is_given_to_a_person(author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    published = record.published_update(by=author, of=pledge, cited=piece)
    draft = record.draft_update(by=author, of=pledge, cited=piece)
    other = record.published_update(
        by=author, of=pledge, cited=record.evidence(by=author, about=pledge)
    )
    before = states(), list(Pledge.objects.values_list("pk", "status", "status_since"))
    retract_evidence(evidence=piece, reason="It is a forgery.", by=author, now=record.NOW)
    assert (states(), list(Pledge.objects.values_list("pk", "status", "status_since"))) == before
    asked = Assignment.objects.order_by("status_update_id")
    why = f"“{piece.title}”, which this rests on, was withdrawn: It is a forgery."
    assert [(one.status_update, one.task, one.due_on, one.note) for one in asked] == [
        (published, Task.REVIEW, date(2026, 3, 9), why),
        (draft, Task.REVIEW, date(2026, 3, 9), why),
    ]
    assert other.pk not in {one.status_update_id for one in asked}
    assert all(one.assigned_by == author and not one.assigned_to.is_service for one in asked)


def test_work_in_hand_is_kept_and_grows(author: User) -> None:
    pledge = record.pledge(by=author)
    one, two = (record.evidence(by=author, about=pledge) for _number in range(2))
    draft = record.draft_update(by=author, of=pledge, cited=one)
    assign(
        item=draft,
        to=author,
        task=Task.WRITE,
        note="Shorter.",
        due_on=date(2026, 3, 4),
        by=author,
        now=record.NOW,
    )
    draft.citations.create(evidence=two, position=2)
    for piece in (one, two):
        retract_evidence(evidence=piece, reason="Wrong.", by=author, now=record.NOW)
    (asked,) = Assignment.objects.all()
    assert (asked.task, asked.due_on) == (Task.WRITE, date(2026, 3, 4))
    assert asked.note.splitlines() == [
        "Shorter.",
        f"“{one.title}”, which this rests on, was withdrawn: Wrong.",
        f"“{two.title}”, which this rests on, was withdrawn: Wrong.",
    ]


def test_what_was_withdrawn_before_is_left_alone(author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    update = record.published_update(by=author, of=pledge, cited=piece)
    retract_status_update(update=update, reason="Premature.", by=author, now=record.NOW)
    retract_evidence(evidence=piece, reason="Wrong.", by=author, now=record.NOW)
    assert Assignment.objects.count() == 0
