"""What editors set: how places are watched, days to look again by, limits of figures."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.effects import pledges_changed
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge
from promises.staleness.models import MetricLimit, ReviewBy, ReviewPolicy


class SitePolicyStays(Refused):
    """The rows of the whole site are changed, not deleted."""


@write
def set_review_by(
    *, pledge: Pledge, review_by_on: date, reason: str, by: User, now: datetime
) -> ReviewBy:
    """Set the day by which someone should look at a published pledge again, and say why.

    Readers see the day, the desk also the reason. The next look ends it; a new day replaces it.
    Raises WrongState, and ValidationError without a reason or for a day that has passed.
    """
    (pledge,) = lock_pledges([pledge.pk])
    editorial.require_state(pledge, State.PUBLISHED)
    if review_by_on < utc_date(now):
        raise ValidationError({"review_by_on": _("Choose a day that is still to come.")})
    found = ReviewBy.objects.select_for_update().filter(pledge=pledge).first()
    wanted = found or ReviewBy(pledge=pledge)
    wanted.review_by_on, wanted.reason = review_by_on, reason.strip()
    wanted.set_by, wanted.set_at = by, now
    editorial.store(wanted)
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)
    return wanted


@write
def clear_review_by(*, pledge: Pledge, by: User, now: datetime) -> None:
    """Take such a day back before anyone looked."""
    lock_pledges([pledge.pk])
    ReviewBy.objects.filter(pledge=pledge).delete()
    pledges_changed(pledge_ids=[pledge.pk], by=by, now=now)


@write
def save_metric_limit(*, limit: MetricLimit, by: User, now: datetime) -> MetricLimit:
    """Set the value from which a figure calls for another look. Raises ValidationError."""
    lock_pledges([limit.pledge_id])
    editorial.store(limit)
    pledges_changed(pledge_ids=[limit.pledge_id], by=by, now=now)
    return limit


@write
def delete_metric_limit(*, limit: MetricLimit, by: User, now: datetime) -> None:
    """Let a figure go where it will."""
    lock_pledges([limit.pledge_id])
    pledge_id = limit.pledge_id
    limit.delete()
    pledges_changed(pledge_ids=[pledge_id], by=by, now=now)


@write
def save_review_policy(*, policy: ReviewPolicy, by: User, now: datetime) -> ReviewPolicy:
    """Save how the pledges of a place are watched; all their due dates follow at once.

    Raises ValidationError, EditedMeanwhile. The database computes the dates of the pledges it
    concerns within this transaction (docs/performance.md says how long that takes).
    """
    policy.pause_reason = policy.pause_reason.strip()
    editorial.store(policy)
    return policy


@write
def delete_review_policy(*, policy: ReviewPolicy, by: User, now: datetime) -> None:
    """Let a place follow the level above it again. Raises SitePolicyStays."""
    if ReviewPolicy.objects.of_the_site().filter(pk=policy.pk).exists():
        raise SitePolicyStays("This holds for the whole site: change it instead.")
    policy.delete()
