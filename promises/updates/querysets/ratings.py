from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from promises.accounts.models import User
from promises.common.history import events_of
from promises.common.words import IsAnyOf, answer
from promises.editorial.choices import State
from promises.editorial.querysets import EditorialQuerySet
from promises.officials.models import ConflictOfInterest
from promises.pledges.choices import Status
from promises.pledges.querysets import PUBLIC_PLEDGE
from promises.updates.querysets.about_pledges import with_words
from promises.updates.querysets.corrections import CorrectionQuerySet
from promises.updates.rules import FINAL_STATUSES, approvals_needed

if TYPE_CHECKING:
    from promises.pledges.models import Pledge
    from promises.updates.models import (  # noqa: F401 -- types only
        Citation,
        MethodologyVersion,
        StatusUpdate,
    )

# What the index of words holds (promises.updates.indexes).
WORDS = ("slug", "reasoning")
# The rule approvals_needed as SQL.
_NEEDED = Case(
    When(status__in=FINAL_STATUSES, then=Value(approvals_needed(Status.KEPT))),
    default=Value(approvals_needed(Status.IN_THE_WORKS)),
)


class StatusUpdateQuerySet(EditorialQuerySet["StatusUpdate"]):
    """Reads of status updates."""

    def with_words(self, text: str) -> Self:
        """Keep updates that have these words themselves, or whose pledge has them. By index."""
        return with_words(self, text, *WORDS)

    def answering(self, queries: Sequence[str]) -> Self:
        """Keep updates that themselves answer each of these queries."""
        found: Self = answer(self, queries, *WORDS)
        return found

    def published(self) -> Self:
        """Keep the published updates of public pledges."""
        return super().published().filter(PUBLIC_PLEDGE)

    def published_to_count(self) -> Self:
        """Keep the same updates as `published`, where very many are counted or passed over.

        Those of hidden pledges are few and are found first: of the others the index of news knows
        all there is to know, and no table is read.
        """
        its = self.model._default_manager.order_by()
        unpublished = its.exclude(pledge__state=State.PUBLISHED).values("pk")
        of_the_hidden = its.exclude(pledge__person__state=State.PUBLISHED).values("pk")
        return super().published().exclude(pk__in=unpublished).exclude(pk__in=of_the_hidden)

    def resting_on(self, evidence: Collection[int]) -> Self:
        """Keep the updates that cite one of these pieces of evidence and were not withdrawn."""
        return (
            self.filter(citations__evidence__in=evidence).exclude(state=State.RETRACTED).distinct()
        )

    def newest_first(self) -> Self:
        """Order as a history is read: the newest state of affairs first."""
        return self.order_by("-effective_on", "-pk")

    def recently_published(self) -> Self:
        """Order as news is read: published last first, an import by its dates."""
        return self.order_by("-published_at", "-effective_on", "-pk")

    def with_previous(self) -> Self:
        """Add `status_before`: the rating that each update took the place of, if any."""
        older = Q(effective_on__lt=OuterRef("effective_on"))
        older |= Q(effective_on=OuterRef("effective_on"), pk__lt=OuterRef("pk"))
        before = self.model._default_manager.filter(
            older, pledge=OuterRef("pledge"), state=State.PUBLISHED
        )
        return self.annotate(
            status_before=Subquery(before.order_by("-effective_on", "-pk").values("status")[:1])
        )

    def with_signatures(self, before: datetime | None = None) -> Self:
        """Add `approved_by`: the public names of who approved the present wording, in order.

        With `before`, those who had approved it by that moment.
        """
        approvals = self.model._meta.get_field("approvals").related_model._default_manager
        names = approvals.filter(status_update=OuterRef("pk"), wording=OuterRef("wording"))
        if before is not None:
            names = names.filter(approved_at__lt=before)
        return self.select_related("created_by", "methodology").annotate(
            approved_by=ArraySubquery(
                names.order_by("approved_at", "pk").values("approved_by__display_name")
            )
        )

    def with_citations(self) -> Self:
        """Add `cited`: slug and title of the published evidence it rests on."""
        citations = CitationQuerySet(self.model._meta.get_field("citations").related_model)
        return self.annotate(
            cited=ArraySubquery(
                citations.published()
                .filter(status_update=OuterRef("pk"))
                .order_by("position", "pk")
                .values(piece=JSONObject(slug="evidence__slug", title="evidence__title"))
            )
        )

    def with_changes(self) -> Self:
        """Bring its public corrections, and when it was signed and its pledge's title corrected."""
        corrections = CorrectionQuerySet(self.model._meta.get_field("corrections").related_model)
        approvals = self.model._meta.get_field("approvals").related_model._default_manager
        signed = approvals.filter(status_update=OuterRef("pk"), wording=OuterRef("wording"))
        return self.prefetch_related(Prefetch("corrections", corrections.published())).annotate(
            signed_at=Subquery(signed.order_by("-approved_at").values("approved_at")[:1]),
            retitled_at=corrections.retitled_at(pledge=OuterRef("pledge")),
        )

    def with_corrected_at(self, before: datetime | None = None) -> Self:
        """Add `corrected_at`: when the reasoning was last corrected, if it was (by that moment)."""
        corrections = self.model._meta.get_field("corrections").related_model._default_manager
        newest = corrections.filter(status_update=OuterRef("pk")).order_by("-corrected_at")
        if before is not None:
            newest = newest.filter(corrected_at__lt=before)
        return self.annotate(corrected_at=Subquery(newest.values("corrected_at")[:1]))

    def attach_newest(self, pledges: Iterable[Pledge]) -> list[Pledge]:
        """Give each pledge `newest_update`, the published update its status is from. One query."""
        pledges = list(pledges)
        newest = self.published().filter(pledge__in=[pledge.pk for pledge in pledges])
        newest = newest.order_by("pledge", "-effective_on", "-pk").distinct("pledge")
        found = {update.pledge_id: update for update in newest}
        for pledge in pledges:
            pledge.newest_update = found.get(pledge.pk)  # type: ignore[attr-defined]
        return pledges

    def with_approval_counts(self) -> Self:
        """Add `approval_count`: people who approved the present wording."""
        approvals = self.model._meta.get_field("approvals").related_model._default_manager
        standing = approvals.filter(status_update=OuterRef("pk"), wording=OuterRef("wording"))
        # Counted row by row of what is shown: a join would count all updates before the first.
        counts = standing.order_by().values("status_update").annotate(people=Count("pk"))
        return self.annotate(approval_count=Coalesce(Subquery(counts.values("people")), 0))

    def awaiting_approval_by(self, person: User) -> Self:
        """Keep what is in review, lacks approvals and is another person's to approve."""
        waiting = self.in_review().with_approval_counts().filter(approval_count__lt=_NEEDED)
        return waiting._left_to(person)

    def awaiting_confirmation_by(self, person: User) -> Self:
        """Keep the imported ratings in force that too few people have confirmed here."""
        newest = self.model._default_manager.filter(
            pledge=OuterRef("pledge"), state=State.PUBLISHED
        ).order_by("-effective_on", "-pk")
        return self.filter(
            pk=Subquery(newest.values("pk")[:1]), pledge__status_is_provisional=True
        )._left_to(person)

    def ready_to_publish(self) -> Self:
        """Keep what is in review and has the approvals it needs."""
        return self.in_review().with_approval_counts().filter(approval_count__gte=_NEEDED)

    def returned_to(self, person: User) -> Self:
        """Keep the drafts of this person that were handed in before and came back."""
        written = Q(created_by=person) | Q(edited_by=person)
        return self.filter(written, state=State.DRAFT, wording__gt=0)

    def counts_by_method(self) -> QuerySet[StatusUpdate, Any]:
        """Return rows of methodology, its version, status and how many ratings share them."""
        rows = self.order_by("-methodology__published_on", "-methodology", "status")
        return rows.values("methodology", "methodology__version", "status").annotate(
            ratings=Count("pk")
        )

    def under_older_method(self, day: date) -> Self:
        """Keep what was rated under another version of the method than is in force that day."""
        versions = self.model._meta.get_field("methodology").related_model._default_manager
        in_force = versions.filter(published_on__lte=day).order_by("-published_on", "-pk")
        return self.exclude(methodology=Subquery(in_force.values("pk")[:1]))

    def unpublished(self) -> Self:
        """Keep what is on its way: drafts and what is in review."""
        return self.filter(state__in=[State.DRAFT, State.IN_REVIEW])

    def withdrawn_rows_of_pledge(self) -> ArraySubquery:
        """Return a column for a query of pledges: when and why a rating was withdrawn, each."""
        row = JSONObject(at="retracted_at", because="retraction_reason")
        gone = self.retracted().filter(pledge=OuterRef("pk"))
        return ArraySubquery(gone.order_by("-retracted_at", "-pk").values(row=row))

    def _left_to(self, person: User) -> Self:
        """Keep what this person may judge, and neither wrote nor approved as it now stands."""
        edited = events_of(self.model).objects.filter(
            pgh_obj_id=OuterRef("pk"), edited_by_id=person.pk
        )
        approvals = self.model._meta.get_field("approvals").related_model._default_manager
        approved = approvals.filter(
            status_update=OuterRef("pk"), wording=OuterRef("wording"), approved_by=person
        )
        left = self.exclude(created_by=person).exclude(Exists(edited)).exclude(Exists(approved))
        for theirs in ConflictOfInterest.objects.open().filter(person=person).pledges():
            left = left.exclude(IsAnyOf("pledge", theirs))
        return left


class MethodologyVersionQuerySet(QuerySet["MethodologyVersion"]):
    """Reads of the versions of the method."""

    def with_rating_counts(self, updates: StatusUpdateQuerySet) -> Self:
        """Add `ratings`: how many of these updates were made under each version."""
        made = updates.filter(methodology=OuterRef("pk")).order_by().values("methodology")
        counted = Subquery(made.annotate(found=Count("pk")).values("found"))
        return self.annotate(ratings=Coalesce(counted, 0))


class CitationQuerySet(QuerySet["Citation"]):
    """Reads of which evidence a rating rests on."""

    def published(self) -> Self:
        """Keep the citations whose two ends the public may see."""
        return self.filter(
            evidence__state=State.PUBLISHED,
            status_update__state=State.PUBLISHED,
            status_update__pledge__state=State.PUBLISHED,
            status_update__pledge__person__state=State.PUBLISHED,
        )
