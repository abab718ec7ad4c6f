"""Whatever happened, in whatever order, however often swept: flags equal a fresh computation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness import actions, policies
from promises.staleness.models import DueDate, ReviewPolicy, StaleFlag
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import record_review

DAY = timedelta(days=1)
STEPS = ("review", "rate", "evidence", "deadline", "policy", "review_by", "retract", "nothing")


def computed(day: date) -> set[tuple[Any, ...]]:
    """Return what is due by a fresh computation over all pledges."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pledge_id, reason, due_on FROM staleness_rule(ARRAY("
            "    SELECT id FROM pledges_pledge"
            ")) WHERE flag_on <= %s AND (until_on IS NULL OR until_on > %s)",
            [day, day],
        )
        return set(cursor.fetchall())


def stored() -> set[tuple[Any, ...]]:
    """Return the stored dates as the database keeps them along the way."""
    return set(DueDate.objects.values_list("pledge", "reason", "due_on", "flag_on", "until_on"))


def from_scratch() -> set[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pledge_id, reason, due_on, flag_on, until_on"
            " FROM staleness_rule(ARRAY(SELECT id FROM pledges_pledge))"
        )
        return set(cursor.fetchall())


def open_episodes() -> set[tuple[Any, ...]]:
    return set(StaleFlag.objects.open().values_list("pledge", "reason", "stale_since"))


def act(step: str, pledge: Pledge, by: User, now: Any) -> None:
    """Let one thing happen to a pledge."""
    pledge.refresh_from_db()
    if not pledge.is_published:
        return
    match step:
        case "review":
            record_review(pledge=pledge, note="Looked.", by=by, now=now)
        case "rate":
            record.published_update(by=by, of=pledge, status="broken", now=now)
        case "evidence":
            record.evidence(by=by, about=pledge, stance="contradicts", now=now)
        case "deadline":
            pledge.due_on = utc_date(now) + 40 * DAY
            correct_pledge(pledge=pledge, kind="update", note="It moved.", by=by, now=now)
        case "policy":
            row, _made = ReviewPolicy.objects.get_or_create(pledge=pledge)
            row.days_in_term = 30 if row.days_in_term != 30 else 300
            row.refresh_from_db(fields=["version"])
            policies.save_review_policy(policy=row, by=by, now=now)
        case "review_by":
            given_day = utc_date(now) + 20 * DAY
            policies.set_review_by(
                pledge=pledge, review_by_on=given_day, reason="The trial.", by=by, now=now
            )
        case "retract":
            retract_pledge(pledge=pledge, reason="Not a pledge.", by=by, now=now)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.integers(min_value=0, max_value=2),
            st.integers(min_value=0, max_value=120),
            st.sampled_from((0, 0, 1, 2)),
        ),
        max_size=8,
    )
)
def test_random_histories_end_in_the_same_open_episodes(
    history: list[tuple[str, int, int, int]],
) -> None:
    with transaction.atomic():
        # Long ago: nobody reviews in days to come.
        by, now = record.user(), record.NOW - 720 * DAY
        term = record.term(by=by, ends_on=date(2024, 9, 11), now=now)
        pledges = [record.pledge(by=by, of=term, now=now) for _ in range(3)]
        for step, which, days, sweeps in history:
            now += days * DAY
            act(step, pledges[which], by, now)
            assert stored() == from_scratch()
            for _ in range(sweeps):
                actions.sweep_stale(by=by, now=now)
        # The clock of one worker runs behind: the next right sweep takes it back.
        actions.sweep_stale(by=by, now=now - 3 * DAY)
        actions.sweep_stale(by=by, now=now)
        assert open_episodes() == computed(utc_date(now))
        assert actions.sweep_stale(by=by, now=now) == actions.Swept(0, 0)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_sweeps_and_edits_at_once_end_in_the_same_open_episodes() -> None:
    by = record.user("author")
    pledges = [record.pledge(by=by, due_on=date(2026, 3, 10)) for _ in range(6)]
    later = record.NOW + 200 * DAY

    def in_thread(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    works: list[Callable[[], object]] = [
        *[lambda: actions.sweep_stale(by=by, now=later)] * 4,
        *[lambda p=pledge: act("review", p, by, later) for pledge in pledges],  # type: ignore[misc]
        *[lambda p=pledge: act("evidence", p, by, later) for pledge in pledges],  # type: ignore[misc]
    ]
    Random(7).shuffle(works)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(in_thread, works))
    assert stored() == from_scratch()
    actions.sweep_stale(by=by, now=later)
    assert open_episodes() == computed(utc_date(later))
    assert StaleFlag.objects.open().count() == 6
