import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from promises.accounts.choices import Role
from promises.common.history import never_truncated
from promises.common.text import no_control_characters, without_control_characters


class User(AbstractUser):
    """Someone who writes to the record: a person, or a service account without a password."""

    display_name = models.CharField(
        _("public name"),
        max_length=120,
        validators=[without_control_characters],
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
            no_control_characters("display_name"),
            models.CheckConstraint(
                condition=~models.Q(display_name=""), name="accounts_user_has_a_public_name"
            ),
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
