from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import SearchVector
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from promises.editorial.choices import State

if TYPE_CHECKING:
    from promises.sources.models import (  # noqa: F401 -- types only
        Host,
        LinkCheck,
        Passage,
        Source,
    )

# So many characters of a text are searched: its words must fit into a tsvector, of 1 MB at most.
SEARCHED = 150_000


def words_in(path: str) -> SearchVector:
    """Return the words of the text at a path, as the index has them."""
    return SearchVector(Left(path, SEARCHED), config="simple")


class HostQuerySet(QuerySet["Host"]):
    """Reads of servers."""

    def free(self, now: datetime) -> Self:
        """Keep the hosts that nobody visits and that may be visited again."""
        is_free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(is_free, next_visit_at__lte=now)

    def with_due(self, sources: QuerySet[Source]) -> Self:
        """Keep the hosts on which one of these sources stands."""
        return self.filter(Exists(sources.order_by().filter(host=OuterRef("pk"))))

    def answered_since(self, moment: datetime) -> Self:
        """Keep the hosts that have sent an answer of any kind since then."""
        return self.filter(last_answered_at__gte=moment)


class SourceQuerySet(QuerySet["Source"]):
    """Reads of sources."""

    def due(self, now: datetime) -> Self:
        """Keep what is due for a check, longest waiting first."""
        return self.filter(next_check_at__lte=now).order_by("next_check_at", "pk")

    def published(self) -> Self:
        """Keep what readers may see: of published evidence, and of the address it still has."""
        return self.filter(evidence__state=State.PUBLISHED, url=F("evidence__url"))

    def lost(self) -> Self:
        """Keep what readers no longer find at its address."""
        return self.filter(lost_at__isnull=False)

    def changed(self) -> Self:
        """Keep what no longer says what it said, and nobody has looked at yet."""
        return self.filter(changed_at__isnull=False)


class LinkCheckQuerySet(QuerySet["LinkCheck"]):
    """Reads of checks."""

    def within(self, span: timedelta, now: datetime) -> Self:
        """Keep the checks of the time that ends now."""
        return self.filter(checked_at__gt=now - span, checked_at__lte=now)


class PassageQuerySet(QuerySet["Passage"]):
    """Reads of quoted passages."""

    def published(self) -> Self:
        """Keep the passages whose link the public may see."""
        return self.filter(
            link__evidence__state=State.PUBLISHED,
            link__pledge__state=State.PUBLISHED,
            link__pledge__person__state=State.PUBLISHED,
        )

    def of_evidence(self, evidence_id: int) -> Self:
        """Keep the passages quoted from one piece of evidence."""
        return self.filter(link__evidence=evidence_id)
