from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from promises.accounts.models import User
    from promises.webhooks.models import Endpoint, Message  # noqa: F401 -- types only


class EndpointQuerySet(QuerySet["Endpoint"]):
    """Reads of endpoints. They have no public side: each is its owner's."""

    def of(self, owner: User) -> Self:
        """Keep those of a person."""
        return self.filter(owner=owner)

    def open(self) -> Self:
        """Keep those to which something is sent."""
        return self.filter(disabled_at=None)


class MessageQuerySet(QuerySet["Message"]):
    """Reads of messages."""

    def waiting(self) -> Self:
        """Keep what is neither accepted nor given up."""
        return self.filter(next_try_at__isnull=False)

    def due(self, now: datetime) -> Self:
        """Keep what may be sent now, to endpoints that take something."""
        return self.filter(next_try_at__lte=now, endpoint__disabled_at=None)

    def settled_before(self, moment: datetime) -> Self:
        """Keep what was accepted or given up by then."""
        return self.filter(next_try_at=None, made_at__lte=moment)
