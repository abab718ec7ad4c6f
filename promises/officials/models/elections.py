"""Votes on offices, who stood in them, and what was reported of them."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from promises.common.dates import day_in_words
from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, the_name_stays
from promises.officials import triggers
from promises.officials.choices import ElectionOutcome, ReportStatus
from promises.officials.models.people import Office, Person
from promises.officials.querysets import CandidacyQuerySet

PLAIN = [without_control_characters]
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


@with_history()
class Election(Versioned):
    """One vote on one office. Its results are the reports of it, in the order they came."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="elections")
    held_on = models.DateField(_("held on"))
    stage = models.CharField(_("stage"), max_length=100, validators=PLAIN)
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=ElectionOutcome.choices, blank=True
    )
    note = models.TextField(_("note"), blank=True, validators=PLAIN)

    known_by = ("slug",)

    class Meta:
        ordering = ["-held_on", "slug"]
        constraints = [
            no_control_characters("stage", "note"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *ElectionOutcome.values]),
                name="officials_election_outcome_known",
            ),
            models.UniqueConstraint(
                fields=["office", "held_on", "stage"], name="officials_election_unique"
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("slug")]

    def __str__(self) -> str:
        return f"{self.office}, {day_in_words(self.held_on)} ({self.stage})"


@with_history()
class Candidacy(Versioned):
    """One person standing in one election."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="candidacies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies")
    party = models.CharField(_("party"), max_length=100, blank=True, validators=PLAIN)
    is_winner = models.BooleanField(_("winner"), default=False)

    objects = CandidacyQuerySet.as_manager()

    known_by = ("election", "person")

    class Meta:
        verbose_name_plural = "candidacies"
        ordering = ["election_id", "-is_winner", "pk"]
        constraints = [
            no_control_characters("party"),
            models.UniqueConstraint(
                fields=["election", "person"], name="officials_candidacy_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=Q(is_winner=True),
                name="officials_candidacy_one_winner",
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("election", "person")]

    def __str__(self) -> str:
        return f"{self.person} in {self.election}"


@with_history()
class ResultReport(Versioned):
    """A result as it was reported at one moment. It never changes; later reports follow it."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="result_reports")
    position = models.PositiveSmallIntegerField(_("order in which it was reported"))
    as_of = models.CharField(_("as of"), max_length=200, validators=PLAIN)
    status = models.CharField(_("status"), max_length=20, choices=ReportStatus.choices)
    precincts_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    winner_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    winner_percent_is_minimum = models.BooleanField(_("at least this share"), default=False)
    runner_up_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    winner_votes = models.PositiveIntegerField(null=True, blank=True)
    runner_up_votes = models.PositiveIntegerField(null=True, blank=True)
    votes_are_approximate = models.BooleanField(_("votes are approximate"), default=False)
    total_votes = models.PositiveIntegerField(null=True, blank=True)
    margin_votes = models.PositiveIntegerField(null=True, blank=True)
    margin_points = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )

    known_by = ("election", "position")

    class Meta:
        ordering = ["election_id", "position"]
        constraints = [
            no_control_characters("as_of"),
            models.UniqueConstraint(
                fields=["election", "position"], name="officials_resultreport_position_unique"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReportStatus.values),
                name="officials_resultreport_status_known",
            ),
            models.CheckConstraint(
                condition=Q(winner_percent__isnull=True)
                | Q(runner_up_percent__isnull=True)
                | Q(winner_percent__lte=100 - F("runner_up_percent")),
                name="officials_resultreport_shares_fit",
            ),
        ]
        triggers = [
            no_lost_updates(),
            the_name_stays("election", "position"),
            pgtrigger.Protect(name="reports_are_kept", operation=pgtrigger.Delete),
            triggers.REPORTS_STAY_AS_THEY_CAME,
        ]

    def __str__(self) -> str:
        return f"{self.election}: {self.as_of}"
