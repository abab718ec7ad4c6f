from django.db import models
from django.utils.translation import gettext_lazy as _


class Courier(models.TextChoices):
    """By which way something is delivered. settings.COURIERS names the function behind each."""

    MAIL = "mail", _("mail")
