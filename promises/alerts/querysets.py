from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from promises.alerts.models import (  # noqa: F401 -- types only
        News,
        Subscriber,
        Subscription,
    )


class SubscriberQuerySet(QuerySet["Subscriber"]):
    """Reads of subscribers. They have no public side."""

    def of_address(self, address: str) -> Self:
        """Keep the one with this address, in whatever case."""
        return self.alias(lowered=Lower("address")).filter(lowered=address.lower())

    def with_words(self, text: str) -> Self:
        """Keep the one with this whole address: the desk looks for nobody by halves. By index."""
        return self.of_address(text.strip())

    def without_subscriptions(self) -> Self:
        """Keep those who follow nothing and wait for nothing."""
        return self.filter(subscriptions__isnull=True)


class SubscriptionQuerySet(QuerySet["Subscription"]):
    """Reads of subscriptions. They have no public side."""

    def confirmed(self) -> Self:
        """Keep those that their mailbox has confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed_since(self, moment: datetime) -> Self:
        """Keep those that were asked for by then and never confirmed."""
        return self.filter(confirmed_at__isnull=True, asked_at__lte=moment)

    def with_subjects(self) -> Self:
        """Bring along what is followed."""
        return self.select_related("pledge__person", "person", "topic")


class NewsQuerySet(QuerySet["News"]):
    """Reads of what is to be told."""

    def due(self, now: datetime) -> Self:
        """Keep what is to be mailed by now."""
        return self.filter(due_at__lte=now)
