from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.links import public_web_address
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, paired
from promises.pledges.models import Pledge
from promises.suggestions.choices import ANSWERED, WAITING, ChallengeKind, ChallengeState
from promises.suggestions.querysets import ChallengeQuerySet
from promises.suggestions.rules import LONGEST_ADDRESS, LONGEST_EXPLANATION
from promises.suggestions.triggers import (
    ANSWERS_STAY,
    CHALLENGES_STAY,
    STATES_MOVE_FORWARD,
    WHAT_WAS_SENT_STAYS,
)
from promises.updates.models import Correction, StatusUpdate

PLAIN = [without_control_characters]
# What a stranger wrote. It can be erased, so no history keeps a copy of it.
ERASABLE = (
    "explanation",
    "source_url",
    "sender_name",
    "sender_email",
    "sender_network",
    "text_digest",
    "times_sent",
    "erased_at",
)


@with_history(leaving_out=ERASABLE)
class Challenge(Versioned):
    """Someone outside says that a rating is wrong. Readers see the answer, never the sender.

    `reference` is its public number; nobody can guess it. `edition` is the edition of the pledge
    that the sender had read, `answer_due_on` the end of its own clock.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="challenges")
    status_update = models.ForeignKey(
        StatusUpdate, models.PROTECT, null=True, blank=True, related_name="challenges"
    )
    edition = models.PositiveBigIntegerField(_("edition the sender read"))
    kind = models.CharField(_("what is wrong"), max_length=20, choices=ChallengeKind.choices)
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
    text_digest = models.CharField(max_length=64, editable=False)
    times_sent = models.PositiveIntegerField(_("times sent"), default=1, editable=False)
    received_at = models.DateTimeField(_("received at"))
    answer_due_on = models.DateField(_("answer due"))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ChallengeState.choices,
        default=ChallengeState.RECEIVED,
        editable=False,
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="challenges"
    )
    taken_up_at = models.DateTimeField(_("taken up at"), null=True, editable=False)
    taken_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    summary = models.TextField(_("objection in our words"), blank=True, validators=PLAIN)
    answer = models.TextField(_("public answer"), blank=True, validators=PLAIN)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    set_aside_at = models.DateTimeField(_("set aside at"), null=True, editable=False)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    led_to_update = models.ForeignKey(
        StatusUpdate, models.SET_NULL, null=True, blank=True, related_name="prompted_by"
    )
    led_to_correction = models.ForeignKey(
        Correction, models.PROTECT, null=True, blank=True, related_name="prompted_by"
    )
    erased_at = models.DateTimeField(_("sender erased at"), null=True, editable=False)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["answer_due_on", "pk"]
        indexes = [
            # Read by the rule of staleness and by the desk.
            models.Index(
                fields=["pledge", "answer_due_on"],
                condition=Q(state__in=WAITING),
                name="suggestions_waiting",
            ),
            # Read by the limit of what one network may send.
            models.Index(
                fields=["sender_network", "received_at"],
                condition=~Q(sender_network=""),
                name="suggestions_of_network",
            ),
        ]
        constraints = [
            no_control_characters(
                "explanation", "source_url", "sender_name", "sender_email", "summary", "answer"
            ),
            paired("taken_up_at", "taken_up_by"),
            paired("answered_at", "answered_by"),
            paired("set_aside_at", "set_aside_by"),
            models.CheckConstraint(
                condition=Q(kind__in=ChallengeKind.values) & Q(state__in=ChallengeState.values),
                name="suggestions_challenge_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_at__isnull=False)
                & ~Q(answer="")
                & Q(taken_up_at__isnull=False)
                | ~Q(state__in=ANSWERED) & Q(answered_at__isnull=True, answer="", summary=""),
                name="suggestions_challenge_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(state="spam", set_aside_at__isnull=False)
                | ~Q(state="spam") & Q(set_aside_at__isnull=True),
                name="suggestions_challenge_set_aside_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted")
                | Q(led_to_update__isnull=True, led_to_correction__isnull=True),
                name="suggestions_challenge_only_accepted_leads",
            ),
            models.CheckConstraint(
                condition=~Q(explanation="") | Q(state="spam", erased_at__isnull=False),
                name="suggestions_challenge_says_something",
            ),
            models.CheckConstraint(
                condition=Q(source_url="") | Q(source_url__regex=r"^https?://"),
                name="suggestions_challenge_source_is_web",
            ),
            # The same words sent again by the same are one challenge for as long as it waits and is
            # known from where it came.
            models.UniqueConstraint(
                fields=["pledge", "text_digest", "sender_network"],
                condition=Q(state__in=WAITING) & ~Q(sender_network=""),
                name="suggestions_challenge_once",
            ),
        ]
        triggers = [
            no_lost_updates(leaving_out=ERASABLE),
            STATES_MOVE_FORWARD,
            WHAT_WAS_SENT_STAYS,
            ANSWERS_STAY,
            CHALLENGES_STAY,
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.pledge}"

    @property
    def is_waiting(self) -> bool:
        """Whether it has no answer yet."""
        return self.state in WAITING
