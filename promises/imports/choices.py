from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the rows of a file are."""

    PLEDGE = "pledge", _("pledges")
    EVIDENCE = "evidence", _("evidence")


class Stage(models.TextChoices):
    """How far an import has come. Nothing is written to the record before `imported`."""

    UPLOADED = "uploaded", _("uploaded")
    MAPPED = "mapped", _("columns mapped")
    TRIED = "tried", _("tried")
    IMPORTED = "imported", _("imported")
    ABANDONED = "abandoned", _("abandoned")


class Verdict(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    LEFT = "left", _("left as it is here")
    SKIPPED = "skipped", _("skipped")
    REFUSED = "refused", _("refused")


class Twins(models.TextChoices):
    """What to do with rows that carry the same title."""

    REFUSE = "refuse", _("refuse them, until someone decides")
    SKIP = "skip", _("skip them: only the first of each is imported, and none that is here")
    BOTH = "both", _("import all of them: they are different records")


class Refused(models.TextChoices):
    """What to do with rows that are refused."""

    STOP = "stop", _("import nothing")
    LEAVE_OUT = "leave_out", _("leave these rows out and import the others")


class Order(models.TextChoices):
    """Which number of 03/04/2019 is the day."""

    WORKED_OUT = "", _("worked out from the column")
    DAY_FIRST = "dmy", _("day first: 03/04/2019 is 3 April 2019")
    MONTH_FIRST = "mdy", _("month first: 03/04/2019 is 4 March 2019")
