"""Flags: one open episode a reason, closed for good, snoozed on the desk only."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.staleness import actions
from promises.staleness.models import Due, StaleFlag
from tests import record

DAY = timedelta(days=1)


@pytest.mark.django_db
def test_the_database_keeps_one_open_episode(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    actions.sweep_stale(by=author, now=record.NOW)
    with database_refuses("staleness_one_open_episode"):
        StaleFlag.objects.create(
            pledge=pledge,
            reason="no_evidence",
            stale_since=date(2026, 1, 1),
            opened_at=record.NOW,
        )
    assert StaleFlag.objects.count() == 1


@pytest.mark.django_db
def test_a_closed_episode_stays_as_it_is(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    actions.sweep_stale(by=author, now=record.NOW)
    record.evidence(by=author, about=pledge)
    with database_refuses("closed episode stays"):
        StaleFlag.objects.update(closed_at=None, closed_by=None, closed_because="")
    with database_refuses("closed episode stays"):
        StaleFlag.objects.all()._raw_delete("default")
    with pytest.raises(actions.NotOpen):
        record.assign_flag(flag=StaleFlag.objects.get(), to=author, by=author, now=record.NOW)


@pytest.mark.django_db
def test_a_snoozed_flag_sleeps_on_the_desk_and_not_in_public(author: User) -> None:
    pledge = record.pledge(by=author)
    actions.sweep_stale(by=author, now=record.NOW)
    flag = record.snooze_flag(
        flag=StaleFlag.objects.get(),
        until=record.NOW + 7 * DAY,
        reason="The court decides on Monday.",
        by=author,
        now=record.NOW,
    )
    assert list(StaleFlag.objects.awake(record.NOW)) == []
    assert list(StaleFlag.objects.awake(record.NOW + 7 * DAY)) == [flag]
    (seen,) = Due.objects.attach([pledge], record.NOW.date())
    assert [due.reason for due in seen.stale] == ["no_evidence"]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_longest_stale_come_first_each_once_since_its_first_due_date(author: User) -> None:
    pledges = [record.pledge(by=author) for _ in range(3)]
    record.evidence(by=author, about=pledges[1])
    are_several, everything = False, Pledge.objects.all()
    for days in range(0, 400, 20):
        day = record.NOW.date() + days * DAY
        told: dict[int, list[tuple[date, str]]] = {}
        for due in Due.objects.by(day):
            told.setdefault(due.pledge_id, []).append((due.due_on, due.reason))
        expected = sorted((min(reasons)[0], pledge) for pledge, reasons in told.items())
        found: Any = Due.objects.oldest_first(everything, day)
        assert [(pledge.stale_since, pledge.pk) for pledge in found] == expected
        ages = Counter((day - since).days for since, _pledge in expected)
        assert Due.objects.counts_by_age(day) == ages
        reason = "no_evidence"
        of_one: Any = Due.objects.oldest_first(everything, day, reason)
        assert [(pledge.stale_since, pledge.pk) for pledge in of_one] == sorted(
            (since, pledge)
            for pledge, reasons in told.items()
            for since, name in reasons
            if name == reason
        )
        are_several |= any(len(reasons) > 1 for reasons in told.values())
    assert are_several
