from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Editorial, Versioned, no_lost_updates, the_name_stays
from promises.officials.models import Person, Term
from promises.pledges import triggers
from promises.pledges.choices import (
    OPEN_STATUSES,
    Aspect,
    Confidence,
    Control,
    Kind,
    Origin,
    Status,
    Verdict,
)
from promises.pledges.indexes import FOR_THE_API, FOR_THE_DESK
from promises.pledges.models.topics import Topic
from promises.pledges.querysets import CriterionQuerySet, PledgeQuerySet
from promises.pledges.rules import shown_as

PLAIN = [without_control_characters]
# Columns of a pledge that triggers keep; their history is that of what they are derived from.
DERIVED = {
    "status", "status_since", "status_assessed_on", "status_is_provisional", "confidence",
    "last_reviewed_at", "supports_count", "contradicts_count", "context_count", "edition",
    "updated_at", "review_due_on",
}  # fmt: skip


@with_history(leaving_out=DERIVED)
class Pledge(Editorial):
    """A verifiable public commitment of an official.

    The columns under "derived" belong to the database: triggers keep them equal to the published
    updates, reviews and evidence, and refuse every other hand.
    """

    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="pledges", verbose_name=_("prosecutor")
    )
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        related_name="pledges",
        null=True,
        blank=True,
        help_text=_("The term in which it is to be kept."),
    )
    position = models.PositiveSmallIntegerField(_("position among the person's"), default=0)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="pledges")
    title = models.CharField(_("title"), max_length=200, validators=PLAIN)
    statement = models.TextField(
        _("statement"), validators=PLAIN, help_text=_("What was promised, in our plain words.")
    )
    quote = models.CharField(
        _("quote"), max_length=300, blank=True, validators=PLAIN, help_text=_("Short, exact.")
    )
    quote_attribution = models.CharField(
        _("who said it and where"), max_length=200, blank=True, validators=PLAIN
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OUTCOME)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    made_on = models.DateField(_("made on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    controlled_by = models.CharField(_("controlled by"), max_length=10, choices=Control.choices)

    # Derived from published status updates and reviews (promises.updates).
    status = models.CharField(
        max_length=15, choices=Status.choices, default=Status.NOT_YET_RATED, editable=False
    )
    status_since = models.DateField(null=True, editable=False)
    status_assessed_on = models.DateField(null=True, editable=False)
    status_is_provisional = models.BooleanField(default=False, editable=False)
    confidence = models.CharField(
        max_length=10, choices=Confidence.choices, blank=True, editable=False
    )
    last_reviewed_at = models.DateTimeField(null=True, editable=False)
    # Derived from published evidence (promises.evidence).
    supports_count = models.PositiveIntegerField(default=0, editable=False)
    contradicts_count = models.PositiveIntegerField(default=0, editable=False)
    context_count = models.PositiveIntegerField(default=0, editable=False)
    # Derived from the ledger: the newest entry about this pledge.
    edition = models.BigIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)
    # Derived from the review policy (promises.staleness): when someone should look again.
    review_due_on = models.DateField(null=True, editable=False)

    objects = PledgeQuerySet.as_manager()

    class Meta(Editorial.Meta):
        indexes = [
            # Read by lists filtered by status and by the scorecards.
            models.Index(fields=["status", "person"], name="pledges_by_status"),
            models.Index(fields=["topic", "person"], name="pledges_by_topic"),
            # Read by the sweep and the stale badge: what is due for another look.
            models.Index(
                fields=["review_due_on"],
                condition=Q(state="published", review_due_on__isnull=False),
                name="pledges_review_due",
            ),
            # Read by the sweep: promises with a deadline that still wait for an outcome.
            models.Index(
                fields=["due_on"],
                condition=Q(state="published", due_on__isnull=False, status__in=OPEN_STATUSES),
                name="pledges_deadline",
            ),
            # Read by the sweep: promises without an outcome, found from the terms that ended.
            models.Index(
                fields=["term"],
                condition=Q(state="published", status__in=OPEN_STATUSES),
                name="pledges_open_by_term",
            ),
            # Read by the sweep: promises that nobody has looked at here.
            models.Index(
                fields=["published_at"],
                condition=Q(state="published", last_reviewed_at__isnull=True),
                name="pledges_never_reviewed",
            ),
            # Read by the sweep: promises without any evidence.
            models.Index(
                fields=["published_at"],
                condition=Q(
                    state="published", supports_count=0, contradicts_count=0, context_count=0
                ),
                name="pledges_no_evidence",
            ),
            *FOR_THE_DESK,
            *FOR_THE_API,
        ]
        constraints = [
            *Editorial.Meta.constraints,
            no_control_characters("title", "statement", "quote", "quote_attribution"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(statement=""), name="pledges_pledge_says_something"
            ),
            models.CheckConstraint(
                condition=Q(quote="") | ~Q(quote_attribution=""),
                name="pledges_pledge_quote_is_attributed",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values)
                & Q(origin__in=Origin.values)
                & Q(controlled_by__in=Control.values),
                name="pledges_pledge_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=models.F("made_on")),
                name="pledges_pledge_due_after_made",
            ),
        ]
        triggers = [
            *Editorial.Meta.triggers,
            no_lost_updates(leaving_out=DERIVED),
            triggers.DERIVED_COLUMNS_ARE_NOT_WRITTEN,
            triggers.DERIVED_COLUMNS_START_EMPTY,
            triggers.TRANSLATIONS_FALL_BEHIND,
            triggers.THE_TERM_IS_THE_PERSONS,
            triggers.THE_PERSON_IS_PUBLIC,
            triggers.CONFLICTS_BLOCK_RETRACTING,
        ]

    def __str__(self) -> str:
        return self.title

    def shown_on(self, day: date, status: str = "") -> str:
        """Return the key under which its status, or one that it had, is shown on a day.

        Lists bring the term along: it is looked at where the pledge is a standing one.
        """
        term = self.term if self.kind == Kind.STANDING else None
        return shown_as(self.kind, status or self.status, term.ends_on if term else None, day)


