from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.links import public_web_address
from promises.common.text import no_control_characters, of_a_state, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, the_name_stays
from promises.record_requests.choices import DaysCounted
from promises.record_requests.rules import MOST_DAYS, counted_due

PLAIN = [without_control_characters]


@with_history()
class RecordsLaw(Versioned):
    """A law on public records, and how long it gives an office to answer.

    `days_off` are the days that the office does not work, as listed up to `days_off_end_on`: no
    answer is counted into a time for which nobody has listed them.
    """

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    citation = models.CharField(
        _("citation"), max_length=200, validators=PLAIN, help_text=_("With the section on time.")
    )
    state = models.CharField(_("state"), max_length=2, validators=[*PLAIN, of_a_state])
    url = models.CharField(
        _("web address"), max_length=1000, blank=True, validators=[*PLAIN, public_web_address]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("Empty: the law names no number."),
    )
    days_counted = models.CharField(
        _("which days count"),
        max_length=10,
        choices=DaysCounted.choices,
        default=DaysCounted.CALENDAR,
    )
    days_off = ArrayField(
        models.DateField(),
        verbose_name=_("days off"),
        default=list,
        blank=True,
        help_text=_("Days like 2026-07-04, separated by commas."),
    )
    days_off_end_on = models.DateField(_("days off are listed up to"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, validators=PLAIN)

    known_by = ("slug",)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            no_control_characters("name", "citation", "note", "url"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(citation=""),
                name="record_requests_recordslaw_says_something",
            ),
            models.CheckConstraint(
                condition=Q(answer_days__isnull=True) | Q(answer_days__range=(1, MOST_DAYS)),
                name="record_requests_recordslaw_days_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(days_counted__in=DaysCounted.values),
                name="record_requests_recordslaw_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__iregex=r"^https?://[^/@\s]+\.[^/@\s]+"),
                name="record_requests_recordslaw_url_is_web",
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return f"{self.name} ({self.citation})"

    def counted_due(self, filed_on: date) -> date:
        """Return the day by which it wants an answer. Raises NotCounted rather than guess."""
        return counted_due(
            filed_on,
            days=self.answer_days,
            is_business=self.days_counted == DaysCounted.BUSINESS,
            days_off=self.days_off,
            days_off_end_on=self.days_off_end_on,
        )
