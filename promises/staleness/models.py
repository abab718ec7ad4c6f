from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, paired
from promises.pledges.choices import Status
from promises.pledges.models import Pledge
from promises.staleness.choices import CLEARED_BY, ClosedBecause, StaleReason
from promises.staleness.querysets import DueQuerySet, StaleFlagQuerySet


@with_history()
class ReviewPolicy(Versioned):
    """How soon someone looks again at a pledge with a given rating. Empty: off, but visible."""

    status = models.CharField(_("status"), max_length=15, choices=Status.choices, unique=True)
    days_in_term = models.PositiveSmallIntegerField(
        _("days while the term runs"), null=True, blank=True
    )
    days_after_term = models.PositiveSmallIntegerField(
        _("days once the term is over"), null=True, blank=True
    )

    class Meta:
        verbose_name_plural = "review policies"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="staleness_policy_status_known"
            )
        ]
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return self.get_status_display()


class Due(models.Model):
    """One reason why a pledge is stale from `due_on` on: a view over stored dates, no table.

    It says what is true now. Flags are the memory of it: who was told, who looked.
    """

    id = models.TextField(primary_key=True)
    pledge = models.ForeignKey(Pledge, models.DO_NOTHING, related_name="+")
    reason = models.CharField(max_length=20, choices=StaleReason.choices)
    due_on = models.DateField()

    objects = DueQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "staleness_due"

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.reason} {self.due_on}"

    @property
    def cleared_by(self) -> str:
        """What a person can do about it."""
        return str(CLEARED_BY[StaleReason(self.reason)])

    def days_on(self, day: date) -> int:
        """Return for how many days it has been due."""
        return (day - self.due_on).days


@with_history()
class StaleFlag(models.Model):
    """One episode of staleness: opened when due, handed to a person, closed by what clears it."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="stale_flags")
    reason = models.CharField(_("reason"), max_length=20, choices=StaleReason.choices)
    stale_since = models.DateField(_("stale since"), help_text=_("When it became due."))
    opened_at = models.DateTimeField(_("found at"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stale_flags",
    )
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    snooze_reason = models.TextField(
        _("why it is snoozed"), blank=True, validators=[without_control_characters]
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    closed_because = models.CharField(
        max_length=15, choices=ClosedBecause.choices, blank=True, editable=False
    )

    objects = StaleFlagQuerySet.as_manager()

    class Meta:
        ordering = ["stale_since", "pk"]
        indexes = [
            # Read by the desk: what is open and mine.
            models.Index(
                fields=["assigned_to", "stale_since"],
                condition=Q(closed_at__isnull=True),
                name="staleness_open_by_assignee",
            ),
        ]
        constraints = [
            no_control_characters("snooze_reason"),
            paired("closed_at", "closed_by"),
            # The heart of the sweep: it may run late, doubled or twice and finds its own row.
            models.UniqueConstraint(
                fields=["pledge", "reason"],
                condition=Q(closed_at__isnull=True),
                name="staleness_one_open_episode",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=StaleReason.values), name="staleness_flag_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_because="")
                | Q(closed_at__isnull=False, closed_because__in=ClosedBecause.values),
                name="staleness_flag_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | ~Q(snooze_reason=""),
                name="staleness_flag_snoozed_for_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closed_episodes_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
                func=pgtrigger.Func(
                    "RAISE EXCEPTION 'A closed episode stays as it is.'"
                    " USING ERRCODE = 'check_violation';"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pledge}: {self.get_reason_display()}"


class Sweep(models.Model):
    """One finished run of the sweep. The newest says whether the heart still beats."""

    swept_for = models.DateTimeField(_("moment it swept for"))
    finished_at = models.DateTimeField(_("finished at"), auto_now_add=True)
    opened = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()

    class Meta:
        get_latest_by = "finished_at"
        indexes = [models.Index(fields=["-finished_at"], name="staleness_newest_sweep")]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M}: {self.opened} opened, {self.closed} closed"
