"""A pledge's status is always what its published updates say, recomputed from nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.updates import actions
from promises.updates.models import StatusUpdate
from tests import record


@dataclass(frozen=True)
class Derived:
    """What the database derives for a pledge."""

    status: str
    status_since: date | None
    status_assessed_on: date | None
    status_is_provisional: bool
    confidence: str
    last_reviewed_at: datetime | None


def stored(pledge: Pledge) -> Derived:
    """Return what the columns of the pledge say now."""
    pledge = Pledge.objects.get(pk=pledge.pk)
    return Derived(**{name: getattr(pledge, name) for name in Derived.__dataclass_fields__})


def rebuilt(pledge: Pledge) -> Derived:
    """Return what they should say: plain Python over the published rows."""
    updates = [
        update
        for update in StatusUpdate.objects.filter(pledge=pledge)
        if update.state == "published"
    ]
    updates.sort(key=lambda update: (update.effective_on, update.pk), reverse=True)
    looks = [review.reviewed_at for review in pledge.reviews.all()]
    confirmed = {}
    for update in updates:
        approvals = [a.approved_at for a in update.approvals.all() if a.wording == update.wording]
        confirmed[update.pk] = len(approvals) >= 2
        if not update.is_imported and update.published_at:
            looks.append(update.published_at)
        elif confirmed[update.pk]:
            looks.append(max(approvals))
    last_look = max(looks, default=None)
    if not updates:
        return Derived("not_yet_rated", None, None, False, "", last_look)
    newest = updates[0]
    since = newest.effective_on
    for update in updates:
        if update.status != newest.status:
            break
        since = min(since, update.effective_on)
    provisional = newest.is_imported and not confirmed[newest.pk]
    return Derived(
        newest.status, since, newest.assessed_on, provisional, newest.confidence, last_look
    )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "import", "confirm", "review", "retract", "draft"]),
        st.sampled_from(["in_the_works", "stalled", "compromise", "kept", "broken"]),
        st.integers(0, 12),
    ),
    min_size=1,
    max_size=9,
)


def import_update(author: User, pledge: Pledge, **content: Any) -> None:
    """Bring an update in as the seed record does."""
    draft = record.draft_update(by=author, of=pledge, is_imported=True, **content)
    StatusUpdate.objects.filter(pk=draft.pk).update(
        state="published", published_at=record.NOW, published_by=author
    )


def take(step: tuple[str, str, int], number: int, author: User, pledge: Pledge) -> None:
    """Do one step of a random life of a pledge."""
    act, status, months = step
    now = record.NOW + timedelta(hours=number)
    day = date(2024, 1, 1) + timedelta(days=30 * months)
    content = {"status": status, "effective_on": day, "assessed_on": day, "now": now}
    # The same evidence for all: what is derived does not ask for it, and to write it takes longer.
    content["cited"] = pledge.evidence.first()
    published = StatusUpdate.objects.filter(pledge=pledge, state="published").order_by("pk")
    match act:
        case "publish":
            record.published_update(by=author, of=pledge, **content)
        case "import":
            import_update(author, pledge, **content)
        case "draft":
            record.draft_update(by=author, of=pledge, **content)
        case "review":
            record.record_review(pledge=pledge, note="Looked.", by=author, now=now)
        case "confirm":
            if update := published.filter(is_imported=True).first():
                actions.approve_status_update(update=update, by=record.user(), now=now)
        case "retract":
            if update := published.last():
                actions.retract_status_update(update=update, reason="Wrong.", by=author, now=now)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_it_equals_a_rebuild_after_any_history(author: User, steps: list[Any]) -> None:
    pledge = record.pledge(by=author)
    for number, step in enumerate(steps):
        take(step, number, author, pledge)
        assert stored(pledge) == rebuilt(pledge)


@pytest.mark.django_db
def test_since_is_the_start_of_the_present_run(author: User) -> None:
    pledge = record.pledge(by=author)
    for status, month in (("stalled", 1), ("in_the_works", 3), ("in_the_works", 6)):
        day = date(2025, month, 1)
        record.published_update(
            by=author, of=pledge, status=status, effective_on=day, assessed_on=day
        )
    assert stored(pledge).status == "in_the_works"
    assert stored(pledge).status_since == date(2025, 3, 1)


@pytest.mark.django_db
def test_an_imported_rating_is_provisional_until_two_people_stand_behind_it(author: User) -> None:
    pledge = record.pledge(by=author)
    import_update(author, pledge)
    update = StatusUpdate.objects.get()
    assert stored(pledge).status_is_provisional is True
    assert stored(pledge).last_reviewed_at is None
    actions.approve_status_update(update=update, by=record.user(), now=record.NOW)
    assert stored(pledge).status_is_provisional is True
    later = record.NOW + timedelta(days=3)
    actions.approve_status_update(update=update, by=record.user(), now=later)
    assert stored(pledge).status_is_provisional is False
    assert stored(pledge).last_reviewed_at == later


@pytest.mark.django_db
def test_a_retracted_update_gives_the_status_back(author: User) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge, status="in_the_works")
    newer = record.published_update(
        by=author, of=pledge, status="kept", effective_on=date(2025, 8, 1),
        assessed_on=date(2025, 8, 1),
    )  # fmt: skip
    assert stored(pledge).status == "kept"
    actions.retract_status_update(update=newer, reason="Wrong case.", by=author, now=record.NOW)
    assert stored(pledge).status == "in_the_works"