@with_history()
class Criterion(Versioned):
    """One test of a pledge, written before it was first rated."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    verdict = models.CharField(
        _("speaks for"),
        max_length=10,
        choices=Verdict.choices,
        blank=True,
        help_text=_("Leave empty while no threshold has been written."),
    )
    aspect = models.CharField(_("aspect"), max_length=10, choices=Aspect.choices)
    text = models.TextField(_("what counts"), validators=PLAIN)
    how_to_verify = models.TextField(_("how to verify it"), blank=True, validators=PLAIN)
    is_met = models.BooleanField(_("met"), null=True, blank=True)

    objects = CriterionQuerySet.as_manager()
    known_by = ("pledge", "position")

    @property
    def in_words(self) -> str:
        """What readers read of it, in one line."""
        met = {True: _("met"), False: _("not met"), None: _("not assessed")}[self.is_met]
        speaks_for = self.get_verdict_display() or _("threshold not written yet")
        return " · ".join(map(str, (met, speaks_for, self.get_aspect_display(), self.text)))

    @property
    def is_known(self) -> bool:
        """Readers see it with its pledge."""
        return self.pledge.is_known

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["pledge_id", "position"]
        constraints = [
            no_control_characters("text", "how_to_verify"),
            models.UniqueConstraint(
                fields=["pledge", "position"], name="pledges_criterion_position_unique"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Verdict.values]) & Q(aspect__in=Aspect.values),
                name="pledges_criterion_choices_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="pledges_criterion_says_something"),
        ]
        triggers = [
            no_lost_updates(),
            the_name_stays("pledge", "position", once=triggers.IS_OF_A_KNOWN_PLEDGE),
        ]

    def __str__(self) -> str:
        return self.text
