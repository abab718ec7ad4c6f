import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Happening, LetterKind, Purpose, Role, Scope, Tier
from promises.accounts.names import PublicNameField, plainly_written, told_apart
from promises.accounts.querysets import (
    ApiKeyQuerySet,
    LetterQuerySet,
    LoginAttemptQuerySet,
    SecurityEventQuerySet,
)
from promises.common.history import never_truncated, with_history
from promises.common.text import no_control_characters, without_control_characters

_APPEND_ONLY = """
RAISE EXCEPTION 'The security log is append-only.' USING ERRCODE = 'check_violation';
"""


class User(AbstractUser):
    """Someone who writes to the record: a person, or a service account without a password."""

    display_name = PublicNameField(
        _("public name"),
        max_length=120,
        help_text=_("Signs status updates and reviews. Everyone can read it."),
    )
    is_service = models.BooleanField(
        _("service account"),
        default=False,
        help_text=_("Acts for the system: imports, periodic jobs. It can approve nothing."),
    )

    REQUIRED_FIELDS = ["email", "display_name"]

    class Meta(AbstractUser.Meta):
        constraints = [
            plainly_written("display_name"),
            models.CheckConstraint(
                condition=~models.Q(display_name=""), name="accounts_user_has_a_public_name"
            ),
            # Copies of the record know an approval by its update and this name.
            told_apart("display_name"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """Who gave whom which role, when and why. The newest is the role someone has now."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_grants", verbose_name=_("who")
    )
    # Empty: the role was taken away.
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    reason = models.TextField(_("why"), blank=True, validators=[without_control_characters])

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            no_control_characters("reason"),
            models.CheckConstraint(
                condition=models.Q(role__in=["", *Role.values]),
                name="accounts_rolegrant_role_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("given_by")),
                name="accounts_rolegrant_by_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="role_grants_stay", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display() or '—'}"


class SecurityEvent(models.Model):
    """One thing that happened to a login. Rows are only ever added."""

    happened_at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=20, choices=Happening.choices)
    # Empty when nobody has the name that was typed: it may be a password in the wrong field.
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="security_events",
        verbose_name=_("whose login"),
    )
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Who did it, where it was an administrator and not the person."),
    )
    means = models.CharField(_("with"), max_length=60, blank=True)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security log")
        ordering = ["-happened_at", "-pk"]
        indexes = [
            # Read by a person's own log and by their page on the desk.
            models.Index(fields=["person", "-happened_at"], name="accounts_event_of_person"),
            # Read by the whole log on the desk.
            models.Index(fields=["-happened_at", "-id"], name="accounts_event_newest"),
            # Read at every attempt to log in: has the owner been here?
            models.Index(
                fields=["person", "address", "happened_at"],
                condition=models.Q(kind="logged_in"),
                name="accounts_event_place",
            ),
        ]
        constraints = [
            no_control_characters("means", "reason", "browser"),
            models.CheckConstraint(
                condition=models.Q(kind__in=Happening.values), name="accounts_event_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(by=None) | ~models.Q(reason=""),
                name="accounts_event_of_administrator_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(_APPEND_ONLY),
            ),
            never_truncated(_APPEND_ONLY),
        ]

    def __str__(self) -> str:
        person = self.person or _("nobody we know")
        return f"{self.get_kind_display()}: {person}"


class LoginAttempt(models.Model):
    """An attempt to log in that has not succeeded (yet). Counted for an hour, then removed.

    The keys are digests: they tell attempts apart and give no name and no address away.
    """

    tried_at = models.DateTimeField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    account_key = models.CharField(max_length=32)
    network_key = models.CharField(max_length=32)
    device_key = models.CharField(max_length=32, blank=True)
    is_familiar_place = models.BooleanField(default=False)

    objects = LoginAttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            # Both read at every attempt.
            models.Index(fields=["account_key", "tried_at"], name="accounts_attempt_on_account"),
            models.Index(fields=["network_key", "tried_at"], name="accounts_attempt_of_network"),
            # Read by the task that removes what counts no more.
            models.Index(fields=["tried_at"], name="accounts_attempt_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.tried_at:%Y-%m-%d %H:%M}"


class Letter(models.Model):
    """A mail to a person about their login, written when it is sent. It holds no secret.

    The outbox takes it up (promises/outbox/actions.py), tries and keeps it like all other mails.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    # Of a notice: what has changed.
    event = models.ForeignKey(SecurityEvent, models.PROTECT, null=True, related_name="+")
    # Of a notice that the address was changed: the one before. Else it goes to the present one.
    to = models.EmailField(blank=True)
    queued_at = models.DateTimeField()
    # When the outbox took it up.
    posted_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read by the outbox at every tick.
            models.Index(
                fields=["queued_at"],
                condition=models.Q(posted_at=None),
                name="accounts_letter_to_post",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="notice") ^ models.Q(event=None),
                name="accounts_letter_notice_has_an_event",
            ),
            # A link by which a password is set goes nowhere but to the owner.
            models.CheckConstraint(
                condition=models.Q(to="") | models.Q(kind="notice"),
                name="accounts_letter_only_a_notice_goes_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


@with_history(leaving_out=["hash", "last_used_at"])
class ApiKey(models.Model):
    """A key by which a program asks the API as someone who has a login.

    Of the key itself only its SHA-256 is kept; `prefix` is its beginning, by which its owner and
    whoever finds it in a log tell it from others.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="api_keys", verbose_name=_("of"))
    name = models.CharField(_("name"), max_length=80, validators=[without_control_characters])
    prefix = models.CharField(_("begins with"), max_length=20, unique=True)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices), size=len(Scope))
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.STANDARD)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    # True to the minute: not every request writes.
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        ordering = ["-pk"]
        constraints = [
            no_control_characters("name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="accounts_apikey_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values, scopes__len__gt=0),
                name="accounts_apikey_scopes_known",
            ),
            models.CheckConstraint(
                condition=models.Q(tier__in=Tier.values), name="accounts_apikey_tier_known"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="accounts_apikey_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
