from django.db import models
from django.utils.translation import gettext_lazy as _


class ElectionOutcome(models.TextChoices):
    """What an election decided."""

    ELECTED = "elected", _("elected")
    RECALLED = "recalled", _("recalled")
    NOT_RECALLED = "not_recalled", _("not recalled")


class ReportStatus(models.TextChoices):
    """How final a report of a result is."""

    PARTIAL = "partial", _("partial count")
    UNOFFICIAL = "unofficial", _("unofficial count")
    OFFICIAL_CITED = "official_cited", _("official figure as cited by a source")
    OFFICIAL = "official", _("official canvass")


class EndReason(models.TextChoices):
    """Why a term ended."""

    COMPLETED = "completed", _("ran its length")
    LOST_ELECTION = "lost_election", _("lost the election")
    DID_NOT_RUN = "did_not_run", _("did not run again")
    RECALLED = "recalled", _("recalled by voters")
    RESIGNED = "resigned", _("resigned")
    APPOINTED_ELSEWHERE = "appointed_elsewhere", _("appointed to another office")
    REMOVED = "removed", _("removed from office")
    DIED = "died", _("died in office")
