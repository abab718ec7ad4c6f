from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What sort of commitment a pledge is."""

    OUTCOME = "outcome", _("outcome: to bring something about")
    STANDING = "standing", _("standing: always or never, until the term ends")


class Language(models.TextChoices):
    """A language beside English into which the words of the record are translated."""

    SPANISH = "es", _("Spanish")


class Origin(models.TextChoices):
    """Where a pledge was made."""

    CAMPAIGN = "campaign", _("in the campaign")
    IN_OFFICE = "in_office", _("in office")


class Control(models.TextChoices):
    """Who decides whether the pledge comes true."""

    OFFICE = "office", _("the office itself")
    SHARED = "shared", _("the office together with others")
    OTHERS = "others", _("mainly others: courts, lawmakers, police")


class Status(models.TextChoices):
    """What became of a pledge. PolitiFact's six, and one for words too unclear to rate.

    Source: PolitiFact, methodology of its promise meters.
    """

    NOT_YET_RATED = "not_yet_rated", _("Not yet rated")
    IN_THE_WORKS = "in_the_works", _("In the works")
    STALLED = "stalled", _("Stalled")
    COMPROMISE = "compromise", _("Compromise")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")
    UNRATABLE = "unratable", _("Unratable")


# What readers see of a standing pledge in the works: while its term runs, and once that is over.
HOLDING, HELD = "holding", "held"
HOLDING_LABELS = {HOLDING: _("Holding so far"), HELD: _("Term over; last rated holding")}
# A rating that still waits for an outcome: a passed deadline or an ended term calls for a new one.
OPEN_STATUSES = (Status.NOT_YET_RATED, Status.IN_THE_WORKS, Status.STALLED)


class Confidence(models.TextChoices):
    """How sure the editors are of a rating."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Verdict(models.TextChoices):
    """The rating that a criterion speaks for once it is met."""

    KEPT = "kept", _("kept")
    COMPROMISE = "compromise", _("compromise")
    BROKEN = "broken", _("broken")


class Aspect(models.TextChoices):
    """Whether a criterion tests the letter of a pledge or its effect."""

    LETTER = "letter", _("letter: what the office does")
    EFFECT = "effect", _("effect: what comes of it")
