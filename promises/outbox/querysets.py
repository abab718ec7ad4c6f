from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from promises.outbox.models import Delivery  # noqa: F401 -- types only


class DeliveryQuerySet(QuerySet["Delivery"]):
    """Reads of the outbox. It has no public side."""

    def waiting(self) -> Self:
        """Keep what is neither sent nor set aside."""
        return self.filter(next_try_at__isnull=False)

    def due(self, now: datetime) -> Self:
        """Keep what is to be tried now and in nobody's hands, the longest waiting first."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.filter(free, next_try_at__lte=now).order_by("next_try_at", "pk")

    def refused(self) -> Self:
        """Keep what waits since the mail server failed it: no fault of its mailbox."""
        of_the_mailbox = r"^(NotTaken: )?SMTPRecipientsRefused"
        return self.waiting().exclude(last_error="").exclude(last_error__regex=of_the_mailbox)

    def set_aside(self) -> Self:
        """Keep what was given up after its last try."""
        return self.filter(set_aside_at__isnull=False)
