"""The desk's queue of candidates and the health of feeds."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.discovery.models import Candidate, Feed
from promises.evidence.models import Evidence
from tests import record
from tests.desk import sent
from tests.desk.rows import address
from tests.discovery import found
from tests.record import NOW

pytestmark = pytest.mark.django_db
QUEUE = "/admin/discovery/candidate/"


@pytest.fixture
def candidate(author: User) -> Candidate:
    """A candidate of a newsroom that waits."""
    return found.candidate(by=author, about=record.pledge(by=author))


def shown(desk: Client, query: str = "") -> list[Candidate]:
    return list(desk.get(QUEUE + query).context["cl"].result_list)


def test_the_queue_shows_what_waits_the_best_first(
    desk: Client, author: User, candidate: Candidate
) -> None:
    better = found.candidate(by=author, about=candidate.pledge)
    Candidate.objects.filter(pk=better.pk).update(score=5)
    assert shown(desk) == [better, candidate]
    page = sent.previewed(desk, QUEUE, "dismiss", [better], reason="An advert.")
    sent.confirmed(desk, page)
    assert (shown(desk), shown(desk, "?queue=dismissed")) == ([candidate], [better])
    assert shown(desk, "?queue=all") == [better, candidate]


def test_an_item_is_prefilled_but_never_summed_up(desk: Client, candidate: Candidate) -> None:
    there = address(Candidate, "step", candidate.pk, "link")
    fields = sent.page(desk, there)
    assert (fields["title"], fields["kind"]) == (candidate.item.title, "news_report")
    assert (fields["publisher"], fields["published_on"]) == ("The Example Times", "2026-03-01")
    assert (fields["summary"], fields["stance"]) == ("", "")
    answer: Any = desk.post(there, fields)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"summary", "stance", "checked"}
    assert Evidence.objects.count() == 0


def test_rules_of_dates_are_said_in_words(desk: Client, candidate: Candidate) -> None:
    there = address(Candidate, "step", candidate.pk, "link")
    given = {"summary": "It happened.", "stance": "supports", "checked": "excerpt"}
    fields = sent.page(desk, there, date_precision="year", **given)
    answer: Any = desk.post(there, fields)
    assert answer.context["form"].non_field_errors() == [
        "If only the month or the year is known, give its first day; if nothing is known, leave"
        " the date empty and say “unknown”."
    ]
    assert Evidence.objects.count() == 0


def test_a_date_is_typed_as_far_as_it_is_known(desk: Client, candidate: Candidate) -> None:
    there = address(Candidate, "step", candidate.pk, "link")
    given = {"summary": "It happened.", "stance": "supports", "checked": "excerpt"}
    answer = sent.step(desk, there, published_on="July 2025", **given)
    assert answer.status_code == 302, answer.context["form"].errors
    piece = Evidence.objects.get()
    assert (piece.published_on, piece.date_precision) == (date(2025, 7, 1), "month")
    assert (piece.published_in_words, piece.state) == ("July 2025", "draft")


def test_a_decided_candidate_offers_nothing(desk: Client, candidate: Candidate) -> None:
    there = address(Candidate, "step", candidate.pk, "dismiss")
    sent.step(desk, there, reason="An advert.")
    page = desk.get(address(Candidate, "change", candidate.pk)).content.decode()
    assert "An advert." in page
    assert "desk-step" not in page
    refused = sent.step(desk, there, reason="Again.")
    assert "This was dismissed by" in refused.content.decode()


def test_health_is_said_in_words(desk: Client, author: User) -> None:
    well, _new, ill, off = (
        found.feed(by=author, name=name) for name in ("A well", "B new", "C ill", "D off")
    )
    Feed.objects.filter(pk=well.pk).update(last_fetched_at=NOW, last_new_item_at=NOW)
    Feed.objects.filter(pk=ill.pk).update(
        failing_since=NOW, failures=3, last_error="It is gone for good (410)."
    )
    Feed.objects.filter(pk=off.pk).update(is_active=False, next_fetch_at=None)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        page = desk.get("/admin/discovery/feed/")
        rows = list(page.context["cl"].result_list)
        assert [page.context["cl"].model_admin.health(row) for row in rows] == [
            "well", "not read yet", "⚠\u00a0fails", "switched off",
        ]  # fmt: skip
        looked = desk.get("/admin/discovery/feed/?health=look").context["cl"].result_list
        about = desk.get(address(Feed, "change", ill.pk)).content.decode()
    assert list(looked) == [ill]
    assert "3 failures in a row" in about
    assert "It is gone for good (410)." in about
