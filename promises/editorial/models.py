from collections.abc import Collection
from functools import cache
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Length
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from promises.editorial.choices import State
from promises.editorial.querysets import UnsavedWorkQuerySet
from promises.editorial.rules import LARGEST_WORK


def paired(*fields: str) -> models.CheckConstraint:
    """Return the rule that these fields are filled together or empty together."""
    filled = Q(**{f"{field}__isnull": False for field in fields})
    empty = Q(**{f"{field}__isnull": True for field in fields})
    return models.CheckConstraint(
        condition=filled | empty, name=f"%(app_label)s_%(class)s_{fields[0]}_is_paired"
    )


def no_lost_updates(*, leaving_out: Collection[str] = ()) -> pgtrigger.Trigger:
    """Return the trigger by which nobody overwrites a change they have not seen.

    A write that carries a version must carry the present one; each change counts it up.
    `leaving_out` are derived columns, whose changes nobody types.
    """
    return pgtrigger.Trigger(
        name="no_lost_updates",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=list(leaving_out)),
        func=pgtrigger.Func(
            """
            IF NEW.version <> OLD.version THEN
                RAISE EXCEPTION 'This was changed by someone else in the meantime.'
                    USING ERRCODE = 'serialization_failure';
            END IF;
            NEW.version := OLD.version + 1;
            RETURN NEW;
            """
        ),
    )


def the_name_stays(*fields: str, once: str = "TRUE") -> pgtrigger.Trigger:
    """Return the trigger by which a row keeps the fields that links and copies know it by.

    `once` is SQL over the OLD row: whether anyone outside knows it yet.
    """
    return pgtrigger.Trigger(
        name="the_name_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func=pgtrigger.Func(
            f"""
            IF {once} THEN
                RAISE EXCEPTION 'Links and copies know this by its name: that never changes.'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
            """
        ),
    )


class Versioned(models.Model):
    """A row that counts its changes, so that a save made from an older one is refused."""

    version = models.PositiveIntegerField(default=1, editable=False)

    # The fields by which links and copies of the record know a row (see `the_name_stays`).
    known_by: ClassVar[tuple[str, ...]] = ()

    @property
    def is_known(self) -> bool:
        """Whether others may know this row by its name, which therefore stays."""
        return self.pk is not None

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 -- Django's name
        """Return the words of a choice. Django's own translates all of them to find one."""
        value = getattr(self, field.attname)
        return force_str(_labels_of(field).get(value, value), strings_only=True)


@cache
def _labels_of(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)


class Editorial(Versioned):
    """A record with a state, and who brought it there and when. Actions move it, nothing else."""

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    retracted_at = models.DateTimeField(null=True, editable=False)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    retraction_reason = models.TextField(blank=True, editable=False)

    known_by: ClassVar[tuple[str, ...]] = ("slug",)

    @property
    def is_known(self) -> bool:
        """A draft may still get another name."""
        return self.state in (State.PUBLISHED, State.RETRACTED)

    @property
    def is_published(self) -> bool:
        """Whether this row itself is public; what it hangs on may still hide it."""
        return self.state == State.PUBLISHED

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="%(app_label)s_%(class)s_state_known"
            ),
            paired("submitted_at", "submitted_by"),
            paired("published_at", "published_by"),
            paired("retracted_at", "retracted_by"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review"], published_at__isnull=True)
                | Q(state__in=["published", "retracted"], published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state="retracted", retracted_at__isnull=False)
                & ~Q(retraction_reason="")
                | ~Q(state="retracted") & Q(retracted_at__isnull=True, retraction_reason=""),
                name="%(app_label)s_%(class)s_retracted_has_a_reason",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            the_name_stays("slug", once="OLD.state IN ('published', 'retracted')"),
            pgtrigger.Trigger(
                name="state_moves_forward",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=pgtrigger.Func(
                    """
                    IF (OLD.state, NEW.state) NOT IN (
                        ('draft', 'in_review'), ('in_review', 'draft'), ('draft', 'published'),
                        ('in_review', 'published'), ('published', 'retracted')
                    ) THEN
                        RAISE EXCEPTION 'A % record cannot become %.', OLD.state, NEW.state
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="only_drafts_are_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["published", "retracted"]),
                func=pgtrigger.Func(
                    """
                    RAISE EXCEPTION 'A % record is not deleted; retract it.', OLD.state
                        USING ERRCODE = 'check_violation';
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="the_author_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("created_by_id", "created_at"),
                condition=pgtrigger.Q(old__created_by_id__df=pgtrigger.F("new__created_by_id"))
                | pgtrigger.Q(old__created_at__df=pgtrigger.F("new__created_at")),
                func=pgtrigger.Func(
                    """
                    RAISE EXCEPTION 'Who wrote a record, and when, never changes.'
                        USING ERRCODE = 'check_violation';
                    """
                ),
            ),
        ]


class UnsavedWork(models.Model):
    """What a person has typed on a page of the desk and not saved yet: one row a session.

    It is no part of the record: no history, no version, and only its writer ever sees it.
    """

    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    table = models.CharField(
        max_length=100, help_text=_("Label of the model, as in pledges.Pledge.")
    )
    object_id = models.CharField(max_length=20, blank=True, help_text=_("Empty: a new row."))
    session = models.CharField(max_length=40, help_text=_("One opening of the page in one tab."))
    fields = models.JSONField(help_text=_("What the form would have sent: name, list of values."))
    seen_version = models.PositiveIntegerField(
        null=True, help_text=_("The version of the record that the page showed.")
    )
    begun_at = models.DateTimeField()
    typed_at = models.DateTimeField()

    objects = UnsavedWorkQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "unsaved work"
        indexes = [
            # Read by the daily task that forgets what is old.
            models.Index(fields=["typed_at"], name="editorial_unsaved_oldest")
        ]
        constraints = [
            # Read by every opening of a page of the desk.
            models.UniqueConstraint(
                fields=["typed_by", "table", "object_id", "session"],
                name="editorial_unsavedwork_once_a_session",
            ),
            models.CheckConstraint(
                condition=Q(typed_at__gte=models.F("begun_at")),
                name="editorial_unsavedwork_typed_after_begun",
            ),
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(
                    Length(Cast("fields", models.TextField())), LARGEST_WORK
                ),
                name="editorial_unsavedwork_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.object_id}".strip()
