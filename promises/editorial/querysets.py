from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet

from promises.accounts.models import User
from promises.editorial.choices import State

Record = TypeVar("Record", bound=Model)


class EditorialQuerySet(QuerySet[Record]):
    """Reads of a record with a state. Public doors start with `published()`."""

    def published(self) -> Self:
        """Keep what the public may see."""
        return self.filter(state=State.PUBLISHED)

    def retracted(self) -> Self:
        """Keep what was withdrawn: of it the public sees that it was, when and why."""
        return self.filter(state=State.RETRACTED)

    def public_at(self, moment: datetime) -> Self:
        """Keep what had been published by that moment. What the public may see now still counts."""
        return self.filter(published_at__lt=moment)

    def withdrawn_since(self, moment: datetime) -> Self:
        """Keep what was public at that moment and was withdrawn later, the latest first."""
        gone = self.filter(state=State.RETRACTED, retracted_at__gte=moment)
        return gone.public_at(moment).order_by("-retracted_at", "-pk")

    def in_review(self) -> Self:
        """Keep what waits for a second person."""
        return self.filter(state=State.IN_REVIEW)

    def drafts_of(self, person: User) -> Self:
        """Keep the drafts that this person began."""
        return self.filter(state=State.DRAFT, created_by=person)

    def handed_in_by(self, person: User) -> Self:
        """Keep what this person handed in and is still in review."""
        return self.in_review().filter(submitted_by=person)

    def handed_in_by_others(self, person: User) -> Self:
        """Keep what is in review and was written by someone else."""
        return self.in_review().exclude(created_by=person)

    def returned_to(self, person: User) -> Self:
        """Keep the drafts of this person that were handed in before and came back."""
        return self.drafts_of(person).filter(submitted_at__isnull=False)


class UnsavedWorkQuerySet(QuerySet[Any]):
    """Reads of what people have typed and not saved. Doors start with `of()`."""

    def of(self, person: User) -> Self:
        """Keep what this person typed: nobody else ever sees it."""
        return self.filter(typed_by=person)

    def on(self, table: str, object_id: str) -> Self:
        """Keep what was typed on one page, newest first; an empty id is the page of a new row."""
        return self.filter(table=table, object_id=object_id).order_by("-typed_at", "-pk")

    def older_than(self, age: timedelta, now: datetime) -> Self:
        """Keep what nobody has touched for so long."""
        return self.filter(typed_at__lt=now - age)
