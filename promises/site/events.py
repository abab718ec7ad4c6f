"""The history of a pledge as readers see it: ratings and looks, the newest first."""

from dataclasses import dataclass
from datetime import date

from promises.common.dates import utc_date
from promises.updates.models import Review, StatusUpdate


@dataclass(frozen=True)
class Event:
    """One entry of a pledge's history: a status update or a review, with its day."""

    on: date
    update: StatusUpdate | None = None
    review: Review | None = None


def history(updates: list[StatusUpdate], reviews: list[Review]) -> list[Event]:
    """Return updates and reviews as one history, the newest first."""
    events = [Event(update.effective_on, update=update) for update in updates]
    events += [Event(utc_date(review.reviewed_at), review=review) for review in reviews]
    return sorted(events, key=lambda event: event.on, reverse=True)
