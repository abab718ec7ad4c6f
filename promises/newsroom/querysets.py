from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery

from promises.accounts.models import User
from promises.editorial.choices import State
from promises.editorial.models import Editorial
from promises.newsroom.choices import LIVE_OUTCOMES, CommentKind

if TYPE_CHECKING:
    from promises.newsroom.models import (  # noqa: F401 -- types only
        Assignment,
        Comment,
        Embargo,
        PlannedPublication,
    )

Row = TypeVar("Row", bound=Model)
# Which foreign key points to which kind of item.
POINTERS = {"pledge": "pledge", "evidence": "evidence", "statusupdate": "status_update"}
# What the name of an item shows, whichever of the three it is.
NAMES = ("pledge__person", "evidence", "status_update__pledge__person")
_NOT_PUBLIC_YET = (State.DRAFT, State.IN_REVIEW)


def pointer_to(item: Editorial | type[Editorial]) -> str:
    """Return the name of the foreign key that points to an item of this kind."""
    return POINTERS[str(item._meta.model_name)]


class AboutItemQuerySet(QuerySet[Row]):
    """Reads of rows that hang on one pledge, piece of evidence or status update."""

    def about(self, item: Editorial) -> Self:
        """Keep what hangs on this item."""
        return self.filter(**{pointer_to(item): item.pk})

    def with_items(self) -> Self:
        """Bring what the name of the item shows."""
        return self.select_related(*NAMES)

    def _not_public_yet(self) -> Self:
        """Keep what hangs on items that readers have not seen."""
        return self.filter(
            Q(pledge__state__in=_NOT_PUBLIC_YET)
            | Q(evidence__state__in=_NOT_PUBLIC_YET)
            | Q(status_update__state__in=_NOT_PUBLIC_YET)
        )


class CommentQuerySet(AboutItemQuerySet["Comment"]):
    """Reads of the discussion. It never leaves the desk."""

    def in_order(self) -> Self:
        """Order as it was said."""
        return self.order_by("written_at", "pk")

    def newest_reason_for(self, kind: type[Editorial]) -> Subquery:
        """Return, inside a query of items of this kind, why each was last sent back."""
        sent_back = self.filter(kind=CommentKind.SENT_BACK, **{pointer_to(kind): OuterRef("pk")})
        return Subquery(sent_back.order_by("-written_at", "-pk").values("text")[:1])


class AssignmentQuerySet(AboutItemQuerySet["Assignment"]):
    """Reads of who has what to do."""

    def open(self) -> Self:
        """Keep what is still to be done."""
        return self.filter(ended_at__isnull=True)

    def given_to(self, person: User) -> Self:
        """Keep what this person has to do."""
        return self.open().filter(assigned_to=person)

    def most_urgent_first(self) -> Self:
        """Order by the day it is due, undated last."""
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class PlannedPublicationQuerySet(AboutItemQuerySet["PlannedPublication"]):
    """Reads of what is to be published, and when."""

    def live(self) -> Self:
        """Keep the plans that are to come or were set aside: one an item at most."""
        return self.filter(outcome__in=LIVE_OUTCOMES)

    def waiting(self) -> Self:
        """Keep the live plans of what readers have not seen, set aside first."""
        return self.live()._not_public_yet().order_by("-outcome", "publish_at", "pk")

    def due(self, now: datetime) -> Self:
        """Keep the plans whose time has come, in the order of their times."""
        return self.filter(outcome="", publish_at__lte=now).order_by("publish_at", "pk")


class EmbargoQuerySet(AboutItemQuerySet["Embargo"]):
    """Reads of embargoes."""

    def standing(self) -> Self:
        """Keep those that nobody has lifted: one an item at most."""
        return self.filter(lifted_at__isnull=True)

    def in_force(self, now: datetime) -> Self:
        """Keep those that hold at this moment."""
        return self.standing().filter(ends_at__gt=now)
