"""Looks again at pledges that found nothing changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from promises.accounts.models import User
from promises.common.effects import pledges_looked_at
from promises.common.refusals import NotAPerson
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows
from promises.officials.actions import HasConflict, require_no_conflict
from promises.officials.models import ConflictOfInterest
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge
from promises.updates import columns
from promises.updates.models import Review


@write
def record_reviews(
    *, pledges: Iterable[Pledge], note: str, by: User, now: datetime
) -> list[Review]:
    """Record that `by` looked at these pledges again and nothing had changed: all or none.

    As many statements for many pledges as for one. Raises NotAPerson, WrongState, which names each
    that is not published, HasConflict, ValidationError without a note.
    """
    if by.is_service or not by.is_active:
        raise NotAPerson("A review is the act of a person.")
    locked = lock_pledges({pledge.pk for pledge in pledges})
    if not locked:
        return []
    editorial.require_states(locked, State.PUBLISHED)
    _require_no_conflicts(locked, by)
    reviews = [
        Review(pledge=pledge, reviewed_by=by, reviewed_at=now, note=note.strip())
        for pledge in locked
    ]
    # They differ in nothing but the pledge, which is locked and therefore there.
    reviews[0].full_clean()
    Review.objects.bulk_create(reviews)
    ids = [review.pk for review in reviews]
    record_rows(table=columns.REVIEWS, ids=ids, verb="saved", by=by, now=now)
    pledges_looked_at(pledge_ids=[pledge.pk for pledge in locked], by=by, now=now)
    return reviews


def _require_no_conflicts(pledges: Sequence[Pledge], by: User) -> None:
    """Raise HasConflict, naming each pledge of an official whom `by` may not judge."""
    if not ConflictOfInterest.objects.open().filter(person=by).exists():
        return
    refused: dict[int, str] = {}
    for official in sorted({pledge.person_id for pledge in pledges}):
        try:
            require_no_conflict(official=official, by=by)
        except HasConflict as conflict:
            theirs = (pledge for pledge in pledges if pledge.person_id == official)
            refused |= {pledge.pk: str(conflict) for pledge in theirs}
    if refused:
        raise HasConflict(next(iter(refused.values())), rows=refused)
