"""A past day shows what the API itself said when that day ended."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from promises.accounts.models import User
from promises.api.resources.pledges import Pledges
from promises.api.resources.pledges_as_of import FILTERS, PledgeAsOfSerializer
from promises.api.resources.pledges_shape import PledgeSerializer
from promises.editorial import actions as editorial
from promises.evidence.actions import delete_evidence_link
from promises.evidence.models import EvidenceLink
from promises.ledger.actions import record_rows
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.updates import columns
from promises.updates.actions import approve_status_update
from promises.updates.correcting import correct_evidence_link, correct_pledge
from promises.updates.models import Citation, StatusUpdate
from tests import record
from tests.api.conftest import Api
from tests.record import record_review

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)


def at(day: int, hour: int = 12) -> datetime:
    """Return an hour of the story's day, counted from 1."""
    return datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=day)


def imported(by: User, pledge: Pledge, now: datetime) -> StatusUpdate:
    """A rating as an import writes it: published without approvals."""
    update = StatusUpdate.objects.create(
        slug=f"imported-{pledge.slug}", pledge=pledge, status="stalled",
        effective_on=date(2025, 1, 1), assessed_on=date(2025, 1, 1), confidence="low",
        reasoning="As imported.", methodology=record.methodology(by=by), is_imported=True,
        created_by=by, created_at=now, edited_by=by,
    )  # fmt: skip
    Citation.objects.create(status_update=update, evidence=pledge.evidence.get())
    update = editorial.publish(record=update, by=by, now=now)
    record_rows(table=columns.STATUS_UPDATES, ids=[update.pk], verb="imported", by=by, now=now)
    return update


def live(api: Api, day: int, by: User) -> list[dict[str, Any]]:
    """Sweep late in the evening and return the list as it then is."""
    sweep_stale(by=by, now=at(day, 22))
    with time_machine.travel(at(day, 23), tick=False):
        return api.rows("pledges/")


