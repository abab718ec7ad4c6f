from datetime import timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from promises.common.dates import DatePrecision, day_in_words, in_words, known_as_precisely
from promises.common.history import never_truncated, with_history
from promises.common.links import public_web_address
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import (
    Editorial,
    Versioned,
    no_lost_updates,
    paired,
    the_name_stays,
)
from promises.metrics.choices import Period
from promises.metrics.querysets import (
    MetricAnnotationQuerySet,
    MetricPledgeQuerySet,
    MetricQuerySet,
    ObservationQuerySet,
)
from promises.metrics.rules import (
    BEGINS_ELSEWHERE,
    FROM_ANY_DAY,
    FROM_THE_FIRST,
    PUBLISHED_TOO_EARLY,
)
from promises.officials.models import Jurisdiction
from promises.pledges.models import Pledge

PLAIN = [without_control_characters]
LINK = [*PLAIN, public_web_address]
# The columns of a value that may change, once.
_RETRACTION = "ARRAY['retracted_at', 'retracted_by_id', 'retraction_reason']"
# Django asks checks of values, too, and an empty one has no type of its own there.
_OBSERVED, _VINTAGE = (Cast(name, models.DateField()) for name in ("observed_on", "vintage_on"))
_DAY_AFTER = models.ExpressionWrapper(_OBSERVED + timedelta(days=1), models.DateField())


def _month(day: Cast) -> Any:
    """Return the number of the month of a day, counted over all years."""
    return ExtractYear(day) * 12 + ExtractMonth(day)


@with_history()
class MetricSource(Versioned):
    """Where figures come from, and what may be done with them."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    publisher = models.CharField(_("publisher"), max_length=200, validators=PLAIN)
    landing_url = models.CharField(max_length=1000, blank=True, validators=LINK)
    repository_url = models.CharField(max_length=1000, blank=True, validators=LINK)
    taken_from = models.TextField(_("taken from"), blank=True, validators=PLAIN)
    licence = models.CharField(_("licence"), max_length=200, blank=True, validators=PLAIN)
    cadence = models.CharField(_("how often it changes"), max_length=200, blank=True)
    redistribution = models.CharField(max_length=200, blank=True, validators=PLAIN)

    known_by = ("slug",)

    class Meta:
        ordering = ["slug"]
        constraints = [no_control_characters("publisher", "taken_from", "licence", "cadence")]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return self.publisher

    @property
    def addresses(self) -> list[str]:
        """Where it can be read on the web."""
        return [url for url in (self.landing_url, self.repository_url) if url]


@with_history()
class Metric(Editorial):
    """A series of figures for one jurisdiction that bears on pledges."""

    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="metrics")
    key = models.CharField(_("key"), max_length=120, validators=PLAIN)
    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    unit = models.CharField(_("unit"), max_length=60, validators=PLAIN)
    description = models.TextField(_("description"), blank=True, validators=PLAIN)
    reading = models.TextField(
        _("how to read it"), blank=True, validators=PLAIN, help_text=_("Which way is which.")
    )
    pledges = models.ManyToManyField(Pledge, through="MetricPledge", related_name="metrics")

    objects = MetricQuerySet.as_manager()

    class Meta(Editorial.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("key", "name", "unit", "description", "reading"),
            models.UniqueConstraint(
                fields=["jurisdiction", "key"], name="metrics_metric_key_once_per_place"
            ),
        ]
        triggers = [*Editorial.Meta.triggers, no_lost_updates()]

    def __str__(self) -> str:
        return self.name


@with_history()
class MetricPledge(models.Model):
    """A metric bears on a pledge."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="metric_pledges")
    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="metric_pledges")

    objects = MetricPledgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["metric", "pledge"], name="metrics_metricpledge_once")
        ]
        triggers = [the_name_stays("metric", "pledge")]

    def __str__(self) -> str:
        return f"{self.metric}: {self.pledge}"


