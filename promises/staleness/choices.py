from django.db import models
from django.utils.translation import gettext_lazy as _


class StaleReason(models.TextChoices):
    """Why a pledge may be out of date. The rule of each stands in `reasons`, once."""

    REVIEW_OVERDUE = "review_overdue", _("nobody has looked again in time")
    REVIEW_BY_PASSED = "review_by_passed", _("an editor wanted it looked at by now")
    DEADLINE_PASSED = "deadline_passed", _("its deadline has passed without an outcome")
    TERM_ENDING = "term_ending", _("the term is about to end without an outcome")
    TERM_ENDED = "term_ended", _("the term has ended without an outcome")
    OFFICE_CHANGED = "office_changed", _("the office changed hands early, without an outcome")
    NEVER_REVIEWED = "never_reviewed", _("no editor here has reviewed it yet")
    NO_EVIDENCE = "no_evidence", _("it has no published evidence")
    SINGLE_SOURCE = "single_source", _("its rating rests on a single publisher")
    EVIDENCE_WITHDRAWN = "evidence_withdrawn", _("evidence that its rating rests on was withdrawn")
    EVIDENCE_DEAD = "evidence_dead", _("evidence of it has gone from its address")
    EVIDENCE_CHANGED = "evidence_changed", _("evidence of it says something else than before")
    EVIDENCE_UNCAPTURED = "evidence_uncaptured", _("its rating rests on evidence without a copy")
    CONTRADICTED = "contradicted", _("newer evidence contradicts it and is not answered")
    METRIC_MOVED = "metric_moved", _("a figure has passed its limit since the last look")
    IMPORT_NOT_RUN = "import_not_run", _("new figures that bear on it are overdue")
    REQUEST_OVERDUE = "request_overdue", _("an answer to a request for records is overdue")
    TRANSLATION_BEHIND = "translation_behind", _("a translation says what it said before")
    METHODOLOGY_CHANGED = "methodology_changed", _("it was rated under older rules")
    CHALLENGE_UNANSWERED = "challenge_unanswered", _("a challenge of its rating is unanswered")
    # Seen at the desk alone: drafts are secret.
    APPROVAL_WAITING = "approval_waiting", _("a status update waits for approval")
    DRAFT_ABANDONED = "draft_abandoned", _("a draft lies untouched")


class Watch(models.TextChoices):
    """Whether pledges are watched for staleness."""

    ON = "on", _("watched")
    OFF = "off", _("not watched")
    PAUSED = "paused", _("paused: readers are told since when, and why")


class Calendar(models.TextChoices):
    """How the days of a policy are counted."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days: Monday to Friday without US federal holidays")


class Direction(models.TextChoices):
    """On which side of its limit a figure calls for another look."""

    ABOVE = "above", _("above the limit")
    BELOW = "below", _("below the limit")


class Heartbeat(models.TextChoices):
    """What has to happen again and again for the record to stay true."""

    SWEEP = "sweep", _("the sweep for stale pledges")
    SOURCE = "source", _("new figures from a source")


class ClosedBecause(models.TextChoices):
    """Why an episode of staleness ended."""

    REVIEWED = "reviewed", _("someone reviewed or updated the pledge")
    CAUSE_GONE = "cause_gone", _("its cause is gone")


class NoticeKind(models.TextChoices):
    """Why a person hears of an episode."""

    HANDED = "handed", _("handed to you")
    ESCALATED = "escalated", _("escalated to you")
