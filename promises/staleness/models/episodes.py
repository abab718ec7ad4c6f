"""Episodes of staleness, the sweeps that found them, and the heartbeats that were missed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.dates import DatePrecision, in_words, moment_in_words
from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import paired, the_name_stays
from promises.pledges.models import Pledge
from promises.staleness import triggers
from promises.staleness.choices import ClosedBecause, Heartbeat, StaleReason
from promises.staleness.models.due import Explained
from promises.staleness.models.policies import person_column
from promises.staleness.querysets import (
    LapseQuerySet,
    SourceBeatQuerySet,
    StaleFlagQuerySet,
    SweepQuerySet,
)


@with_history(is_by_statement=True)
class StaleFlag(Explained, models.Model):
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
    # What it rests on, as the sweep last found it: dates and numbers (promises.staleness.reasons).
    facts = models.JSONField(default=dict, editable=False)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, editable=False)
    escalated_to = person_column(_("escalated to"))
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
            # Read by the desk: what is open and mine, what is open, and what ever was.
            models.Index(
                fields=["assigned_to", "stale_since", "id"],
                condition=Q(closed_at__isnull=True),
                name="staleness_open_by_assignee",
            ),
            models.Index(
                fields=["stale_since", "id"],
                condition=Q(closed_at__isnull=True),
                name="staleness_open_oldest",
            ),
            models.Index(
                fields=["stale_since", "id"],
                condition=Q(closed_at__isnull=True, snoozed_until__isnull=False),
                name="staleness_snoozed",
            ),
            models.Index(fields=["stale_since", "id"], name="staleness_oldest"),
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
            the_name_stays("pledge", "reason", "opened_at"),
            triggers.CLOSED_EPISODES_STAY,
            triggers.NOTICE_OF_A_NEW_EPISODE,
            triggers.NOTICE_OF_A_CHANGE_OF_HANDS,
        ]

    def __str__(self) -> str:
        return f"{self.pledge}: {self.get_reason_display()}"


class Sweep(models.Model):
    """One finished run of the sweep. The newest says whether the heart still beats."""

    swept_for = models.DateTimeField(_("moment it swept for"))
    finished_at = models.DateTimeField(_("finished at"))
    opened = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()

    objects = SweepQuerySet.as_manager()

    class Meta:
        get_latest_by = "finished_at"
        indexes = [models.Index(fields=["-finished_at"], name="staleness_newest_sweep")]

    def __str__(self) -> str:
        return f"{moment_in_words(self.finished_at)}: {self.opened} opened, {self.closed} closed"


class SourceBeat(models.Model):
    """When a source of figures last published a value, and when it counts as silent.

    The database counts along: nobody writes it.
    """

    # As the values name it, up to the first slash: the slug of a MetricSource.
    slug = models.CharField(max_length=200, unique=True)
    newest_on = models.DateField(_("newest figures"))
    newest_precision = models.CharField(
        _("known to the"),
        max_length=7,
        choices=DatePrecision,
        default=DatePrecision.DAY,
        db_default=DatePrecision.DAY,
    )
    # Empty while it need not speak: its rhythm is not known, or it never had one.
    silent_on = models.DateField(_("silent from"), null=True)

    objects = SourceBeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.slug}: {self.newest_in_words}"

    @property
    def newest_in_words(self) -> str:
        """When the newest figures were published, as far as it is known."""
        return in_words(self.newest_on, self.newest_precision)


@with_history()
class Lapse(models.Model):
    """One episode in which a heartbeat stayed away: no sweep ran, or a source fell silent."""

    heartbeat = models.CharField(_("heartbeat"), max_length=10, choices=Heartbeat.choices)
    # Of a source: its slug.
    name = models.CharField(_("of"), max_length=200, blank=True)
    silent_since = models.DateTimeField(_("silent since"))
    found_at = models.DateTimeField(_("found at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = LapseQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["heartbeat", "name"],
                condition=Q(ended_at__isnull=True),
                name="staleness_one_open_lapse",
            ),
            # Beats and sweeps note it at the same time: whoever comes late notes what has ended.
            models.UniqueConstraint(
                fields=["silent_since"],
                condition=Q(heartbeat=Heartbeat.SWEEP),
                name="staleness_one_lapse_of_a_sweep",
            ),
            models.CheckConstraint(
                condition=Q(heartbeat__in=Heartbeat.values), name="staleness_lapse_heartbeat_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_heartbeat_display()} {self.name}".strip()
