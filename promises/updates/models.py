import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.dates import DatePrecision, day_in_words, utc_date
from promises.common.history import never_truncated, with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Editorial, no_lost_updates, the_name_stays
from promises.evidence.models import Evidence
from promises.pledges.choices import Confidence, Status
from promises.pledges.models import Pledge
from promises.updates import conflict_triggers, indexes, triggers
from promises.updates.choices import CorrectionKind, Reason
from promises.updates.querysets import (
    CitationQuerySet,
    CorrectionQuerySet,
    MethodologyVersionQuerySet,
    ResponseQuerySet,
    ReviewQuerySet,
    StatusUpdateQuerySet,
)
from promises.updates.rules import REASONED_STATUSES

PLAIN = [without_control_characters]


@with_history()
class MethodologyVersion(models.Model):
    """The rules in force from a day on. Each rating names the version it was made under."""

    version = models.CharField(_("version"), max_length=20, unique=True, validators=PLAIN)
    published_on = models.DateField(_("in force from"))
    summary = models.TextField(_("summary"), validators=PLAIN)

    objects = MethodologyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        get_latest_by = ["published_on", "pk"]
        constraints = [no_control_characters("version", "summary")]
        triggers = [the_name_stays("version")]

    def __str__(self) -> str:
        return self.version


@with_history()
class StatusUpdate(Editorial):
    """One dated, sourced, signed judgement of a pledge. Once published it never changes.

    `wording` counts how often the text was handed in; an approval holds for one wording.
    """

    slug = models.SlugField(_("slug"), max_length=200, unique=True)
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="status_updates")
    status = models.CharField(_("status"), max_length=15, choices=Status.choices)
    effective_on = models.DateField(
        _("effective on"), help_text=_("When this state of affairs began.")
    )
    assessed_on = models.DateField(
        _("assessed on"), help_text=_("The day up to which the evidence was looked at.")
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices)
    reason = models.CharField(
        _("reason"),
        max_length=30,
        choices=Reason.choices,
        blank=True,
        help_text=_("For stalled, compromise and broken."),
    )
    reasoning = models.TextField(
        _("reasoning"), validators=PLAIN, help_text=_("Why, in plain words, from the evidence.")
    )
    methodology = models.ForeignKey(MethodologyVersion, models.PROTECT, related_name="+")
    evidence = models.ManyToManyField(Evidence, through="Citation", related_name="status_updates")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    wording = models.PositiveIntegerField(default=0, editable=False)
    is_imported = models.BooleanField(default=False, editable=False)

    objects = StatusUpdateQuerySet.as_manager()

    class Meta(Editorial.Meta):
        ordering = ["-effective_on", "-pk"]
        indexes = [
            # Read by a pledge's history and by the derivation of its status.
            models.Index(
                fields=["pledge", "-effective_on", "-id"], name="updates_history_of_pledge"
            ),
            *indexes.OF_UPDATES,
        ]
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("reasoning"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values)
                & Q(confidence__in=Confidence.values)
                & Q(reason__in=["", *Reason.values]),
                name="updates_statusupdate_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(status__in=REASONED_STATUSES),
                name="updates_statusupdate_reason_fits",
            ),
            models.CheckConstraint(
                condition=Q(is_imported=True) | ~Q(reason="") | ~Q(status__in=REASONED_STATUSES),
                name="updates_statusupdate_says_why",
            ),
            models.CheckConstraint(
                condition=Q(assessed_on__gte=models.F("effective_on")),
                name="updates_statusupdate_assessed_after_effect",
            ),
            models.CheckConstraint(
                condition=~Q(reasoning=""), name="updates_statusupdate_says_something"
            ),
        ]
        triggers = [
            *Editorial.Meta.triggers,
            no_lost_updates(),
            triggers.PUBLISHED_UPDATES_NEVER_CHANGE,
            triggers.UPDATES_START_AS_DRAFTS,
            triggers.UPDATES_ARE_PUBLISHED_BY_THE_RULES,
            triggers.APPROVED_UPDATES_STAY,
            conflict_triggers.CONFLICTS_BLOCK_RATING,
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.pledge}: {self.get_status_display()} ({day_in_words(self.effective_on)})"


