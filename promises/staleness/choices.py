from django.db import models
from django.utils.translation import gettext_lazy as _


class StaleReason(models.TextChoices):
    """Why a pledge may be out of date. The rule of each stands in the view staleness_due."""

    REVIEW_OVERDUE = "review_overdue", _("nobody has looked again in time")
    DEADLINE_PASSED = "deadline_passed", _("its deadline has passed without an outcome")
    TERM_ENDED = "term_ended", _("the term has ended without an outcome")
    NEVER_REVIEWED = "never_reviewed", _("no editor here has reviewed it yet")
    NO_EVIDENCE = "no_evidence", _("it has no published evidence")


# What clears each reason, in words for readers and editors.
CLEARED_BY = {
    StaleReason.REVIEW_OVERDUE: _("a review or a new status update"),
    StaleReason.DEADLINE_PASSED: _("a status update that says what came of it"),
    StaleReason.TERM_ENDED: _("a status update that says what came of it"),
    StaleReason.NEVER_REVIEWED: _("a review, or two editors confirming the imported rating"),
    StaleReason.NO_EVIDENCE: _("a published piece of evidence"),
}


class ClosedBecause(models.TextChoices):
    """Why an episode of staleness ended."""

    REVIEWED = "reviewed", _("someone reviewed or updated the pledge")
    CAUSE_GONE = "cause_gone", _("the sweep found the cause gone")
