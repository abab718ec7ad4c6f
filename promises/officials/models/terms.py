"""Who was in an office from when to when."""

from collections.abc import Collection

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, the_name_stays
from promises.officials import triggers
from promises.officials.choices import EndReason
from promises.officials.models.elections import Election
from promises.officials.models.people import Office, Person
from promises.officials.querysets import TermQuerySet

PLAIN = [without_control_characters]


@with_history(leaving_out={"is_withdrawn"})
class Term(Versioned):
    """One person's time in one office (Popolo: membership). It may end early, with a reason."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="terms")
    office = models.ForeignKey(Office, models.PROTECT, related_name="terms")
    election = models.ForeignKey(
        Election, models.PROTECT, related_name="terms", null=True, blank=True
    )
    started_on = models.DateField(_("started on"))
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("First day no longer in office.")
    )
    end_reason = models.CharField(
        _("why it ended"), max_length=20, choices=EndReason.choices, blank=True
    )
    successor = models.ForeignKey(
        Person, models.PROTECT, related_name="succeeded", null=True, blank=True
    )
    note = models.TextField(_("note"), blank=True, validators=PLAIN)

    # Derived: its person was withdrawn. Whoever never held an office keeps nobody out of it.
    is_withdrawn = models.BooleanField(default=False, db_default=False, editable=False)

    objects = TermQuerySet.as_manager()

    known_by = ("slug",)

    class Meta:
        ordering = ["-started_on", "slug"]
        constraints = [
            no_control_characters("note"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("started_on")),
                name="officials_term_ends_after_it_started",
            ),
            models.CheckConstraint(
                condition=Q(end_reason="")
                | Q(end_reason__in=EndReason.values, ends_on__isnull=False),
                name="officials_term_end_reason_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("person")),
                name="officials_term_successor_is_another",
            ),
            # GiST without btree_gist: the office as a range of one.
            ExclusionConstraint(
                name="officials_term_one_holder_at_a_time",
                condition=Q(is_withdrawn=False),
                expressions=[
                    (
                        Func(
                            F("office"),
                            F("office"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("started_on"),
                            F("ends_on"),
                            RangeBoundary(),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [
            no_lost_updates(leaving_out={"is_withdrawn"}),
            the_name_stays("slug"),
            triggers.WITHDRAWN_WITH_THEIR_PERSON,
            triggers.TERMS_WITH_PLEDGES_KEEP_THEIR_PERSON,
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.office}, from {self.started_on:%Y}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Ask for all of them. A form leaves out what nobody types, and Django then fails.

        Days in the wrong order are no range: who else held the office then cannot be asked.
        """
        left_out = {*(exclude or ())} - {"is_withdrawn"}
        if self.started_on and self.ends_on and self.ends_on < self.started_on:
            left_out.add("office")
        super().validate_constraints(left_out)
