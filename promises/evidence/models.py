import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.dates import DatePrecision, UtcDate, in_words, known_as_precisely
from promises.common.history import with_history
from promises.common.links import public_web_address
from promises.common.text import no_control_characters, without_control_characters
from promises.common.words import words_index
from promises.editorial.models import Editorial, Versioned, no_lost_updates, the_name_stays
from promises.evidence import triggers
from promises.evidence.choices import Checked, EvidenceKind, Provenance, Stance
from promises.evidence.querysets import (
    WORDS,
    EvidenceLinkQuerySet,
    EvidenceQuerySet,
    ResultReportSourceQuerySet,
)
from promises.officials.models import ResultReport
from promises.pledges.models import Pledge

PLAIN = [without_control_characters]


@with_history(is_loaded_in_bulk=True)
class Evidence(Editorial):
    """A document or record, with our one-sentence summary of it."""

    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    title = models.CharField(_("title"), max_length=300, validators=PLAIN)
    is_title_exact = models.BooleanField(
        _("title is exact"), default=True, help_text=_("Off when the headline was not seen.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    provenance = models.CharField(_("provenance"), max_length=15, choices=Provenance.choices)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True, validators=PLAIN)
    url = models.CharField(
        _("web address"), max_length=1000, blank=True, validators=[*PLAIN, public_web_address]
    )
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        help_text=_("If only the month or year is known, its first day."),
    )
    date_precision = models.CharField(
        _("date is known to the"),
        max_length=10,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )
    summary = models.TextField(
        _("summary"), validators=PLAIN, help_text=_("One sentence in our own words.")
    )
    checked = models.CharField(
        _("how the summary was checked"), max_length=15, choices=Checked.choices
    )
    pledges = models.ManyToManyField(Pledge, through="EvidenceLink", related_name="evidence")

    objects = EvidenceQuerySet.as_manager()

    class Meta(Editorial.Meta):
        verbose_name_plural = "evidence"
        indexes = [
            # Read by the API's list, both ways.
            models.Index(
                fields=["published_on", "slug"],
                condition=Q(state="published"),
                name="evidence_by_publication",
            ),
            # Read by its filters where few have what is asked for.
            models.Index(
                fields=["kind", "provenance"],
                condition=Q(state="published"),
                name="evidence_by_kind",
            ),
            # Read by the filters and the front page of the desk.
            models.Index(
                fields=["state", "-id"], condition=~Q(state="published"), name="evidence_not_public"
            ),
            models.Index(
                fields=["created_by", "-created_at", "-id"],
                condition=Q(state="draft"),
                name="evidence_drafts",
            ),
            # Read by searches.
            words_index(*WORDS, name="evidence_words"),
            # Read by searches for a word that very many have.
            words_index(*WORDS, name="evidence_words_sample", of_sample=True),
        ]
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("title", "publisher", "url", "summary"),
            known_as_precisely("published_on", "date_precision"),
            # What readers can read here has been published before.
            models.CheckConstraint(
                condition=Q(published_on__lte=UtcDate("published_at")),
                name="evidence_evidence_published_before_it_is_cited",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values)
                & Q(provenance__in=Provenance.values)
                & Q(checked__in=Checked.values),
                name="evidence_evidence_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__iregex=r"^https?://[^/@\s]+\.[^/@\s]+"),
                name="evidence_evidence_url_is_web",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(summary=""), name="evidence_evidence_says_something"
            ),
        ]
        triggers = [
            *Editorial.Meta.triggers,
            no_lost_updates(),
            triggers.CONFLICTS_BLOCK_RETRACTING,
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def published_in_words(self) -> str:
        """The date as far as it is known, never a made-up day."""
        return in_words(self.published_on, self.date_precision)


@with_history(is_loaded_in_bulk=True)
class EvidenceLink(Versioned):
    """What one piece of evidence says about one pledge, and where in it."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="links")
    stance = models.CharField(_("stance"), max_length=15, choices=Stance.choices)
    is_source = models.BooleanField(
        _("source of the pledge"), default=False, help_text=_("The pledge was made here.")
    )
    note = models.TextField(_("note"), blank=True, validators=PLAIN)
    locator = models.CharField(
        _("where in it"),
        max_length=200,
        blank=True,
        validators=PLAIN,
        help_text=_("Page, time …"),
    )

    objects = EvidenceLinkQuerySet.as_manager()

    @property
    def in_words(self) -> str:
        """What readers read of it, in one line; its note and its place say where to look."""
        source = _("source of the pledge") if self.is_source else ""
        said = (self.get_stance_display(), source, self.evidence, self.pledge)
        return " · ".join(str(words) for words in said if words)

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_control_characters("note", "locator"),
            models.UniqueConstraint(
                fields=["pledge", "evidence"], name="evidence_link_once_per_pledge"
            ),
            models.CheckConstraint(
                condition=Q(stance__in=Stance.values), name="evidence_link_stance_known"
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("pledge", "evidence")]

    def __str__(self) -> str:
        return f"{self.evidence} {self.get_stance_display()}: {self.pledge}"


@with_history()
class ResultReportSource(models.Model):
    """Which evidence an election result was read from."""

    result_report = models.ForeignKey(ResultReport, models.CASCADE, related_name="sources")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="result_reports")

    objects = ResultReportSourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["result_report", "evidence"], name="evidence_resultreportsource_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="sources_are_kept", operation=pgtrigger.Delete),
            the_name_stays("result_report", "evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} for {self.result_report}"
