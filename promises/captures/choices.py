from django.db import models
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """How a copy came here."""

    FETCHED = "fetched", _("fetched")
    UPLOADED = "uploaded", _("uploaded")


class CaptureState(models.TextChoices):
    """Where a capture stands. What was captured stays; a person may set it aside."""

    WAITING = "waiting", _("waits to be fetched")
    CAPTURED = "captured", _("captured")
    SET_ASIDE = "set_aside", _("set aside")


class Damage(models.TextChoices):
    """What the scrub found wrong with a stored file."""

    MISSING = "missing", _("the file is gone")
    CHANGED = "changed", _("its bytes are others")
