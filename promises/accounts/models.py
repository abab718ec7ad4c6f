from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

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