def tell_the_story(api: Api, by: User) -> dict[int, list[dict[str, Any]]]:
    """Let two pledges live through ten days; return what the API said each evening."""
    seen = {1: live(api, 1, by)}
    first = record.pledge(by=by, now=at(2), slug="first", due_on=FIRST + timedelta(days=4))
    seen[2] = live(api, 2, by)
    paper = record.evidence(by=by, about=first, now=at(3))
    record.published_update(by=by, of=first, cited=paper, now=at(3), status="in_the_works")
    seen[3] = live(api, 3, by)
    record_review(pledge=first, note="Looked.", by=by, now=at(4))
    second = record.pledge(by=by, now=at(4), slug="second", kind="standing")
    record.evidence(by=by, about=second, now=at(4), stance="context")
    rating = imported(by, second, at(4))
    seen[4] = live(api, 4, by)
    first.refresh_from_db()
    first.title, first.statement = "Another title", "Other words."
    correct_pledge(pledge=first, kind="correction", note="Wrong.", by=by, now=at(5))
    approve_status_update(update=rating, by=record.user(), now=at(5))
    seen[5] = live(api, 5, by)
    link = EvidenceLink.objects.get(pledge=first)
    link.stance = "contradicts"
    correct_evidence_link(link=link, kind="correction", note="Misread.", by=by, now=at(6))
    approve_status_update(update=rating, by=record.user(), now=at(6))
    seen[6] = live(api, 6, by)
    seen[7] = live(api, 7, by)
    record.published_update(
        by=by, of=first, now=at(8), status="kept", effective_on=date(2025, 12, 1),
        assessed_on=date(2026, 1, 1), confidence="high",
    )  # fmt: skip
    seen[8] = live(api, 8, by)
    record.published_update(
        by=by, of=second, now=at(9), status="stalled", effective_on=date(2025, 2, 1)
    )
    seen[9] = live(api, 9, by)
    return seen


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[int, list[Any]]]:
    """The story, told once; each test works in a savepoint behind it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell_the_story(Api(), record.user("teller"))
        transaction.set_rollback(True)


@pytest.fixture
def story(told: dict[int, list[Any]], db: None) -> dict[int, list[Any]]:
    """What the API said each evening."""
    return told


def test_each_past_day_shows_what_was_shown_that_evening(
    api: Api, story: dict[int, list[Any]]
) -> None:
    seen = story
    statuses = [[row["status"] for row in seen[day]] for day in sorted(seen)]
    assert statuses == [
        [], ["not_yet_rated"], ["in_the_works"], *[["in_the_works", "stalled"]] * 4,
        *[["kept", "stalled"]] * 2,
    ]  # fmt: skip
    # The deadline passes on day 7 of the story.
    assert [[row["stale_reasons"] for row in seen[day]] for day in (2, 6, 7, 8)] == [
        [["no_evidence"]], [["deadline_passed"], []], [["deadline_passed"], []],
        [["single_source"], []],
    ]  # fmt: skip
    with time_machine.travel(at(30), tick=False):
        for day, rows in seen.items():
            asked = (at(day)).date()
            expected = [{**row, "review_due_on": None} for row in rows]
            assert api.rows(f"pledges/?as_of={asked}") == expected, f"day {day}"
            for row in expected:
                assert api.read(f"pledges/{row['slug']}/?as_of={asked}") == row
        first = api.read("pledges/first/?as_of=2026-03-04&fields=title,status")
        assert first == {"title": seen[3][0]["title"], "status": "in_the_works"}
        assert first["title"] != "Another title"


def test_filters_mean_the_past_day_too(api: Api, story: dict[int, list[Any]]) -> None:
    pledge = Pledge.objects.get(slug="first")
    office, topic = pledge.term.office, pledge.topic  # type: ignore[union-attr]
    kept: dict[str, list[str]] = {
        "as_of=2026-03-04&status=in_the_works": ["first"],
        "as_of=2026-03-09&status=in_the_works": [],
        "as_of=2026-03-09&status=kept,stalled": ["first", "second"],
        "as_of=2026-03-04&status=not_yet_rated": [],
        "as_of=2026-03-03&status=not_yet_rated": ["first"],
        "as_of=2026-03-08&stale=true": ["first"],
        "as_of=2026-03-08&stale=false": ["second"],
        "as_of=2026-03-03&stale_reason=no_evidence": ["first"],
        "as_of=2026-03-08&stale_reason=no_evidence": [],
        "as_of=2026-03-05&q=another": [],
        "as_of=2026-03-06&q=another%20title": ["first"],
        "as_of=2026-03-08&kind=standing": ["second"],
        "as_of=2026-03-08&origin=in_office": [],
        f"as_of=2026-03-08&prosecutor={pledge.person.slug}": ["first"],
        f"as_of=2026-03-08&topic={topic.slug}": ["first"],
        f"as_of=2026-03-08&term={pledge.term.slug}": ["first"],  # type: ignore[union-attr]
        f"as_of=2026-03-08&office={office.slug}": ["first"],
        f"as_of=2026-03-08&jurisdiction={office.jurisdiction.slug}": ["first"],
        "as_of=2026-03-08&made_after=2023-11-07": ["first", "second"],
        "as_of=2026-03-08&made_before=2023-11-06": [],
    }
    with time_machine.travel(at(30), tick=False):
        found = {query: api.names(f"pledges/?{query}") for query in kept}
    assert found == kept


def test_every_filter_is_read_for_a_past_day_too() -> None:
    """One that is not would be left alone, and the answer would hold what it was to leave out."""
    assert {filter_.name for filter_ in Pledges.filters} == {*FILTERS, "updated_since"}


def test_every_field_is_that_of_the_past_day() -> None:
    """One that does not follow from the ledger would say what it says today."""
    assert set(PledgeSerializer().fields) - PledgeAsOfSerializer.follows.keys() == {"slug", "url"}


def test_pages_of_a_past_day(api: Api, story: dict[int, list[Any]]) -> None:
    with time_machine.travel(at(30), tick=False):
        page = api.read("pledges/?as_of=2026-03-08&page_size=1&ordering=-slug&fields=slug")
        assert page["results"] == [{"slug": "second"}]
        assert api.read(page["next"])["results"] == [{"slug": "first"}]


def test_today_is_the_present_and_tomorrow_is_refused(
    api: Api, story: dict[int, list[Any]]
) -> None:
    with time_machine.travel(record.NOW, tick=False):
        row = api.read("pledges/first/?as_of=2026-03-02")
        assert row == api.read("pledges/first/")
        assert row["review_due_on"] is not None
        assert "2026-03-02" in api.problem("pledges/?as_of=2026-03-03")["detail"]


def test_what_was_taken_away_since_is_left_out(api: Api, story: dict[int, list[Any]]) -> None:
    link = EvidenceLink.objects.filter(pledge__slug="first").earliest("pk")
    delete_evidence_link(link=link, reason="Doubled.", by=record.user(), now=at(12))
    with time_machine.travel(at(30), tick=False):
        row = api.read("pledges/first/?as_of=2026-03-07")
    assert row["evidence_counts"] == {"supports": 0, "contradicts": 0, "context": 0}
