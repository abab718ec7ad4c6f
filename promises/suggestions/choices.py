from django.db import models
from django.utils.translation import gettext_lazy as _


class ChallengeKind(models.TextChoices):
    """What someone says is wrong with a rating."""

    WRONG_STATUS = "wrong_status", _("the status is wrong")
    MISSING_EVIDENCE = "missing_evidence", _("evidence is missing")
    SOURCE = "source", _("a source is dead or was misread")
    FACTUAL_ERROR = "factual_error", _("a fact is wrong")
    OTHER = "other", _("something else")


class ChallengeState(models.TextChoices):
    """Where a challenge stands. Only the first two wait for an answer."""

    RECEIVED = "received", _("received")
    BEING_LOOKED_AT = "being_looked_at", _("being looked at")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    SPAM = "spam", _("set aside")


WAITING = (ChallengeState.RECEIVED, ChallengeState.BEING_LOOKED_AT)
ANSWERED = (ChallengeState.ACCEPTED, ChallengeState.DECLINED)


class SuggestionKind(models.TextChoices):
    """What someone outside knows of."""

    EVIDENCE = "evidence", _("evidence")
    PLEDGE = "pledge", _("a pledge")


class SuggestionState(models.TextChoices):
    """Where a suggestion stands. The first two are open."""

    RECEIVED = "received", _("received")
    BEING_LOOKED_AT = "being_looked_at", _("being looked at")
    DRAFTED = "drafted", _("draft made")
    SET_ASIDE = "set_aside", _("set aside")


OPEN = (SuggestionState.RECEIVED, SuggestionState.BEING_LOOKED_AT)
