"""Policies inherit from the site down to one pledge; the dates follow whoever writes them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.staleness import actions, policies
from promises.staleness.models import DueDate, ReviewPolicy, StaleFlag, Watched
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import record_review

DAY = timedelta(days=1)
NOW = record.NOW


def policy(by: User, **values: Any) -> ReviewPolicy:
    """Save a policy through its action."""
    return policies.save_review_policy(policy=ReviewPolicy(**values), by=by, now=NOW)


def due_on(pledge: Pledge) -> date | None:
    return Pledge.objects.get(pk=pledge.pk).review_due_on


@pytest.mark.django_db
def test_the_nearest_value_wins_setting_by_setting(author: User) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    assert pledge.term is not None
    office = pledge.term.office
    assert due_on(pledge) == (NOW + 180 * DAY).date()
    policy(author, jurisdiction=office.jurisdiction, days_in_term=100)
    assert due_on(pledge) == (NOW + 100 * DAY).date()
    policy(author, office=office, owner=author)
    assert due_on(pledge) == (NOW + 100 * DAY).date()
    at_office = policy(author, office=office, status="not_yet_rated", days_in_term=50)
    assert due_on(pledge) == (NOW + 50 * DAY).date()
    policy(author, pledge=pledge, days_in_term=20, grace_days=5)
    assert due_on(pledge) == (NOW + 20 * DAY).date()
    row = DueDate.objects.get(pledge=pledge, reason="review_overdue")
    assert (row.due_on, row.flag_on, row.owner) == (
        (NOW + 20 * DAY).date(),
        (NOW + 25 * DAY).date(),
        author,
    )
    assert row.escalate_on == (NOW + 55 * DAY).date()
    policies.delete_review_policy(
        policy=ReviewPolicy.objects.get(pledge=pledge), by=author, now=NOW
    )
    assert due_on(pledge) == (NOW + 50 * DAY).date()
    policies.delete_review_policy(policy=at_office, by=author, now=NOW)
    assert due_on(pledge) == (NOW + 100 * DAY).date()
    assert due_on(other) == (NOW + 180 * DAY).date()


@pytest.mark.django_db
def test_the_site_keeps_its_rows(author: User) -> None:
    rows = ReviewPolicy.objects.of_the_site()
    assert rows.count() == 8
    with pytest.raises(policies.SitePolicyStays):
        policies.delete_review_policy(policy=rows[0], by=author, now=NOW)
    assert rows.count() == 8


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["owner", "escalation_to"])
def test_flags_land_on_people(column: str, author: User) -> None:
    """Nobody reads what lies on the desk of a service account."""
    sweep = service_account(name="test-sweep", display_name="Test sweep")
    site = ReviewPolicy.objects.of_the_site().get(status="")
    version = site.version
    setattr(site, column, sweep)
    with pytest.raises(ValidationError) as refused:
        policies.save_review_policy(policy=site, by=author, now=NOW)
    assert list(refused.value.message_dict) == [column]
    kept = ReviewPolicy.objects.of_the_site().get(status="")
    assert (kept.owner, kept.escalation_to, kept.version) == (None, None, version)
    setattr(kept, column, author)
    policies.save_review_policy(policy=kept, by=author, now=NOW)
    assert getattr(ReviewPolicy.objects.of_the_site().get(status=""), column) == author


@pytest.mark.django_db
def test_what_is_paused_or_off_is_silent_and_visible(author: User) -> None:
    pledge, quiet = record.pledge(by=author), record.pledge(by=author)
    assert actions.sweep_stale(by=author, now=NOW).opened == 2
    assert pledge.term is not None
    policy(
        author, office=pledge.term.office, watch="paused", paused_on=date(2026, 3, 1),
        pause_reason="The office is closed.",
    )  # fmt: skip
    policy(author, pledge=quiet, watch="off")
    assert due_on(pledge) is None
    assert not DueDate.objects.exists()
    assert actions.sweep_stale(by=author, now=NOW).closed == 2
    seen = Watched.objects.unwatched().order_by("pledge").values_list("pledge", "watch")
    assert list(seen) == [(pledge.pk, "paused"), (quiet.pk, "off")]
    assert Watched.objects.pauses_of([pledge, quiet]) == [
        (date(2026, 3, 1), "The office is closed.", 1)
    ]
    policy(author, pledge=pledge, watch="on")
    assert due_on(pledge) == (NOW + 180 * DAY).date()
    assert Watched.objects.pauses_of([pledge, quiet]) == []


@pytest.mark.django_db
def test_the_database_keeps_policies_in_order(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    assert pledge.term is not None
    before = ReviewPolicy.objects.count()
    with database_refuses("staleness_policy_once"):
        ReviewPolicy.objects.create(status="")
    with database_refuses("staleness_policy_of_one_level"):
        ReviewPolicy.objects.create(pledge=pledge, office=pledge.term.office)
    with database_refuses("staleness_policy_pause_is_explained"):
        ReviewPolicy.objects.create(pledge=pledge, watch="paused", paused_on=date(2026, 1, 1))
    assert ReviewPolicy.objects.count() == before


@pytest.mark.django_db
def test_raw_sql_moves_the_dates_as_well(author: User) -> None:
    pledge = record.pledge(by=author)
    ReviewPolicy.objects.filter(status="not_yet_rated").update(days_in_term=10)
    assert due_on(pledge) == (NOW + 10 * DAY).date()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (date(2026, 7, 2), 1, date(2026, 7, 6)),  # Saturday 4 July is kept on Friday.
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Christmas on a Friday, then the weekend.
        (date(2027, 12, 30), 1, date(2028, 1, 3)),  # New Year on a Saturday, kept on 31 December.
        (date(2026, 11, 25), 1, date(2026, 11, 27)),  # Thanksgiving.
        (date(2026, 5, 22), 1, date(2026, 5, 26)),  # Memorial Day, the last Monday of May.
        (date(2020, 6, 18), 1, date(2020, 6, 19)),  # Juneteenth is one since 2021 only.
        (date(2026, 6, 18), 1, date(2026, 6, 22)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),  # A leap day works like any other.
        (date(2026, 3, 7), 0, date(2026, 3, 7)),
        (date(2026, 3, 9), -1, date(2026, 3, 6)),
    ],
)
def test_working_days_leave_out_weekends_and_federal_holidays(
    day: date, days: int, then: date
) -> None:
    assert later(day, days, "working") == then


@pytest.mark.django_db
@given(
    day=st.dates(date(1991, 1, 1), date(2099, 1, 1)), days=st.integers(min_value=1, max_value=400)
)
def test_a_working_day_later_is_never_earlier(day: date, days: int) -> None:
    then = later(day, days, "working")
    assert then is not None
    assert then.isoweekday() < 6
    assert then - day >= timedelta(days=days)
    assert later(day, days, "calendar") == day + timedelta(days=days)


def later(day: date, days: int, calendar: str) -> date | None:
    """Ask the database which day it is so many days later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT staleness_later(%s, %s, %s)", [day, days, calendar])
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db
def test_a_flag_lands_on_a_desk_and_escalates_once(author: User) -> None:
    pledge, owner, chief = record.pledge(by=author), record.user("owner"), record.user("chief")
    policy(author, pledge=pledge, owner=owner, escalation_days=10, escalation_to=chief)
    swept = [actions.sweep_stale(by=author, now=NOW + days * DAY) for days in (0, 9, 10, 11)]
    assert [(one.opened, one.escalated) for one in swept] == [(1, 0), (0, 0), (0, 1), (0, 0)]
    flag = StaleFlag.objects.get()
    assert (flag.assigned_to, flag.escalated_to) == (owner, chief)
    assert flag.escalated_at == NOW + 10 * DAY


