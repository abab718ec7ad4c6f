from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from promises.discovery.choices import CandidateState

if TYPE_CHECKING:
    from promises.discovery.models import Candidate, Feed, FeedItem  # noqa: F401 -- types only


class FeedQuerySet(QuerySet["Feed"]):
    """Reads of feeds. They have no public side."""

    def due(self, now: datetime) -> Self:
        """Keep what is to be read now and in nobody's hands, the longest waiting first."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.filter(free, next_fetch_at__lte=now).order_by("next_fetch_at", "pk")

    def failing(self) -> Self:
        """Keep the feeds that could not be read the last time."""
        return self.filter(failing_since__isnull=False)

    def silent(self, now: datetime) -> Self:
        """Keep the feeds that are read and have brought nothing for longer than they may."""
        wait = ExpressionWrapper(
            F("quiet_days") * Value(timedelta(days=1)), output_field=DurationField()
        )
        last = Coalesce("last_new_item_at", "added_at")
        return (
            self.filter(is_active=True)
            .alias(last=last, wait=wait)
            .filter(last__lt=Value(now) - F("wait"))
        )

    def needing_a_look(self, now: datetime) -> Self:
        """Keep the feeds that fail or fell silent, the longest failing first."""
        found = self.filter(Q(pk__in=self.failing()) | Q(pk__in=self.silent(now)), is_active=True)
        return found.order_by(F("failing_since").asc(nulls_last=True), "pk")


class FeedItemQuerySet(QuerySet["FeedItem"]):
    """Reads of what feeds brought."""

    def unmatched(self) -> Self:
        """Keep what has not been held against the pledges yet."""
        return self.filter(matched_at__isnull=True)


class CandidateQuerySet(QuerySet["Candidate"]):
    """Reads of what may be evidence. They have no public side."""

    def waiting(self) -> Self:
        """Keep what nobody has decided on."""
        return self.filter(state=CandidateState.WAITING)

    def best_first(self) -> Self:
        """Order by score."""
        return self.order_by("-score", "-pk")