@with_history()
class MetricAnnotation(Versioned):
    """A stretch of time in which figures mean something else: closed courts, a new way to count.

    It is marked on the chart of its metric, or on every chart when it names none.
    """

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    metric = models.ForeignKey(
        Metric,
        models.PROTECT,
        related_name="annotations",
        null=True,
        blank=True,
        help_text=_("Leave empty for all metrics."),
    )
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), help_text=_("The last day."))
    text = models.CharField(
        _("what is different"), max_length=200, validators=PLAIN, help_text=_("A few plain words.")
    )
    source = models.CharField(_("source"), max_length=300, validators=PLAIN)
    source_url = models.CharField(
        _("where it can be read"), max_length=1000, blank=True, validators=LINK
    )
    is_shown = models.BooleanField(_("shown on charts"), default=True)

    objects = MetricAnnotationQuerySet.as_manager()

    known_by = ("slug",)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            no_control_characters("text", "source"),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="metrics_metricannotation_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(source=""),
                name="metrics_metricannotation_says_what_and_where_from",
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return f"{self.text} ({day_in_words(self.from_on)} to {day_in_words(self.to_on)})"


class Observation(models.Model):
    """One value of a metric as published on one date. Offices rewrite their history; we keep it.

    A value published later is a new row with a later vintage, never a change of this one. One that
    was never published so, a slip of ours, is retracted: it stays, with the reason.
    """

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="observations")
    observed_on = models.DateField(_("first day of the period"))
    period = models.CharField(_("period"), max_length=15, choices=Period.choices)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    vintage_on = models.DateField(_("published on"))
    vintage_precision = models.CharField(
        _("date is known to the"),
        max_length=10,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )
    source = models.CharField(_("source"), max_length=200, validators=PLAIN)
    retracted_at = models.DateTimeField(null=True, editable=False)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    # Programs of the version before add values too, while an upgrade is under way.
    retraction_reason = models.TextField(blank=True, db_default="", editable=False)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["metric_id", "observed_on", "vintage_on", "pk"]
        indexes = [
            # Read for each pledge that a metric bears on: when it last had a new value.
            models.Index(fields=["metric", "-vintage_on", "-id"], name="metrics_newest_vintage")
        ]
        constraints = [
            no_control_characters("source"),
            known_as_precisely("vintage_on", "vintage_precision"),
            models.UniqueConstraint(
                fields=["metric", "observed_on", "period", "vintage_on", "source"],
                condition=Q(retracted_at__isnull=True),
                name="metrics_observation_once_per_vintage",
                violation_error_message=_(
                    "A value of this period, published on that day by that source, is here already."
                ),
            ),
            paired("retracted_at", "retracted_by"),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True, retraction_reason="")
                | Q(retracted_at__isnull=False) & ~Q(retraction_reason=""),
                name="metrics_observation_retracted_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(period__in=Period.values), name="metrics_observation_period_known"
            ),
            # What stood here before these two rules and breaks them can still be retracted.
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=False)
                | Q(period__in=FROM_ANY_DAY)
                | Q(period__in=FROM_THE_FIRST) & Q(Exact(ExtractDay(_OBSERVED), 1))
                | Q(period=Period.QUARTER_END) & Q(Exact(ExtractDay(_DAY_AFTER), 1)),
                name="metrics_observation_begins_with_its_period",
                violation_error_message=BEGINS_ELSEWHERE,
            ),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=False)
                | Q(vintage_on__gte=F("observed_on"))
                | Q(vintage_precision=DatePrecision.MONTH)
                & Q(GreaterThanOrEqual(_month(_VINTAGE), _month(_OBSERVED)))
                | Q(vintage_precision=DatePrecision.YEAR)
                & Q(GreaterThanOrEqual(ExtractYear(_VINTAGE), ExtractYear(_OBSERVED))),
                name="metrics_observation_published_after_it_began",
                violation_error_message=PUBLISHED_TOO_EARLY,
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="vintages_are_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(
                    f"""
                    IF TG_OP = 'UPDATE' AND OLD.retracted_at IS NULL
                        AND NEW.retracted_at IS NOT NULL
                        AND to_jsonb(NEW) - {_RETRACTION} = to_jsonb(OLD) - {_RETRACTION}
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'A value stays as it was published. It is retracted at most.'
                        USING ERRCODE = 'check_violation';
                    """
                ),
            ),
            never_truncated(),
        ]

    def __str__(self) -> str:
        begins = day_in_words(self.observed_on)
        return f"{self.metric} {begins}: {self.value_in_words} ({self.vintage_in_words})"

    @property
    def value_in_words(self) -> str:
        """The value as people write it: "37,509", "12.5"."""
        return f"{Decimal(self.value).normalize():,f}"

    @property
    def vintage_in_words(self) -> str:
        """The date of publication as far as it is known."""
        return in_words(self.vintage_on, self.vintage_precision)
