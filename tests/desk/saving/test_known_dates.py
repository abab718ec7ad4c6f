"""A date is typed at the desk as far as it is known."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence
from promises.metrics.actions import add_observation
from promises.metrics.models import Observation
from promises.updates.models import Response
from promises.updates.responding import publish_response, save_response
from tests import record
from tests.desk import sent
from tests.desk.conftest import metric
from tests.desk.rows import change

NOT_A_DATE = "Write the date like 2018-07-31, or as far as it is known: 2018-07 or 2018."


def save(browser: Client, piece: Evidence, **typed: Any) -> Any:
    return browser.post(change(piece), sent.page(browser, change(piece), **typed))


@pytest.fixture
def piece(person: User) -> Evidence:
    """A draft of which only the year is known."""
    return record.draft_evidence(by=person, published_on=date(2025, 1, 1), date_precision="year")


@pytest.mark.parametrize(
    ("typed", "said", "day", "precision"),
    [
        ("2018-07", "day", date(2018, 7, 1), "month"),
        ("July 2018", "day", date(2018, 7, 1), "month"),
        ("07/2018", "unknown", date(2018, 7, 1), "month"),
        ("2018", "month", date(2018, 1, 1), "year"),
        ("2018-07-31", "day", date(2018, 7, 31), "day"),
        ("2018-07-01", "month", date(2018, 7, 1), "month"),
        ("31 July 2018", "day", date(2018, 7, 31), "day"),
    ],
)
def test_a_month_or_a_year_is_kept_as_one(
    desk: Client, piece: Evidence, typed: str, said: str, day: date, precision: str
) -> None:
    answer = save(desk, piece, published_on=typed, date_precision=said)
    assert answer.status_code == 302, answer.context["errors"]
    piece.refresh_from_db()
    assert (piece.published_on, piece.date_precision) == (day, precision)


@pytest.mark.parametrize(
    ("there", "field"),
    [
        ("/admin/evidence/evidence/add/", "date_precision"),
        ("/admin/updates/response/add/", "date_precision"),
        ("/admin/metrics/observation/add/", "vintage_precision"),
    ],
)
def test_how_far_a_date_is_known_has_one_name(desk: Client, there: str, field: str) -> None:
    form = desk.get(there).context["adminform"].form
    assert form[field].label == "Date is known to the"


@pytest.mark.parametrize("typed", ["soon", "43000", "2018-13", "2018-02-30", "20180731"])
def test_what_is_no_date_is_told_how_to_write_one(
    desk: Client, piece: Evidence, typed: str
) -> None:
    answer = save(desk, piece, published_on=typed)
    assert answer.context["adminform"].form.errors == {"published_on": [NOT_A_DATE]}
    assert f'value="{typed}"' in answer.content.decode()
    piece.refresh_from_db()
    assert (piece.published_on, piece.date_precision) == (date(2025, 1, 1), "year")


def test_a_day_that_is_said_to_be_a_month_is_refused(desk: Client, piece: Evidence) -> None:
    answer = save(desk, piece, published_on="2018-07-15", date_precision="month")
    assert "If only the month or the year is known" in str(
        answer.context["adminform"].form.non_field_errors()
    )
    piece.refresh_from_db()
    assert piece.published_on == date(2025, 1, 1)


def test_new_evidence_on_the_page_of_its_pledge_takes_a_month(desk: Client, person: User) -> None:
    pledge = record.draft_pledge(by=person)
    rows = {
        "title": "Files opened",
        "kind": "policy_memo",
        "provenance": "self_reported",
        "published_on": "2025-05",
        "date_precision": "day",
        "summary": "A memo orders the files to be opened.",
        "checked": "excerpt",
        "stance": "supports",
    }
    page = sent.page(desk, change(pledge))
    prefix = next(key for key in page if key.endswith("-0-date_precision")).rpartition("-0-")[0]
    typed = {f"{prefix}-0-{name}": value for name, value in rows.items()}
    answer = desk.post(change(pledge), {**page, **typed})
    assert answer.status_code == 302, answer.context["errors"]
    piece = Evidence.objects.get(title="Files opened")
    assert (piece.published_on, piece.date_precision) == (date(2025, 5, 1), "month")


@pytest.mark.parametrize(
    ("page", "typed", "says"),
    [
        ("officials/term", {"started_on": "spring"}, "Write the date like 2018-07-31."),
        (
            "record_requests/recordslaw",
            {"days_off": "2026-07-04,Monday"},
            "Day 2 of the list: Enter a valid date.",
        ),
    ],
)
def test_what_is_no_day_is_told_how_to_write_one(
    desk: Client, page: str, typed: dict[str, str], says: str
) -> None:
    there = f"/admin/{page}/add/"
    answer = desk.post(there, sent.page(desk, there, **typed))
    (field,) = typed
    assert answer.context["adminform"].form.errors[field] == [says]
    assert sent.fields_of(answer.content.decode())[field] == typed[field]


def test_a_page_that_only_shows_a_record_makes_up_no_day(desk: Client, author: User) -> None:
    given: Any = {"by": author, "now": record.NOW}
    july: dict[str, Any] = {"published_on": date(2018, 7, 1), "date_precision": "month"}
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge, **july)
    retract_evidence(evidence=piece, reason="Another report.", **given)
    reply = Response(pledge=pledge, slug="reply", said_by="Jane Example", text="No.", **july)
    publish_response(response=save_response(response=reply, **given), **given)
    series = metric(of=pledge, by=author, values=0)
    value = Observation(
        metric=series, observed_on=date(2018, 6, 1), period="month", value=Decimal("37509"),
        vintage_on=date(2018, 7, 1), vintage_precision="month", source="bail.csv",
    )  # fmt: skip
    add_observation(observation=value, **given)
    for row in (piece, reply, value):
        shown = desk.get(change(row)).content.decode()
        assert re.findall("(?:1 )?July 2018<|is known to the", shown) == ["July 2018<"]
    assert "37,509<" in shown
    assert "37509" not in shown
