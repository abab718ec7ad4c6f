"""Every change of every row is kept: by action, ORM, bulk and raw SQL, with who and why."""

from collections.abc import Callable

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.common.writes import current_request
from promises.pledges.actions import PublishedWords, retract_pledge, save_pledge
from promises.pledges.models import Pledge
from tests import record

pytestmark = pytest.mark.django_db
History = Pledge.pgh_event_models["insert"]  # type: ignore[attr-defined]


def events(pledge: Pledge) -> list[tuple[str, str]]:
    """Return (what happened, by which action) to a pledge, oldest first."""
    rows = History.objects.filter(pgh_obj_id=pledge.pk).order_by("pgh_id")
    return [
        (row.pgh_label, row.pgh_context.metadata["action"] if row.pgh_context else "")
        for row in rows.select_related("pgh_context")
    ]


def test_an_action_says_who_when_why_and_from_which_request(author: User) -> None:
    pledge = record.pledge(by=author)
    token = current_request.set("POST /admin/pledges/pledge/1/")
    retract_pledge(pledge=pledge, reason="Not hers.", by=author, now=record.NOW)
    current_request.reset(token)
    last = History.objects.filter(pgh_obj_id=pledge.pk).latest("pgh_id")
    assert last.state == "retracted"
    assert last.pgh_context.metadata == {
        "action": "retract_pledge",
        "by": author.pk,
        "by_name": "Author",
        "at": "2026-03-02T12:00:00.000000Z",
        "request": "POST /admin/pledges/pledge/1/",
        "why": "Not hers.",
    }


def test_each_write_of_a_request_has_its_own_context(author: User) -> None:
    pledge = record.pledge(by=author)
    pledge.position = 9
    save_pledge(pledge=pledge, by=author, now=record.NOW)
    assert events(pledge) == [
        ("insert", "save_pledge"),
        ("update", "publish_pledge"),
        ("update", "save_pledge"),
    ]


def test_bulk_and_raw_changes_are_kept_too(author: User) -> None:
    pledge = record.draft_pledge(by=author, title="First")
    Pledge.objects.filter(pk=pledge.pk).update(title="Second")
    pledge.title = "Third"
    Pledge.objects.bulk_update([pledge], ["title"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_pledge SET title = 'Fourth'")
        cursor.execute("DELETE FROM pledges_criterion")
        cursor.execute("DELETE FROM pledges_pledge")
    rows = History.objects.filter(pgh_obj_id=pledge.pk).order_by("pgh_id")
    assert list(rows.values_list("pgh_label", "title")) == [
        ("insert", "First"),
        ("update", "Second"),
        ("update", "Third"),
        ("update", "Fourth"),
        ("delete", "Fourth"),
    ]


def test_derived_columns_make_no_noise(author: User) -> None:
    pledge = record.pledge(by=author)
    before = History.objects.count()
    record.published_update(by=author, of=pledge)
    assert History.objects.count() == before


def test_a_refused_write_leaves_no_trace(author: User) -> None:
    pledge = record.pledge(by=author)
    before = History.objects.count()
    pledge.title = "Other words"
    with pytest.raises(PublishedWords, match="by a correction"):
        save_pledge(pledge=pledge, by=author, now=record.NOW)
    assert History.objects.count() == before


def test_history_is_append_only(author: User, database_refuses: Callable) -> None:
    pledge = record.draft_pledge(by=author, title="First")
    with database_refuses("Cannot update or delete"):
        History.objects.update(title="Never said")
    with database_refuses("Cannot update or delete"):
        History.objects.all()._raw_delete("default")
    assert list(History.objects.values_list("title", flat=True)) == [pledge.title]
