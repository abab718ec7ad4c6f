from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import JSONObject

from promises.accounts.models import User
from promises.pledges.querysets import PUBLIC_PLEDGE
from promises.suggestions.choices import (
    ANSWERED,
    OPEN,
    WAITING,
    ChallengeState,
    SuggestionState,
)

if TYPE_CHECKING:
    from promises.suggestions.models import Challenge, Suggestion


Row = TypeVar("Row", "Challenge", "Suggestion")


class FromOutsideQuerySet(QuerySet[Row]):
    """Reads of what strangers send."""

    def in_hands_of(self, person: User | None) -> Self:
        """Keep what this person, or nobody, looks at."""
        return self.filter(assigned_to=person)

    def from_network_since(self, network: str, since: datetime) -> Self:
        """Keep what came from one network after a moment."""
        return self.filter(sender_network=network, received_at__gt=since)


class ChallengeQuerySet(FromOutsideQuerySet["Challenge"]):
    """Reads of challenges. Readers see those that an editor has taken up: `published()`."""

    def published(self) -> Self:
        """Keep what the public sees: taken up by an editor, about a public pledge."""
        taken_up = self.filter(PUBLIC_PLEDGE, taken_up_at__isnull=False)
        return taken_up.exclude(state=ChallengeState.SPAM)

    def waiting(self) -> Self:
        """Keep what has no answer yet."""
        return self.filter(state__in=WAITING)

    def answered(self) -> Self:
        """Keep what was accepted or declined."""
        return self.filter(state__in=ANSWERED)

    def spam(self) -> Self:
        """Keep what was set aside."""
        return self.filter(state=ChallengeState.SPAM)

    def longest_waiting_first(self) -> Self:
        """Order by the day an answer is due."""
        return self.order_by("answer_due_on", "pk")

    def answers_of_pledge(self, most: int) -> ArraySubquery:
        """Return a column for a query of pledges: the newest `most` answers to challenges.

        Each is a dict of what readers see; `of` is how many challenges were taken up in all, and
        a row without an answer carries only that and the count `answered`.
        """
        published = self.published().filter(pledge=OuterRef("pk"))
        counted = published.annotate(
            of=Window(Count("pk")), answered=Window(Count("pk", Q(state__in=ANSWERED)))
        )
        row = JSONObject(
            kind="kind", state="state", summary="summary", answer="answer",
            answered_at="answered_at", answered_by="answered_by__display_name",
            reference="reference", of="of", answered="answered",
        )  # fmt: skip
        newest = counted.order_by(F("answered_at").desc(nulls_last=True), "-pk").values(row=row)
        return ArraySubquery(newest[:most])


class SuggestionQuerySet(FromOutsideQuerySet["Suggestion"]):
    """Reads of suggestions. They have no public side."""

    def open(self) -> Self:
        """Keep what nobody has made a draft of or set aside."""
        return self.filter(state__in=OPEN)

    def drafted(self) -> Self:
        """Keep what a draft was made of."""
        return self.filter(state=SuggestionState.DRAFTED)

    def set_aside(self) -> Self:
        """Keep what led to nothing."""
        return self.filter(state=SuggestionState.SET_ASIDE)

    def longest_waiting_first(self) -> Self:
        """Order by when it came."""
        return self.order_by("received_at", "pk")

    def of_address(self, digest: str) -> Self:
        """Keep what names the same source."""
        return self.filter(url_digest=digest)
