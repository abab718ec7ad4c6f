from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet, Window
from django.db.models.functions import Coalesce, JSONObject

from promises.common.words import found_by_words, have_words
from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.pledges.models import Pledge
from promises.pledges.querysets import PUBLIC_PLEDGE

if TYPE_CHECKING:
    from promises.record_requests.models import (  # noqa: F401 -- types only
        Extension,
        RecordRequest,
        RequestDocument,
        RequestPledge,
    )


class RecordRequestQuerySet(EditorialQuerySet["RecordRequest"]):
    """Reads of requests for records. Of one whose pledges are all hidden readers see nothing."""

    def published(self) -> Self:
        """Keep the published requests about a public pledge."""
        return super().published().filter(self._about_public_pledge())

    def retracted(self) -> Self:
        """Keep the withdrawn records of requests about a public pledge."""
        return super().retracted().filter(self._about_public_pledge())

    def _about_public_pledge(self) -> Exists:
        public = Pledge.objects.published().filter(request_pledges__record_request=OuterRef("pk"))
        return Exists(public)

    def running(self) -> Self:
        """Keep those whose clock runs: an answer or a decision is due on a day."""
        return self.filter(next_due_on__isnull=False)

    def overdue(self, today: date) -> Self:
        """Keep those whose answer, or decision on an appeal, was due before today."""
        return self.filter(next_due_on__lt=today)

    def having_words(self, text: str) -> Self:
        """Keep the requests in which a word begins like each of these."""
        found: Self = have_words(self, text, "slug", "agency", "subject", "statute", "answer")
        return found

    def with_words(self, text: str) -> Self:
        """Keep the same requests in an ordered list, by index."""
        found: Self = found_by_words(self, text)
        return found

    def newest_first(self) -> Self:
        """Order by the day of filing."""
        return self.order_by("-filed_on", "-pk")

    def rows_of_pledge(self, most: int) -> ArraySubquery:
        """Return a column for a query of pledges: its newest `most` requests, as readers see them.

        Each is a dict; `of` is how many there are in all.
        """
        mine = self.filter(state=State.PUBLISHED, request_pledges__pledge=OuterRef("pk"))
        row = JSONObject(
            slug="slug", agency=Coalesce("office__title", "agency"), subject="subject",
            filed_on="filed_on", answer_due_on="answer_due_on", next_due_on="next_due_on",
            acknowledged_on="acknowledged_on", answered_on="answered_on", outcome="outcome",
            answer="answer", not_recorded="not_recorded", withdrawn_on="withdrawn_on",
            appealed_on="appealed_on", appeal_decided_on="appeal_decided_on", of="of",
        )  # fmt: skip
        counted = mine.annotate(of=Window(Count("pk")))
        return ArraySubquery(counted.order_by("-filed_on", "-pk").values(row=row)[:most])


class RequestPledgeQuerySet(QuerySet["RequestPledge"]):
    """Reads of which request is about which pledge."""

    def published(self) -> Self:
        """Keep those whose two ends the public may see."""
        return self.filter(PUBLIC_PLEDGE, record_request__state=State.PUBLISHED)

    def told_with(self, pledge_ids: Collection[int]) -> set[int]:
        """Return all pledges of the requests about these (settings.TOLD_WITH)."""
        requests = self.filter(pledge__in=pledge_ids).values("record_request")
        return set(self.filter(record_request__in=requests).values_list("pledge_id", flat=True))


class RequestDocumentQuerySet(QuerySet["RequestDocument"]):
    """Reads of the evidence that came of requests."""

    def published(self) -> Self:
        """Keep those whose two ends the public may see."""
        return self.filter(
            record_request__state=State.PUBLISHED, evidence__state=State.PUBLISHED
        ).filter(_of_public_request())


class ExtensionQuerySet(QuerySet["Extension"]):
    """Reads of extensions."""

    def published(self) -> Self:
        """Keep those of public requests."""
        return self.filter(record_request__state=State.PUBLISHED).filter(_of_public_request())


def _of_public_request() -> Exists:
    """Return whether the request of a row is about a public pledge."""
    pledges = Pledge.objects.published()
    return Exists(pledges.filter(request_pledges__record_request=OuterRef("record_request")))
