"""Flags: one open episode a reason, closed for good, snoozed on the desk only."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from promises.accounts.models import User
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
        actions.assign_flag(flag=StaleFlag.objects.get(), to=author, by=author, now=record.NOW)


@pytest.mark.django_db
def test_a_snoozed_flag_sleeps_on_the_desk_and_not_in_public(author: User) -> None:
    pledge = record.pledge(by=author)
    actions.sweep_stale(by=author, now=record.NOW)
    flag = actions.snooze_flag(
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
