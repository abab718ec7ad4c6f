"""How pledges are watched: policies, dates and limits that editors set."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.dates import day_in_words
from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates
from promises.metrics.models import Metric
from promises.officials.models import Jurisdiction, Office
from promises.pledges.choices import Status
from promises.pledges.models import Pledge
from promises.staleness.choices import Calendar, Direction, Watch
from promises.staleness.querysets import ReviewPolicyQuerySet, WatchedQuerySet

PLAIN = [without_control_characters]
_LEVELS = ("jurisdiction", "office", "pledge")


# What lies on the desk of a service account lies there unseen.
_PEOPLE = {"is_service": False}


def person_column(words: Any, **more: Any) -> Any:
    """Return the column of a person on whose desk flags land."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=words, null=True, blank=True,
        related_name="+", **more,
    )  # fmt: skip


@with_history()
class ReviewPolicy(Versioned):
    """How pledges of one place are watched. What is empty comes from the next level up.

    The levels are pledge, office, jurisdiction, site; within each the row for the pledge's rating
    comes before the row for all ratings. Days that no level sets are never due.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    pledge = models.ForeignKey(Pledge, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(
        _("status"), max_length=15, choices=Status.choices, blank=True,
        help_text=_("Empty: whatever the rating."),
    )  # fmt: skip
    watch = models.CharField(_("watch"), max_length=10, choices=Watch.choices, blank=True)
    paused_on = models.DateField(_("paused since"), null=True, blank=True)
    pause_reason = models.CharField(
        _("why it is paused"), max_length=300, blank=True, validators=PLAIN,
        help_text=_("Everyone can read it: “no longer updated since …, because …”."),
    )  # fmt: skip
    days_in_term = models.PositiveSmallIntegerField(
        _("days while the term runs"), null=True, blank=True
    )
    days_after_term = models.PositiveSmallIntegerField(
        _("days once the term is over"), null=True, blank=True
    )
    warn_days = models.PositiveSmallIntegerField(
        _("days of warning before it is due"), null=True, blank=True
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace before it is flagged"), null=True, blank=True
    )
    calendar = models.CharField(
        _("which days count"), max_length=10, choices=Calendar.choices, blank=True
    )
    owner = person_column(_("whose desk flags land on"), limit_choices_to=_PEOPLE)
    escalation_days = models.PositiveSmallIntegerField(
        _("days until a flag is escalated"), null=True, blank=True
    )
    escalation_to = person_column(_("whom it is escalated to"), limit_choices_to=_PEOPLE)

    objects = ReviewPolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "review policies"
        ordering = ["pk"]
        constraints = [
            no_control_characters("pause_reason"),
            models.UniqueConstraint(
                fields=[*_LEVELS, "status"], nulls_distinct=False, name="staleness_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["", *Status.values])
                & Q(watch__in=["", *Watch.values])
                & Q(calendar__in=["", *Calendar.values]),
                name="staleness_policy_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(jurisdiction=None, office=None)
                | Q(jurisdiction=None, pledge=None)
                | Q(office=None, pledge=None),
                name="staleness_policy_of_one_level",
            ),
            models.CheckConstraint(
                condition=Q(watch="paused", paused_on__isnull=False) & ~Q(pause_reason="")
                | ~Q(watch="paused") & Q(paused_on__isnull=True, pause_reason=""),
                name="staleness_policy_pause_is_explained",
            ),
        ]
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        status = self.get_status_display() or _("whatever the status")
        return f"{self.level}: {status}"

    @property
    def level(self) -> str:
        """The place it holds for."""
        return str(self.pledge or self.office or self.jurisdiction or _("the whole site"))


class Watched(models.Model):
    """The policy in force for one pledge, resolved over all levels: a view, no table."""

    pledge = models.OneToOneField(
        Pledge, models.DO_NOTHING, primary_key=True, related_name="watched"
    )
    watch = models.CharField(_("watch"), max_length=10, choices=Watch.choices)
    paused_on = models.DateField(_("paused since"), null=True)
    pause_reason = models.CharField(_("why it is paused"), max_length=300)
    last_look = models.DateField(_("last look"), null=True)
    policy_due_on = models.DateField(_("due by policy on"), null=True)
    warn_on = models.DateField(_("warned of from"), null=True)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "staleness_effective"
        verbose_name = _("policy in force")
        verbose_name_plural = _("policies in force")

    def __str__(self) -> str:
        return f"{self.pledge}: {self.get_watch_display()}"


@with_history()
class ReviewBy(Versioned):
    """A day by which an editor wants a pledge looked at again. The next look ends it."""

    pledge = models.OneToOneField(Pledge, models.PROTECT, related_name="review_by")
    review_by_on = models.DateField(_("look again by"))
    reason = models.TextField(_("why"), validators=PLAIN)
    set_at = models.DateTimeField(_("set at"), editable=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name_plural = "review-by dates"
        # Read by the list on the desk.
        indexes = [models.Index(fields=["review_by_on", "id"], name="staleness_review_by_in_order")]
        constraints = [
            no_control_characters("reason"),
            models.CheckConstraint(condition=~Q(reason=""), name="staleness_reviewby_says_why"),
        ]
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return f"{self.pledge}: {day_in_words(self.review_by_on)}"


@with_history()
class MetricLimit(Versioned):
    """The value from which a figure calls for another look at a pledge it bears on."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="metric_limits")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="limits")
    direction = models.CharField(_("direction"), max_length=5, choices=Direction.choices)
    value = models.DecimalField(_("limit"), max_digits=16, decimal_places=4)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "metric", "direction"], name="staleness_metriclimit_once"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values),
                name="staleness_metriclimit_direction_known",
            ),
        ]
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return f"{self.metric}: {self.get_direction_display()} {self.value}"