@pytest.mark.django_db
def test_a_snoozed_flag_escalates_when_it_wakes(author: User) -> None:
    pledge = record.pledge(by=author)
    policy(author, pledge=pledge, escalation_days=5)
    actions.sweep_stale(by=author, now=NOW)
    record.snooze_flag(
        flag=StaleFlag.objects.get(), until=NOW + 8 * DAY, reason="Soon.", by=author, now=NOW
    )
    assert actions.sweep_stale(by=author, now=NOW + 6 * DAY).escalated == 0
    assert actions.sweep_stale(by=author, now=NOW + 8 * DAY).escalated == 1


@pytest.mark.django_db
def test_a_moved_cause_moves_the_episode_and_the_ledger_says_so(author: User) -> None:
    from promises.ledger.models import Entry

    pledge = record.pledge(by=author, due_on=date(2026, 3, 10))
    record.evidence(by=author, about=pledge)
    actions.sweep_stale(by=author, now=NOW + 30 * DAY)
    pledge.due_on = date(2026, 3, 20)
    correct_pledge(pledge=pledge, kind="update", note="It moved.", by=author, now=NOW + 30 * DAY)
    assert actions.sweep_stale(by=author, now=NOW + 30 * DAY).moved == 1
    flag = StaleFlag.objects.get()
    assert (flag.stale_since, flag.closed_at) == (date(2026, 3, 21), None)
    assert Entry.objects.latest("edition").event == "stale_flags:moved"
    record_review(pledge=pledge, note="Still waiting.", by=author, now=NOW + 30 * DAY)
    assert StaleFlag.objects.open().count() == 1
