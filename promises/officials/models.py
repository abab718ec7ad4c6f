import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.common.words import words_index
from promises.editorial.models import Editorial, Versioned, no_lost_updates
from promises.officials.choices import ElectionOutcome, EndReason, ReportStatus
from promises.officials.querysets import CandidacyQuerySet, PersonQuerySet, TermQuerySet
from promises.officials.standing import ConflictOfInterest, Partnership

__all__ = [
    "Candidacy",
    "ConflictOfInterest",
    "Election",
    "Jurisdiction",
    "Office",
    "Partnership",
    "Person",
    "ResultReport",
    "Term",
]

PLAIN = [without_control_characters]
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


@with_history()
class Jurisdiction(Versioned):
    """Where an office has power (Popolo: area)."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    kind = models.CharField(
        _("kind"), max_length=60, validators=PLAIN, help_text=_("County, city, district …")
    )
    state = models.CharField(_("state"), max_length=2, validators=PLAIN)
    fips = models.CharField(_("FIPS code"), max_length=5, blank=True, validators=PLAIN)
    note = models.TextField(_("note"), blank=True, validators=PLAIN)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [no_control_characters("name", "kind", "note")]
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return self.name


@with_history()
class Office(Versioned):
    """A post that someone is elected to (Popolo: organization and post)."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200, validators=PLAIN)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="offices")
    term_years = models.PositiveSmallIntegerField(_("length of a term in years"))
    selection = models.CharField(_("how it is filled"), max_length=100, validators=PLAIN)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            no_control_characters("title", "selection"),
            models.CheckConstraint(
                condition=Q(term_years__range=(1, 12)), name="officials_office_term_years_sane"
            ),
        ]
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return self.title


@with_history()
class Person(Editorial):
    """An official or a candidate (Popolo: person). Public conduct only."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    party_at_election = models.CharField(
        _("party at the election"), max_length=100, blank=True, validators=PLAIN
    )
    background = models.TextField(
        _("background"), blank=True, validators=PLAIN, help_text=_("One neutral sentence.")
    )

    objects = PersonQuerySet.as_manager()

    class Meta(Editorial.Meta):
        verbose_name_plural = "people"
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("name", "party_at_election", "background"),
        ]
        indexes = [
            # Read by lists in order of names, and by searches of the desk.
            models.Index(fields=["name", "id"], name="officials_person_by_name"),
            words_index("name", "slug", name="officials_person_words"),
        ]
        triggers = [*Editorial.Meta.triggers, no_lost_updates()]

    def __str__(self) -> str:
        return self.name


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
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return f"{self.office}, {self.held_on} ({self.stage})"


@with_history()
class Candidacy(Versioned):
    """One person standing in one election."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="candidacies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies")
    party = models.CharField(_("party"), max_length=100, blank=True, validators=PLAIN)
    is_winner = models.BooleanField(_("winner"), default=False)

    objects = CandidacyQuerySet.as_manager()

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
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return f"{self.person} in {self.election}"


@with_history()
class ResultReport(Versioned):
    """A result as it was reported at one moment. Later reports follow; none replaces another."""

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
            pgtrigger.Protect(name="reports_are_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.election}: {self.as_of}"


@with_history()
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

    objects = TermQuerySet.as_manager()

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
        triggers = [no_lost_updates()]

    def __str__(self) -> str:
        return f"{self.person}, {self.office}, from {self.started_on:%Y}"
