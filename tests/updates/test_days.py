"""A rating is not public before the days it speaks of, nor a review before it was made."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from promises.accounts.models import User
from promises.ledger.chain import current_edition
from promises.updates import actions, standing
from promises.updates.models import Review, StatusUpdate
from tests import record
from tests.updates.test_sources import approved, publish_in_sql

NEXT_DAY = (record.NOW + timedelta(days=1)).date()
TOO_EARLY = (
    "A status update speaks of days that are over. Publish it once the days on which it takes"
    " effect and was assessed are here, or send it back and correct them."
)


@pytest.mark.django_db
@pytest.mark.parametrize("effective_on", [date(2025, 6, 1), NEXT_DAY, date(2999, 1, 1)])
def test_a_rating_of_days_to_come_waits_for_them(
    author: User, database_refuses: Callable, effective_on: date
) -> None:
    pledge = record.pledge(by=author)
    days = {"effective_on": effective_on, "assessed_on": max(effective_on, NEXT_DAY)}
    update = approved(record.draft_update(by=author, of=pledge, **days), author)
    edition = current_edition()
    assert standing.missing_before_publication(update, record.NOW) == [TOO_EARLY]
    with pytest.raises(standing.NotYetPossible) as error:
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    assert str(error.value) == TOO_EARLY
    with database_refuses("not public before the days it speaks of"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert (pledge.status, current_edition()) == ("not_yet_rated", edition)
    if effective_on != date(2999, 1, 1):
        later = record.NOW + timedelta(days=1)
        actions.publish_status_update(update=update, by=author, now=later)
        pledge.refresh_from_db()
        assert pledge.status_since == effective_on


@pytest.mark.django_db
def test_no_other_day_of_publication_is_claimed(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    day = date(2999, 1, 1)
    draft = record.draft_update(by=author, of=pledge, effective_on=day, assessed_on=day)
    update = approved(draft, author)
    with database_refuses("not public before the days it speaks of"):
        StatusUpdate.objects.filter(pk=update.pk).update(
            state="published", published_at=datetime(3000, 1, 1, tzinfo=UTC), published_by=author
        )
    pledge.refresh_from_db()
    assert pledge.status == "not_yet_rated"


@pytest.mark.django_db
def test_a_standing_pledge_is_not_kept_by_a_term_that_ends_some_day(
    author: User, database_refuses: Callable
) -> None:
    ends_on = date(2030, 1, 1)
    term = record.term(by=author, ends_on=ends_on, end_reason="completed")
    pledge = record.pledge(by=author, of=term, kind="standing")
    days = {"effective_on": ends_on, "assessed_on": ends_on}
    update = approved(record.draft_update(by=author, of=pledge, status="kept", **days), author)
    with pytest.raises(standing.NotYetPossible, match="speaks of days that are over"):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    with database_refuses("not public before the days it speaks of"):
        publish_in_sql(update, author)
    pledge.refresh_from_db()
    assert pledge.status == "not_yet_rated"


@pytest.mark.django_db
def test_a_review_is_not_dated_in_the_future(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    with database_refuses("A review is not dated in the future"):
        Review.objects.create(
            pledge=pledge,
            reviewed_by=author,
            reviewed_at=datetime(2199, 1, 1, tzinfo=UTC),
            note="Fine.",
        )
    pledge.refresh_from_db()
    assert (Review.objects.count(), pledge.last_reviewed_at) == (0, None)
