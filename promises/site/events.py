"""The history of a pledge as readers see it: ratings and looks, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from promises.common.dates import utc_date
from promises.updates.models import Review, StatusUpdate


@dataclass(frozen=True)
class Look:
    """A review as a column of its pledge brings it: when, by whom, and the note."""

    reviewed_at: datetime
    reviewed_by: str
    note: str


def looks(rows: Iterable[dict[str, Any]]) -> list[Look]:
    """Return the reviews that a query of pledges brought along (`rows_of_pledge`)."""
    return [Look(datetime.fromisoformat(row["at"]), row["name"], row["note"]) for row in rows]


@dataclass(frozen=True)
class Withdrawal:
    """A rating that was taken back, as a column of its pledge brings it: when, and why."""

    on: date
    because: str


def withdrawals(pledge: Any) -> list[Withdrawal]:
    """Return what a pledge was read with of ratings that were withdrawn (`withdrawn_rows`)."""
    rows: list[dict[str, Any]] = pledge.withdrawn_rows
    moments = ((datetime.fromisoformat(row["at"]), row["because"]) for row in rows)
    return [Withdrawal(utc_date(at), because) for at, because in moments]


@dataclass(frozen=True)
class Event:
    """One entry of a pledge's history: a status update or a review, with its day."""

    on: date
    update: StatusUpdate | None = None
    review: Review | Look | None = None


def history(updates: Sequence[StatusUpdate], reviews: Sequence[Review | Look]) -> list[Event]:
    """Return updates and reviews as one history, the newest first."""
    events = [Event(update.effective_on, update=update) for update in updates]
    events += [Event(utc_date(review.reviewed_at), review=review) for review in reviews]
    return sorted(events, key=lambda event: event.on, reverse=True)
