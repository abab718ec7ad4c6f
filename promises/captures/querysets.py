from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from promises.captures.choices import CaptureState, How
from promises.editorial.choices import State
from promises.sources.querysets import words_in

if TYPE_CHECKING:
    from promises.captures.models import (  # noqa: F401 -- types only
        Capture,
        CaptureWaiver,
        StoredFile,
    )


class StoredFileQuerySet(QuerySet["StoredFile"]):
    """Reads of files in the store."""

    def damaged(self) -> Self:
        """Keep what the scrub found changed or gone."""
        return self.filter(damaged_at__isnull=False)

    def unread_since(self, moment: datetime) -> Self:
        """Keep what was stored before a moment and not read since, the longest unread first."""
        unread = Q(last_verified_at=None) | Q(last_verified_at__lt=moment)
        return self.filter(unread, stored_at__lt=moment).order_by(
            F("last_verified_at").asc(nulls_first=True), "sha256"
        )

    def not_signed_by(self, authority: str) -> Self:
        """Keep what proves a copy and has no signature of this authority, oldest first."""
        proves = Q(captures_as_warc__isnull=False) | Q(captures_as_body__how=How.UPLOADED)
        return (
            self.filter(proves, damaged_at__isnull=True)
            .exclude(timestamps__authority=authority)
            .order_by("stored_at", "sha256")
            .distinct()
        )


class CaptureQuerySet(QuerySet["Capture"]):
    """Reads of copies. Readers see the good copies of public evidence: `published()`."""

    def good(self) -> Self:
        """Keep what counts as captured: not suspect, or confirmed by a person."""
        return self.filter(is_good=True)

    def published(self) -> Self:
        """Keep what the public may see."""
        return self.good().filter(evidence__state=State.PUBLISHED)

    def of_its_address(self) -> Self:
        """Keep the copies of what evidence names today: its address may have been another."""
        return self.filter(Q(how=How.UPLOADED) | Q(asked_url=F("evidence__url")))

    def matching(self, queries: Iterable[SearchQuery]) -> Self:
        """Keep the copies whose text answers each of these queries."""
        found = self.alias(words=words_in("text__text"))
        for query in queries:
            found = found.filter(words=query)
        return found

    def due(self, now: datetime) -> Self:
        """Keep what is to be fetched by now and in no worker's hands, the longest due first."""
        return (
            self.filter(Q(leased_until=None) | Q(leased_until__lte=now))
            .filter(next_try_at__lte=now)
            .order_by("next_try_at", "pk")
        )

    def waiting(self) -> Self:
        """Keep what is still to be fetched."""
        return self.filter(state=CaptureState.WAITING)

    def suspect(self) -> Self:
        """Keep what no person has looked at yet, though it may be no copy at all."""
        return self.filter(state=CaptureState.CAPTURED, is_suspect=True, confirmed_at__isnull=True)

    def newest_first(self) -> Self:
        """Order by the moment of the copy."""
        return self.order_by("-captured_at", "-pk")

    def newest_of(self, evidence: str, column: str) -> Subquery:
        """Return a column for a query: of the newest good copy of the evidence at that path."""
        return Subquery(
            self.good()
            .of_its_address()
            .filter(evidence=OuterRef(evidence))
            .order_by("-captured_at")
            .values(column)[:1]
        )


class CaptureWaiverQuerySet(QuerySet["CaptureWaiver"]):
    """Reads of why there is no copy."""

    def in_force(self) -> Self:
        """Keep what holds today."""
        return self.filter(ended_at__isnull=True)

    def published(self) -> Self:
        """Keep what the public may see."""
        return self.in_force().filter(evidence__state=State.PUBLISHED)

    def reason_of(self, evidence: str) -> Subquery:
        """Return a column for a query: why there need be no copy of the evidence at that path."""
        return Subquery(self.in_force().filter(evidence=OuterRef(evidence)).values("reason")[:1])
