"""A new version of the method: what it touches is shown first, and can be listed after."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.updates.actions import publish_methodology, revise_status_update
from promises.updates.models import MethodologyVersion, StatusUpdate
from tests import record
from tests.desk.sent import fields_of, page
from tests.record import NOW
from tests.site.reading import words

ADD = "/admin/updates/methodologyversion/add/"
LIST = "/admin/updates/statusupdate/"
TYPED = {"version": "2", "published_on": "2026-01-01", "summary": "Outcomes count twice."}
Queries = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def ratings(author: User) -> list[StatusUpdate]:
    """Two published ratings of one status, one of another, and a draft."""
    made = [
        record.published_update(by=author, of=record.pledge(by=author), status=status)
        for status in ("stalled", "in_the_works", "stalled")
    ]
    record.draft_update(by=author, of=record.pledge(by=author))
    return made


def second_version(by: User) -> MethodologyVersion:
    version = MethodologyVersion(version="2", published_on=date(2026, 1, 1), summary="Rules.")
    return publish_methodology(methodology=version, by=by, now=NOW)


def test_a_version_shows_what_it_touches_before_it_is_published(
    desk: Client, ratings: list[StatusUpdate]
) -> None:
    shown = desk.post(ADD, page(desk, ADD, **TYPED))
    assert shown.status_code == 200
    assert [(row.version, row.status, row.ratings) for row in shown.context["rows"]] == [
        ("1", "In the works", 1),
        ("1", "Stalled", 2),
    ]
    body = shown.content.decode()
    assert "3 published status updates were made under earlier versions" in body
    assert [draft.state for draft in shown.context["drafts"]] == ["draft"]
    assert MethodologyVersion.objects.count() == 1
    for row in shown.context["rows"]:
        assert desk.get(row.address).context["cl"].result_count == row.ratings

    # "Change the text" brings back what was typed.
    again = fields_of(desk.get(f"{ADD}{shown.context['again']}").content.decode())
    assert {name: again[name] for name in TYPED} == TYPED

    assert desk.post(ADD, fields_of(body)).status_code == 302
    assert MethodologyVersion.objects.get(version="2").summary == "Outcomes count twice."
    assert set(StatusUpdate.objects.values_list("methodology__version", flat=True)) == {"1"}
    assert desk.get(f"{LIST}?method=older").context["cl"].result_count == 4
    assert desk.get(f"{LIST}?method=2").context["cl"].result_count == 0


def test_a_version_that_cannot_be_published_has_no_preview(
    desk: Client, ratings: list[StatusUpdate]
) -> None:
    shown = desk.post(ADD, page(desk, ADD, **{**TYPED, "version": "1"}))
    assert "already exists" in shown.content.decode()
    assert "rows" not in shown.context
    assert MethodologyVersion.objects.count() == 1


def test_whoever_may_not_add_a_version_sees_no_preview(client: Client, db: None) -> None:
    client.force_login(record.user("newcomer", is_staff=True))
    assert client.post(ADD, TYPED).status_code == 403


def test_the_preview_asks_as_often_however_much_it_touches(
    desk: Client, author: User, ratings: list[StatusUpdate], django_assert_num_queries: Queries
) -> None:
    # Expect 8: session, person, the rules of the database in a savepoint of three, whether the
    # version exists, the drafts, the counts.
    with django_assert_num_queries(8):
        desk.post(ADD, TYPED)
    for _ in range(3):
        record.published_update(by=author, of=record.pledge(by=author), status="kept")
        record.draft_update(by=author, of=record.pledge(by=author))
    with django_assert_num_queries(8):
        desk.post(ADD, TYPED)


def test_a_draft_saved_again_is_judged_by_the_method_in_force(
    author: User, ratings: list[StatusUpdate]
) -> None:
    second_version(author)
    draft = StatusUpdate.objects.get(state="draft")
    assert draft.methodology.version == "1"
    revise_status_update(update=draft, evidence=None, by=author, now=NOW)
    assert StatusUpdate.objects.get(state="draft").methodology.version == "2"


def test_readers_see_each_version_and_what_was_rated_under_it(
    client: Client, author: User, ratings: list[StatusUpdate]
) -> None:
    second_version(author)
    record.published_update(by=author, of=record.pledge(by=author))
    response = client.get("/methodology/")
    seen = words(response)
    assert "Version 2 in force from 1 January 2026 One rating was made under it Rules." in seen
    assert "Version 1 in force from 1 January 2020 3 ratings were made under it Rules." in seen
    html = client.get(f"/pledges/{ratings[0].pledge.slug}/").content.decode()
    assert 'href="/methodology/#version-1"' in html
    assert 'id="version-1"' in response.content.decode()


def test_versions_of_one_day_stand_in_the_order_in_which_they_came(
    desk: Client, client: Client, author: User, ratings: list[StatusUpdate]
) -> None:
    for name in ("3", "2"):
        version = MethodologyVersion(version=name, published_on=NOW.date(), summary="Rules.")
        publish_methodology(methodology=version, by=author, now=NOW)
        record.published_update(by=author, of=record.pledge(by=author), status="stalled")
    shown = desk.post(ADD, page(desk, ADD, **{**TYPED, "version": "4"}))
    assert [row.version for row in shown.context["rows"]] == ["2", "3", "1", "1"]
    public = client.get("/methodology/").context["versions"]
    assert [each.version for each in public] == ["2", "3", "1"]