@with_history()
class Citation(models.Model):
    """A piece of evidence that a status update rests on."""

    status_update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="citations")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["status_update_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["status_update", "evidence"], name="updates_citation_once"
            )
        ]
        triggers = [triggers.CITATIONS_CHANGE_IN_DRAFTS]

    def __str__(self) -> str:
        return f"{self.status_update} cites {self.evidence}"


class Approval(models.Model):
    """A second person stands behind a wording of a status update."""

    status_update = models.ForeignKey(StatusUpdate, models.PROTECT, related_name="approvals")
    wording = models.PositiveIntegerField(_("wording"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved at"))
    note = models.TextField(_("note"), blank=True, validators=PLAIN)

    class Meta:
        ordering = ["approved_at", "pk"]
        constraints = [
            no_control_characters("note"),
            models.UniqueConstraint(
                fields=["status_update", "wording", "approved_by"],
                name="updates_approval_once_per_person",
            ),
        ]
        triggers = [
            triggers.NOBODY_APPROVES_THEIR_OWN,
            conflict_triggers.CONFLICTS_BLOCK_APPROVING,
            never_truncated(),
            pgtrigger.Protect(name="approvals_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.approved_by} approves {self.status_update}"


class Review(models.Model):
    """Looked again, nothing changed: a human act with name, date and note."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="reviews")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"))
    note = models.TextField(_("note"), validators=PLAIN, help_text=_("What was looked at."))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-reviewed_at", "-pk"]
        indexes = [
            models.Index(fields=["pledge", "-reviewed_at"], name="updates_reviews_of_pledge"),
            *indexes.OF_REVIEWS,
        ]
        constraints = [
            no_control_characters("note"),
            models.CheckConstraint(condition=~Q(note=""), name="updates_review_says_something"),
        ]
        triggers = [
            triggers.A_PERSON_REVIEWS,
            conflict_triggers.CONFLICTS_BLOCK_REVIEWING,
            never_truncated(),
            pgtrigger.Protect(name="reviews_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.pledge} reviewed on {day_in_words(utc_date(self.reviewed_at))}"


@with_history()
class Response(Editorial):
    """The official's reply, dated, shown beside the status."""

    slug = models.SlugField(_("slug"), max_length=200, unique=True)
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="responses")
    said_by = models.CharField(_("who replied"), max_length=200, validators=PLAIN)
    text = models.TextField(_("reply"), validators=PLAIN)
    published_on = models.DateField(_("dated"), null=True, blank=True)
    date_precision = models.CharField(
        _("date is known to the"),
        max_length=10,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="responses"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta(Editorial.Meta):
        ordering = ["-published_on", "-pk"]
        indexes = indexes.OF_RESPONSES
        constraints = [*Editorial.Meta.constraints, no_control_characters("said_by", "text")]
        triggers = [*Editorial.Meta.triggers, no_lost_updates()]

    def __str__(self) -> str:
        return f"{self.said_by} on {self.pledge}"


class Correction(models.Model):
    """Published words that were changed, with the old words kept. Public at once."""

    pledge = models.ForeignKey(
        Pledge, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    status_update = models.ForeignKey(
        StatusUpdate, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    kind = models.CharField(_("kind"), max_length=15, choices=CorrectionKind.choices)
    field = models.CharField(_("what was changed"), max_length=60)
    old_text = models.TextField(_("it said"), blank=True, validators=PLAIN)
    new_text = models.TextField(_("it should say"), blank=True, validators=PLAIN)
    note = models.TextField(_("why"), validators=PLAIN)
    corrected_at = models.DateTimeField(_("corrected at"))
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at", "-pk"]
        indexes = indexes.OF_CORRECTIONS
        constraints = [
            no_control_characters("old_text", "new_text", "note"),
            models.CheckConstraint(
                condition=~Q(pledge__isnull=True, evidence__isnull=True),
                name="updates_correction_has_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CorrectionKind.values) & ~Q(note=""),
                name="updates_correction_is_typed_and_explained",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="corrections_stay", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.field}"
