from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.ledger.models import Entry
from promises.officials.models import Person
from promises.pledges.models import Topic
from promises.webhooks.choices import Closing, Unsent
from promises.webhooks.querysets import EndpointQuerySet, MessageQuerySet

_WORKING = ["secret", "old_secret", "leased_until", "resumes_at", "first_failed_at"]


@with_history(leaving_out=_WORKING)
class Endpoint(models.Model):
    """An address of someone's program, and what it is told of.

    `since_edition` is the newest edition when it was opened: of that and before it is told nothing.
    A dispatcher that sends to it holds its lease, so that it has one message at a time.
    """

    reference = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("of")
    )
    url = models.CharField(_("address"), max_length=2000)
    description = models.CharField(
        _("what for"), max_length=200, blank=True, validators=[without_control_characters]
    )
    # Empty: all there are.
    event_types = ArrayField(
        models.CharField(max_length=60), verbose_name=_("events"), default=list, blank=True
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    # Locked (promises/webhooks/sealing.py).
    secret = models.TextField(editable=False)
    old_secret = models.TextField(editable=False, blank=True)
    old_secret_expires_at = models.DateTimeField(_("old secret signs until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))
    since_edition = models.PositiveBigIntegerField(_("since edition"))
    disabled_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    disabled_reason = models.CharField(
        _("closed because"), max_length=20, choices=Closing.choices, blank=True
    )
    disabled_note = models.CharField(
        _("note"), max_length=500, blank=True, validators=[without_control_characters]
    )
    leased_until = models.DateTimeField(null=True, blank=True)
    resumes_at = models.DateTimeField(_("left alone until"), null=True, blank=True)
    first_failed_at = models.DateTimeField(_("taking nothing since"), null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "-id"], name="webhooks_endpoint_of_owner")]
        constraints = [
            no_control_characters("description", "disabled_note"),
            models.CheckConstraint(condition=~Q(secret=""), name="webhooks_endpoint_has_a_secret"),
            models.CheckConstraint(
                condition=Q(old_secret="", old_secret_expires_at=None)
                | (~Q(old_secret="") & Q(old_secret_expires_at__isnull=False)),
                name="webhooks_endpoint_old_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_reason="")
                | Q(disabled_at__isnull=False, disabled_reason__in=Closing.values),
                name="webhooks_endpoint_closed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.url}"


class Message(models.Model):
    """That an endpoint is to be told of an entry of the ledger, once; or a test, without one.

    `name` is its webhook-id, by which whoever gets it twice after a crash knows it again. What it
    says is written when it is sent: what is withdrawn meanwhile is not told.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="messages")
    name = models.CharField(_("webhook-id"), max_length=60, unique=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    event_type = models.CharField(_("event"), max_length=60)
    made_at = models.DateTimeField(_("made at"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    set_aside_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    set_aside_reason = models.CharField(
        _("given up because"), max_length=20, choices=Unsent.choices, blank=True
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # Read for each open endpoint at every tick: as small as what waits.
            models.Index(
                fields=["endpoint", "next_try_at", "id"],
                condition=Q(next_try_at__isnull=False),
                name="webhooks_message_waiting",
            ),
            # Read by the log of an endpoint, the newest first.
            models.Index(fields=["endpoint", "-id"], name="webhooks_message_of_endpoint"),
            # Read by the nightly task that forgets.
            models.Index(fields=["made_at"], name="webhooks_message_oldest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "entry"], name="webhooks_message_once"),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=False, accepted_at=None, set_aside_at=None)
                | Q(next_try_at=None, accepted_at__isnull=False, set_aside_at=None)
                | Q(next_try_at=None, accepted_at=None, set_aside_at__isnull=False),
                name="webhooks_message_waits_or_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_reason="")
                | Q(set_aside_at__isnull=False, set_aside_reason__in=Unsent.values),
                name="webhooks_message_given_up_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """One try: what was answered, and how long it took."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    tried_at = models.DateTimeField(_("tried at"))
    # Empty without an answer; `fault` then says why.
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=40, blank=True)
    excerpt = models.TextField(_("the answer's first words"), blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.tried_at}: {self.status or self.fault}"


class Cursor(models.Model):
    """Up to which edition the ledger has been read for webhooks: one row.

    Whoever reads on, and whoever opens an endpoint or changes what it is told, holds its lock.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    edition = models.PositiveBigIntegerField(_("edition"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="webhooks_cursor_is_one_row")]

    def __str__(self) -> str:
        return f"edition {self.edition}"
