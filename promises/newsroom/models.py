from datetime import date
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from promises.common.dates import moment_in_words
from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import paired
from promises.evidence.models import Evidence
from promises.newsroom import triggers
from promises.newsroom.choices import LIVE_OUTCOMES, CommentKind, Ending, Outcome, Task
from promises.newsroom.querysets import (
    POINTERS,
    AssignmentQuerySet,
    CommentQuerySet,
    EmbargoQuerySet,
    PlannedPublicationQuerySet,
)
from promises.newsroom.rules import LONGEST_COMMENT, Urgency, urgency
from promises.pledges.models import Pledge
from promises.updates.models import StatusUpdate

PLAIN = [without_control_characters]
Item = Pledge | Evidence | StatusUpdate


def _points_to(pointer: str) -> Q:
    """Return the condition that this foreign key is filled and the others are empty."""
    return Q(**{f"{name}__isnull": name != pointer for name in POINTERS.values()})


def one_live(condition: Q, name: str, *also: str) -> models.UniqueConstraint:
    """Return the rule that an item has one such row at most, for each value of `also`."""
    return models.UniqueConstraint(
        fields=[*POINTERS.values(), *also], condition=condition, nulls_distinct=False, name=name
    )


class AboutItem(models.Model):
    """A row that hangs on exactly one pledge, piece of evidence or status update.

    It goes when a draft is deleted, and is otherwise kept. Nothing of it is ever public.
    """

    pledge = models.ForeignKey(Pledge, models.CASCADE, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, blank=True, related_name="+")
    status_update = models.ForeignKey(
        StatusUpdate, models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_points_to("pledge")
                | _points_to("evidence")
                | _points_to("status_update"),
                name="%(app_label)s_%(class)s_is_about_one_item",
            )
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [triggers.GOES_ONLY_WITH_ITS_ITEM]

    @property
    def item(self) -> Item:
        """What it hangs on."""
        found = self.pledge or self.evidence or self.status_update
        assert found is not None
        return found


@with_history()
class Comment(AboutItem):
    """One remark in the discussion of an item. Said is said: it is never changed."""

    kind = models.CharField(max_length=10, choices=CommentKind.choices, default=CommentKind.COMMENT)
    text = models.TextField(_("comment"), validators=[*PLAIN, MaxLengthValidator(LONGEST_COMMENT)])
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written at"))

    objects = CommentQuerySet.as_manager()

    class Meta(AboutItem.Meta):
        constraints = [
            *AboutItem.Meta.constraints,
            no_control_characters("text"),
            models.CheckConstraint(
                condition=Q(kind__in=CommentKind.values), name="newsroom_comment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"), name="newsroom_comment_says_something"
            ),
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(Length("text"), LONGEST_COMMENT),
                name="newsroom_comment_fits",
            ),
        ]
        triggers = [*AboutItem.Meta.triggers, triggers.COMMENTS_STAY]

    def __str__(self) -> str:
        return f"{self.written_by}, {moment_in_words(self.written_at)}"


@with_history()
class Assignment(AboutItem):
    """Someone is asked to do something with an item, perhaps by a day."""

    task = models.CharField(_("task"), max_length=10, choices=Task.choices)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, validators=PLAIN)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("assigned at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    ending = models.CharField(
        _("how it ended"), max_length=10, choices=Ending.choices, blank=True, editable=False
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta(AboutItem.Meta):
        indexes = [
            # Read by the front page of the desk: what is mine, the most urgent first.
            models.Index(
                fields=["assigned_to", "due_on"],
                condition=Q(ended_at__isnull=True),
                name="newsroom_open_assignments",
            )
        ]
        constraints = [
            *AboutItem.Meta.constraints,
            no_control_characters("note"),
            paired("ended_at", "ended_by"),
            one_live(Q(ended_at__isnull=True), "newsroom_one_assignment_a_person", "assigned_to"),
            models.CheckConstraint(
                condition=Q(task__in=Task.values), name="newsroom_assignment_task_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__isnull=False, ending__in=Ending.values),
                name="newsroom_assignment_says_how_it_ended",
            ),
        ]
        triggers = [
            *AboutItem.Meta.triggers,
            triggers.WORK_IS_GIVEN_TO_PEOPLE,
            triggers.WHAT_ENDED_STAYS,
        ]

    def __str__(self) -> str:
        return f"{self.assigned_to}: {self.get_task_display()}"

    def urgency_on(self, day: date) -> Urgency:
        """Return how soon it is due, seen from a day."""
        return urgency(self.due_on, day)


@with_history()
class PlannedPublication(AboutItem):
    """An item is to be published at a moment, in the name of who planned it.

    `outcome` is empty while it is to come. Set aside means: its time came, and the rules refused
    it for `reason`; someone plans it anew or cancels it.
    """

    publish_at = models.DateTimeField(_("publish at"))
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("planned at"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True, editable=False
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)

    objects = PlannedPublicationQuerySet.as_manager()

    class Meta(AboutItem.Meta):
        indexes = [
            # Read three times a minute by the task that publishes: what is due, in order.
            models.Index(
                fields=["publish_at", "id"], condition=Q(outcome=""), name="newsroom_plans_to_come"
            )
        ]
        constraints = [
            *AboutItem.Meta.constraints,
            paired("ended_at", "ended_by"),
            one_live(Q(outcome__in=LIVE_OUTCOMES), "newsroom_one_plan_an_item"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True)
                | Q(outcome__in=Outcome.values, ended_at__isnull=False),
                name="newsroom_plan_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.SET_ASIDE) | ~Q(reason=""),
                name="newsroom_plan_set_aside_for_a_reason",
            ),
        ]
        triggers = [*AboutItem.Meta.triggers, triggers.CLOSED_PLANS_STAY]

    def __str__(self) -> str:
        return f"{self.item}, {moment_in_words(self.publish_at)}"


@with_history()
class Embargo(AboutItem):
    """Until `ends_at` nobody can publish the item, by any door; the database sees to it."""

    ends_at = models.DateTimeField(_("ends at"))
    reason = models.TextField(_("reason"), validators=PLAIN)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set at"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    lift_reason = models.TextField(_("why it was lifted"), blank=True, editable=False)

    objects = EmbargoQuerySet.as_manager()

    class Meta(AboutItem.Meta):
        verbose_name_plural = "embargoes"
        constraints = [
            *AboutItem.Meta.constraints,
            no_control_characters("reason", "lift_reason"),
            paired("lifted_at", "lifted_by"),
            one_live(Q(lifted_at__isnull=True), "newsroom_one_embargo_an_item"),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="newsroom_embargo_says_something"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lift_reason__regex=r"\S"),
                name="newsroom_embargo_lifted_for_a_reason",
            ),
        ]
        triggers = [
            *AboutItem.Meta.triggers,
            triggers.LIFTED_EMBARGOES_STAY,
            triggers.NO_EMBARGO_ON_WHAT_IS_PUBLIC,
        ]

    def __str__(self) -> str:
        return f"{self.item}, {moment_in_words(self.ends_at)}"
