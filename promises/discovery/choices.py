from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedKind(models.TextChoices):
    """Whose feed it is."""

    OFFICE = "office", _("office")
    COURT = "court", _("court")
    NEWSROOM = "newsroom", _("newsroom")
    OTHER = "other", _("other")


class CandidateState(models.TextChoices):
    """What a person made of a candidate."""

    WAITING = "waiting", _("waiting")
    LINKED = "linked", _("linked")
    DISMISSED = "dismissed", _("dismissed")
