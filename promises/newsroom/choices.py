from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentKind(models.TextChoices):
    """What a remark in the discussion of an item does."""

    COMMENT = "comment", _("comment")
    SENT_BACK = "sent_back", _("sent back")


class Task(models.TextChoices):
    """What someone is asked to do with an item."""

    RESEARCH = "research", _("research")
    WRITE = "write", _("write")
    REVIEW = "review", _("review")
    PROOFREAD = "proofread", _("proofread")
    PUBLISH = "publish", _("publish")


class Ending(models.TextChoices):
    """How an assignment ended."""

    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Outcome(models.TextChoices):
    """What became of a planned publication. Empty while it is still to come."""

    PUBLISHED = "published", _("published")
    SET_ASIDE = "set_aside", _("set aside")
    CANCELLED = "cancelled", _("cancelled")


# A plan with one of these still wants someone's eye.
LIVE_OUTCOMES = ("", Outcome.SET_ASIDE)
