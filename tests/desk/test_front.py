"""The front page of the desk: what waits for whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import submit
from promises.pledges.actions import publish_pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from promises.updates.actions import (
    approve_status_update,
    return_status_update,
    submit_status_update,
)
from promises.updates.models import StatusUpdate
from tests import record
from tests.record import assign_flag

Queries = Callable[..., AbstractContextManager[Any]]


def boxes(browser: Client) -> dict[str, tuple[int, int]]:
    """What the front page counts, and how many rows it shows, where there is anything."""
    found = browser.get("/admin/").context["boxes"]
    return {str(box.title): (box.count, len(box.rows)) for box in found if box.count}


def in_review(by: User, **more: Any) -> StatusUpdate:
    update = record.draft_update(by=by, of=record.pledge(by=by), **more)
    return submit_status_update(update=update, by=by, now=record.NOW)


def test_an_update_moves_from_box_to_box(
    desk: Client, second_desk: Client, person: User, other: User
) -> None:
    assert boxes(desk) == boxes(second_desk) == {}
    update = record.draft_update(by=person, of=record.pledge(by=person), status="kept")
    assert boxes(desk) == {"My draft status updates": (1, 1)}
    assert boxes(second_desk) == {}

    submit_status_update(update=update, by=person, now=record.NOW)
    assert boxes(desk) == {}
    assert boxes(second_desk) == {"Waits for my approval": (1, 1)}

    approve_status_update(update=update, by=other, now=record.NOW)
    # It needs another approval, and not from the same person.
    assert boxes(desk) == boxes(second_desk) == {}
    approve_status_update(update=update, by=record.user(), now=record.NOW)
    assert boxes(desk) == boxes(second_desk) == {"Approved, to be published": (1, 1)}

    return_status_update(update=update, by=other, now=record.NOW)
    assert boxes(desk) == {"Came back to me": (1, 1), "My draft status updates": (1, 1)}
    assert boxes(second_desk) == {}


def test_what_waits_comes_first_and_what_is_empty_stands_in_one_list(
    desk: Client, person: User
) -> None:
    record.draft_update(by=person, of=record.pledge(by=person))
    page = desk.get("/admin/").content.decode()
    waits, rest = page.split('<section class="desk-empty">')
    empty = rest.split("</section>")[0]
    assert waits.count('<section class="desk-box">') == 1
    assert "My draft status updates" in waits
    assert "My draft status updates" not in empty
    assert empty.count("<li>") == len(desk.get("/admin/").context["boxes"]) - 1
    assert '<a href="/admin/updates/statusupdate/?waits=author">Came back to me</a>' in empty


def test_every_box_leads_to_the_list_of_what_it_counts(
    desk: Client, person: User, author: User
) -> None:
    for _ in range(7):
        in_review(author)
    record.draft_update(by=person, of=record.draft_pledge(by=person))
    back = in_review(person)
    return_status_update(update=back, by=author, now=record.NOW)
    ready = in_review(author)
    approve_status_update(update=ready, by=record.user(), now=record.NOW)
    record.draft_evidence(by=person)
    now = record.NOW + timedelta(days=200)
    sweep_stale(by=author, now=now)
    mine = StaleFlag.objects.first()
    assert mine is not None
    assign_flag(flag=mine, to=person, by=person, now=now)
    with time_machine.travel(now, tick=False):
        page = desk.get("/admin/")
        assert boxes(desk)["Waits for my approval"] == (7, 5)
        for box in page.context["boxes"]:
            listed = desk.get(box.address).context["cl"]
            assert listed.result_count == box.count, box.title
    assert "All 7" in page.content.decode()


def test_a_snoozed_flag_is_not_on_the_front_page(desk: Client, person: User, author: User) -> None:
    record.pledge(by=author)
    sweep_stale(by=author, now=record.NOW)
    with time_machine.travel(record.NOW, tick=False):
        assert boxes(desk) == {"Stale and nobody's": (1, 1)}
        StaleFlag.objects.update(
            snoozed_until=record.NOW + timedelta(days=1), snooze_reason="Later."
        )
        assert boxes(desk) == {}


def test_whoever_may_not_see_a_table_sees_no_box_of_it(client: Client, db: None) -> None:
    client.force_login(record.user("newcomer", is_staff=True))
    assert client.get("/admin/").context["boxes"] == []


def test_the_front_page_takes_as_many_queries_however_much_waits(
    desk: Client, person: User, author: User, django_assert_num_queries: Queries
) -> None:
    # Expect 27: session, person, the 24 boxes, the log of one's own acts.
    with django_assert_num_queries(27):
        desk.get("/admin/")
    for _ in range(6):
        in_review(author)
        record.draft_update(by=person, of=record.draft_pledge(by=person))
    sweep_stale(by=author, now=record.NOW)
    with django_assert_num_queries(27):
        desk.get("/admin/")


def test_what_is_due_this_week_is_told_before_it_is_stale(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author, due_on=record.NOW.date() + timedelta(days=186))
    record.evidence(by=author, about=pledge)
    almost = record.NOW + timedelta(days=179)
    with time_machine.travel(almost - timedelta(days=7), tick=False):
        assert boxes(desk) == {}
    with time_machine.travel(almost, tick=False):
        assert boxes(desk) == {"Look again this week": (1, 1), "Deadline this week": (1, 1)}
        for box in desk.get("/admin/").context["boxes"]:
            assert desk.get(box.address).context["cl"].result_count == box.count, box.title


def test_the_boxes_come_in_the_order_of_what_presses(desk: Client) -> None:
    titles = [str(box.title) for box in desk.get("/admin/").context["boxes"]]
    assert titles == [
        "Stale and mine",
        "Assigned to me",
        "Waits for my approval",
        "Came back to me",
        "Pledges that came back to me",
        "Evidence that came back to me",
        "Challenged from outside",
        "Sources that say something else",
        "Suggested from outside",
        "Look again this week",
        "Deadline this week",
        "Pledges to look over",
        "May be evidence",
        "Evidence to look over",
        "Suspect copies to look at",
        "Feeds that fail or fell silent",
        "Mails given up",
        "Approved, to be published",
        "Planned publications",
        "Stale and nobody's",
        "My draft status updates",
        "My draft pledges",
        "My draft evidence",
        "Imported status updates to confirm",
    ]


def test_the_front_page_leads_to_what_one_handed_in(
    desk: Client, second_desk: Client, person: User, other: User
) -> None:
    mine = in_review(person)
    in_review(other)
    pledge, piece = record.draft_pledge(by=person), record.draft_evidence(by=person)
    lists = {one.text: one.address for one in desk.get("/admin/").context["handed_in"]}
    assert lists == {
        "Pledges": "/admin/pledges/pledge/?waits=others",
        "Evidence": "/admin/evidence/evidence/?waits=others",
        "Status updates": "/admin/updates/statusupdate/?waits=others",
    }
    assert found(desk, lists) == {"Pledges": [], "Evidence": [], "Status updates": [mine]}
    # Whoever hands it in looks for it, whoever wrote it.
    submit(record=pledge, by=person, now=record.NOW)
    submit(record=piece, by=other, now=record.NOW)
    assert found(desk, lists) == {"Pledges": [pledge], "Evidence": [], "Status updates": [mine]}
    assert found(second_desk, lists)["Evidence"] == [piece]
    publish_pledge(pledge=pledge, by=other, now=record.NOW)
    assert found(desk, lists)["Pledges"] == []


def found(browser: Client, lists: dict[str, str]) -> dict[str, list[Any]]:
    return {
        name: list(browser.get(there).context["cl"].result_list) for name, there in lists.items()
    }


def test_whoever_hands_nothing_in_is_led_to_nothing_handed_in(client: Client, db: None) -> None:
    client.force_login(record.user("newcomer", is_staff=True))
    page = client.get("/admin/")
    assert page.context["handed_in"] == []
    assert "Handed in by me" not in page.content.decode()
