from django.db import models
from django.utils.translation import gettext_lazy as _


class FiledBy(models.TextChoices):
    """By which way a request went out."""

    PORTAL = "portal", _("by a form on the web")
    EMAIL = "email", _("by email")
    POST = "post", _("by post")
    IN_PERSON = "in_person", _("in person")
    OTHER = "other", _("in another way")


class DueBasis(models.TextChoices):
    """Where the day comes from on which an answer is due."""

    COUNTED = "counted", _("counted from the days that the law gives")
    ENTERED = "entered", _("entered by hand, as the law or the office says")
    NONE = "none", _("the law names no day")


class DaysCounted(models.TextChoices):
    """Which days a law counts."""

    CALENDAR = "calendar", _("every day")
    BUSINESS = "business", _("Monday to Friday without days off")


class Outcome(models.TextChoices):
    """What the office answered."""

    GRANTED = "granted", _("granted")
    PARTLY_GRANTED = "partly_granted", _("partly granted")
    DENIED = "denied", _("denied")
    NO_RECORDS = "no_records", _("the office has no such records")
    NOT_RECORDED = "not_recorded", _("the office does not record it")


class Stage(models.TextChoices):
    """Where a request stands."""

    WAITING = "waiting", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    APPEALED = "appealed", _("appealed, waiting for a decision")
    DECIDED = "decided", _("appeal decided")
    WITHDRAWN = "withdrawn", _("withdrawn by us")
