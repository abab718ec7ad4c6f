"""Days are days in UTC: whatever clocks do where the servers stand, each day comes once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from promises.accounts.models import User
from promises.outbox.models import Delivery
from promises.pledges.models import Pledge
from promises.staleness import actions, policies
from promises.staleness.digests import write_digests
from promises.staleness.models import DueDate, ReviewPolicy, StaleFlag, Sweep
from tests import record

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe"]
# Days on which a clock somewhere is odd: it springs forward, it falls back, half an hour only, a
# leap day, the year's last day.
ODD_DAYS = [
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2028, 2, 29),
    date(2026, 12, 31),
    date(2027, 1, 1),
]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    """Let the connection be one of a server that stands somewhere else."""
    _stand_in(request.param)
    with connection.cursor() as cursor:
        cursor.execute("SHOW TIME ZONE")
        assert cursor.fetchone() == (request.param,)
    yield request.param
    _stand_in(None)


def _stand_in(zone: str | None) -> None:
    server = connections[DEFAULT_DB_ALIAS]
    server.settings_dict["TIME_ZONE"] = zone
    for computed in ("timezone", "timezone_name"):
        server.__dict__.pop(computed, None)
    server.ensure_timezone()


def looked_at(author: User, day: date, days: int) -> Pledge:
    """A pledge that falls due on this day, published so many days before, late in the evening."""
    policy = ReviewPolicy.objects.of_the_site().get(status="not_yet_rated")
    policy.days_in_term = policy.days_after_term = days
    policies.save_review_policy(policy=policy, by=author, now=record.NOW)
    evening = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC) - days * DAY
    pledge = record.pledge(by=author, now=evening)
    record.evidence(by=author, about=pledge, now=evening)
    return pledge


@pytest.mark.parametrize("odd", ODD_DAYS)
def test_an_hourly_sweep_opens_one_episode_at_the_first_hour_of_its_day(
    author: User, zone: str, odd: date
) -> None:
    jane = record.user("jane")
    site = ReviewPolicy.objects.of_the_site().get(status="")
    site.owner = jane
    policies.save_review_policy(policy=site, by=author, now=record.NOW)
    pledge = looked_at(author, odd, 30)
    row = DueDate.objects.get(pledge=pledge, reason="review_overdue")
    assert (row.due_on, Pledge.objects.get(pk=pledge.pk).review_due_on) == (odd, odd)

    midnight = datetime(odd.year, odd.month, odd.day, tzinfo=UTC)
    start = midnight - 12 * HOUR
    for hour in range(48):
        actions.sweep_stale(by=author, now=start + hour * HOUR)
        write_digests(by=author, now=start + hour * HOUR)
    flag = StaleFlag.objects.get(pledge=pledge, reason="review_overdue")
    assert (flag.stale_since, flag.opened_at, flag.closed_at) == (odd, midnight, None)
    assert StaleFlag.objects.filter(reason="review_overdue").count() == 1
    assert Sweep.objects.count() == 48
    mails = [mail.key for mail in Delivery.objects.order_by("pk")]
    assert f"stale-digest:{jane.pk}:{odd}" in mails
    assert len(mails) == len(set(mails))


def test_a_deadline_on_the_last_day_of_february_passes_on_the_first_of_march(
    author: User, zone: str
) -> None:
    for last in (date(2027, 2, 28), date(2028, 2, 29)):
        pledge = record.pledge(by=author, due_on=last)
        row = DueDate.objects.get(pledge=pledge, reason="deadline_passed")
        assert row.due_on == last + DAY
        assert row.due_on.day == 1


def test_the_badge_turns_at_midnight_utc_without_a_sweep(author: User, zone: str) -> None:
    odd = date(2026, 11, 1)
    pledge = looked_at(author, odd, 30)
    stale = DueDate.objects.filter(pledge=pledge, reason="review_overdue")
    assert not stale.filter(flag_on__lte=odd - DAY).exists()
    assert stale.filter(flag_on__lte=odd).exists()
