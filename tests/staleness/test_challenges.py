"""A challenge that nobody answers in time makes its pledge stale, until it is answered."""

from datetime import date, timedelta

import pytest

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import Due, StaleFlag
from promises.suggestions.actions import answer_challenge, mark_as_spam, take_up
from tests import record
from tests.record import NOW
from tests.suggestions.challenged import challenge

DAY = timedelta(days=1)
REASON = "challenge_unanswered"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge that is stale for no other reason for a while."""
    made = record.pledge(by=author)
    record.evidence(by=author, about=made)
    return made


def due_on() -> list[date]:
    return list(Due.objects.filter(reason=REASON).values_list("due_on", flat=True))


def flags() -> list[tuple[str, date, str]]:
    found = StaleFlag.objects.filter(reason=REASON).order_by("pk")
    return list(found.values_list("reason", "stale_since", "closed_because"))


def test_it_is_due_the_day_after_the_answer_was(author: User, pledge: Pledge) -> None:
    challenge(of=pledge, now=NOW + DAY)
    challenge(of=pledge)
    assert due_on() == [date(2026, 3, 17)]
    today = date(2026, 3, 16)
    assert list(Due.objects.stale_pledges(Pledge.objects.all(), today)) == []
    assert list(Due.objects.stale_pledges(Pledge.objects.all(), today + DAY, REASON)) == [pledge]


def test_the_sweep_opens_one_episode_and_the_last_answer_closes_it(
    author: User, pledge: Pledge
) -> None:
    first, second = challenge(of=pledge), challenge(of=pledge)
    take_up(challenge=first, by=author, now=NOW)
    later = NOW + 15 * DAY
    assert sweep_stale(by=author, now=later - DAY).opened == 0
    assert sweep_stale(by=author, now=later).opened == 1
    given = {"is_accepted": False, "answer": "It was reversed.", "by": author, "now": later}
    answer_challenge(challenge=first, **given)
    assert flags() == [(REASON, date(2026, 3, 17), "")]
    answer_challenge(challenge=second, **given)
    assert flags() == [(REASON, date(2026, 3, 17), "cause_gone")]
    assert due_on() == []


def test_what_was_set_aside_makes_nothing_stale(author: User, pledge: Pledge) -> None:
    made = challenge(of=pledge)
    later = NOW + 15 * DAY
    sweep_stale(by=author, now=later)
    mark_as_spam(challenge=made, by=author, now=later)
    assert flags() == [(REASON, date(2026, 3, 17), "cause_gone")]
    take_up(challenge=made, by=author, now=later)
    assert due_on() == [date(2026, 3, 17)]


def test_a_withdrawn_pledge_is_not_stale(author: User, pledge: Pledge) -> None:
    challenge(of=pledge)
    retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
    assert due_on() == []


def test_a_review_does_not_answer_a_challenge(author: User, pledge: Pledge) -> None:
    from tests.record import record_review

    challenge(of=pledge)
    later = NOW + 15 * DAY
    sweep_stale(by=author, now=later)
    record_review(pledge=pledge, note="Looked.", by=author, now=later)
    assert flags() == [(REASON, date(2026, 3, 17), "")]
