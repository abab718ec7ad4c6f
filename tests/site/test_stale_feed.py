"""The feed of what fell due: one entry an episode, written again when it moves and when it ends."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import StaleFlag
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import NOW, snooze_flag
from tests.site.test_languages import translated

A = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


def items(client: Client, path: str = "/stale.json") -> list[dict[str, Any]]:
    response = client.get(path)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    found: list[dict[str, Any]] = json.loads(response.content)["items"]
    return found


def moved(pledge: Pledge, by: User, now: datetime) -> None:
    correct_pledge(pledge=pledge, kind="update", note="It moved.", by=by, now=now)


def test_an_episode_is_an_entry_and_says_what_clears_it(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    sweep_stale(by=author, now=NOW)
    (item,) = items(client)
    assert item["title"] == f"{pledge.person}: {pledge.title}: it has no published evidence"
    assert item["url"] == f"http://127.0.0.1:8000/pledges/{pledge.slug}/"
    assert item["content_text"].split("\n") == [
        "No published evidence supports it, contradicts it or gives context.",
        "Overdue since: 2 March 2026",
        "It rests on: published here on 2 March 2026; pieces of evidence: 0",
        "Cleared by: a published piece of evidence",
    ]
    assert item["tags"] == ["no_evidence"]
    assert item["date_published"] == item["date_modified"] == "2026-03-02T12:00:00Z"
    root = ElementTree.fromstring(client.get("/stale.atom").content)
    (entry,) = root.findall(f"{A}entry")
    assert entry.findtext(f"{A}id") == item["id"]
    assert entry.findtext(f"{A}content") == item["content_text"]


def test_a_second_sweep_adds_nothing_and_304_is_answered(client: Client, author: User) -> None:
    record.pledge(by=author)
    sweep_stale(by=author, now=NOW)
    first = client.get("/stale.atom")
    sweep_stale(by=author, now=NOW + timedelta(hours=1))
    again = client.get("/stale.atom", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(items(client)) == 1


def test_the_end_of_an_episode_is_told_under_the_same_id(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    sweep_stale(by=author, now=NOW)
    (before,) = items(client)
    record.evidence(by=author, about=pledge, now=NOW + timedelta(days=1))
    sweep_stale(by=author, now=NOW + timedelta(days=1))
    (after,) = items(client)
    assert after["id"] == before["id"]
    assert after["date_published"] == before["date_published"]
    assert after["date_modified"] == "2026-03-03T12:00:00Z"
    assert after["content_text"] == before["content_text"] + (
        "\nEnded on 3 March 2026: its cause is gone"
    )


def test_what_an_episode_rests_on_may_move_and_the_entry_says_when(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author, due_on=date(2026, 3, 10))
    record.evidence(by=author, about=pledge)
    days = [NOW + timedelta(days=number) for number in range(40)]
    told = []
    for found_on, due_on in ((30, None), (31, date(2026, 3, 20)), (32, date(2026, 3, 10))):
        if due_on:
            pledge.refresh_from_db()
            pledge.due_on = due_on
            moved(pledge, author, days[found_on])
        sweep_stale(by=author, now=days[found_on])
        told.append(items(client))
    # Neither a sweep that finds it as it was nor what the desk does changes what readers see.
    (flag,) = StaleFlag.objects.all()
    snooze_flag(flag=flag, until=days[39], reason="Soon.", by=author, now=days[33])
    sweep_stale(by=author, now=days[34])
    assert items(client) == told[-1]
    pledge.refresh_from_db()
    pledge.due_on = None
    moved(pledge, author, days[35])
    told.append(items(client))
    assert len({item["id"] for (item,) in told}) == 1
    assert {item["date_published"] for (item,) in told} == {"2026-04-01T12:00:00Z"}
    assert [item["date_modified"] for (item,) in told] == [
        "2026-04-01T12:00:00Z", "2026-04-02T12:00:00Z", "2026-04-03T12:00:00Z",
        "2026-04-06T12:00:00Z",
    ]  # fmt: skip
    assert ["Overdue since: 11 March 2026" in item["content_text"] for (item,) in told] == [
        True, False, True, True,
    ]  # fmt: skip
    root = ElementTree.fromstring(client.get("/stale.atom").content)
    assert root.findtext(f"{A}updated") == "2026-04-06T12:00:00Z"
    assert root.findtext(f"{A}entry/{A}updated") == "2026-04-06T12:00:00Z"


def test_a_spanish_feed_has_the_title_that_was_translated(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    translated(pledge, author, title="Hacer lo del ejemplo")
    record.pledge(by=author, title="Do what nobody translated")
    sweep_stale(by=author, now=NOW)
    in_spanish = [item["title"] for item in items(client, "/es/stale.json")]
    assert [title.split(": ")[1] for title in in_spanish] == [
        "Do what nobody translated", "Hacer lo del ejemplo",
    ]  # fmt: skip
    assert [item["title"].split(": ")[1] for item in items(client)] == [
        "Do what nobody translated", pledge.title,
    ]  # fmt: skip


def test_episodes_of_a_withdrawn_pledge_leave_the_feed(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    sweep_stale(by=author, now=NOW)
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    assert items(client) == []


def test_updated_moves_with_the_title_of_the_pledge(client: Client, author: User) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    sweep_stale(by=author, now=NOW)
    before = {item["id"]: item for item in items(client)}
    pledge.title = "Do it at once"
    correct_pledge(pledge=pledge, kind="typo", note="N.", by=author, now=NOW + timedelta(days=2))
    moved = [item for item in items(client) if item != before[item["id"]]]
    assert [(item["title"].split(": ")[1], item["date_modified"]) for item in moved] == [
        ("Do it at once", "2026-03-04T12:00:00Z")
    ]
    assert other.title in str(before)
