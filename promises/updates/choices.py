from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a pledge stalled, ended in a compromise or was broken."""

    BLOCKED_BY_OTHERS = "blocked_by_others", _("blocked by others")
    LEGAL_LIMITS = "legal_limits", _("legal limits")
    REVERSED = "reversed", _("reversed by the office")
    NO_ACTION = "no_action", _("no action found")
    PARTLY_DONE = "partly_done", _("partly done")
    CHANGED_CIRCUMSTANCES = "changed_circumstances", _("changed circumstances")


class CorrectionKind(models.TextChoices):
    """What sort of change to published words it is."""

    CORRECTION = "correction", _("correction: it was wrong")
    UPDATE = "update", _("update: it has changed since")
    CLARIFICATION = "clarification", _("clarification: it could be misread")
    TYPO = "typo", _("typing error")
