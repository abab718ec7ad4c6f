"""What strangers suggest: a piece of evidence, or a pledge."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.links import public_web_address
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, paired
from promises.evidence.models import Evidence
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.suggestions.choices import OPEN, SuggestionKind, SuggestionState
from promises.suggestions.querysets import SuggestionQuerySet
from promises.suggestions.rules import LONGEST_ADDRESS, LONGEST_EXPLANATION
from promises.suggestions.triggers import (
    SUGGESTED_WORDS_STAY,
    SUGGESTIONS_MOVE_FORWARD,
    SUGGESTIONS_STAY,
)

PLAIN = [without_control_characters]
# What a stranger wrote. It can be erased, so no history keeps a copy of it.
SUGGESTED = (
    "explanation",
    "source_url",
    "sender_name",
    "sender_email",
    "sender_network",
    "url_digest",
    "text_digest",
    "times_sent",
    "erased_at",
)


@with_history(leaving_out=SUGGESTED)
class Suggestion(Versioned):
    """Someone outside knows of evidence or of a pledge. Readers never see a word of it.

    Each is a row of its own. `reference` is the number of its page, which nobody can guess;
    `led_to_…` is the draft that an editor made of it.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("what"), max_length=10, choices=SuggestionKind.choices)
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    explanation = models.CharField(
        _("explanation"), max_length=LONGEST_EXPLANATION, validators=PLAIN
    )
    source_url = models.CharField(
        _("source"),
        max_length=LONGEST_ADDRESS,
        blank=True,
        validators=[*PLAIN, public_web_address],
    )
    sender_name = models.CharField(_("name"), max_length=200, blank=True, validators=PLAIN)
    sender_email = models.EmailField(_("email"), blank=True, validators=PLAIN)
    sender_network = models.CharField(max_length=32, blank=True, editable=False)
    url_digest = models.CharField(max_length=64, blank=True, editable=False)
    text_digest = models.CharField(max_length=64, editable=False)
    times_sent = models.PositiveIntegerField(_("times sent"), default=1, editable=False)
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=SuggestionState.choices,
        default=SuggestionState.RECEIVED,
        editable=False,
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    taken_up_at = models.DateTimeField(_("taken up at"), null=True, editable=False)
    taken_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    drafted_at = models.DateTimeField(_("draft made at"), null=True, editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    # A draft may be deleted; that there was one stays.
    led_to_evidence = models.ForeignKey(
        Evidence, models.SET_NULL, null=True, blank=True, related_name="suggested_by"
    )
    led_to_pledge = models.ForeignKey(
        Pledge, models.SET_NULL, null=True, blank=True, related_name="suggested_by"
    )
    set_aside_at = models.DateTimeField(_("set aside at"), null=True, editable=False)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    set_aside_reason = models.TextField(_("why it was set aside"), blank=True, validators=PLAIN)
    erased_at = models.DateTimeField(_("sender erased at"), null=True, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            # Read by the front page and the list of the desk.
            models.Index(
                fields=["received_at", "id"],
                condition=Q(state__in=OPEN),
                name="suggestions_open",
            ),
            # Read by the limit of what one network may send.
            models.Index(
                fields=["sender_network", "received_at"],
                condition=~Q(sender_network=""),
                name="suggestions_by_network",
            ),
            # Read by the page of the desk: who else sent this address.
            models.Index(
                fields=["url_digest"],
                condition=~Q(url_digest=""),
                name="suggestions_of_address",
            ),
        ]
        constraints = [
            no_control_characters(
                "explanation", "source_url", "sender_name", "sender_email", "set_aside_reason"
            ),
            paired("taken_up_at", "taken_up_by"),
            paired("drafted_at", "drafted_by"),
            paired("set_aside_at", "set_aside_by"),
            models.CheckConstraint(
                condition=Q(kind__in=SuggestionKind.values) & Q(state__in=SuggestionState.values),
                name="suggestions_suggestion_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="evidence") & (Q(pledge__isnull=True) | Q(person__isnull=True))
                | Q(kind="pledge", pledge__isnull=True),
                name="suggestions_suggestion_about_one",
            ),
            models.CheckConstraint(
                condition=Q(state="drafted", drafted_at__isnull=False)
                | ~Q(state="drafted")
                & Q(
                    drafted_at__isnull=True,
                    led_to_evidence__isnull=True,
                    led_to_pledge__isnull=True,
                ),
                name="suggestions_suggestion_drafted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(led_to_evidence__isnull=True) | Q(kind="evidence"),
                name="suggestions_suggestion_leads_to_evidence",
            ),
            models.CheckConstraint(
                condition=Q(led_to_pledge__isnull=True) | Q(kind="pledge"),
                name="suggestions_suggestion_leads_to_pledge",
            ),
            models.CheckConstraint(
                condition=Q(state="set_aside", set_aside_at__isnull=False) & ~Q(set_aside_reason="")
                | ~Q(state="set_aside") & Q(set_aside_at__isnull=True, set_aside_reason=""),
                name="suggestions_suggestion_set_aside_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(explanation="") | Q(state="set_aside", erased_at__isnull=False),
                name="suggestions_suggestion_says_something",
            ),
            models.CheckConstraint(
                condition=Q(source_url__regex=r"^https?://")
                | Q(source_url="") & (Q(kind="pledge") | Q(erased_at__isnull=False)),
                name="suggestions_suggestion_evidence_has_source",
            ),
            # The same words about the same source sent again by the same are one, for as long as
            # it is open and known from where it came.
            models.UniqueConstraint(
                fields=["text_digest", "sender_network"],
                condition=Q(state__in=OPEN) & ~Q(sender_network=""),
                name="suggestions_suggestion_once",
            ),
        ]
        triggers = [
            no_lost_updates(leaving_out=SUGGESTED),
            SUGGESTIONS_MOVE_FORWARD,
            SUGGESTED_WORDS_STAY,
            SUGGESTIONS_STAY,
        ]

    def __str__(self) -> str:
        about = self.pledge or self.person
        return f"{self.get_kind_display()}: {about}" if about else self.get_kind_display()

    @property
    def is_open(self) -> bool:
        """Whether nobody has made a draft of it or set it aside."""
        return self.state in OPEN
