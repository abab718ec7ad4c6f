"""From when on which reason holds: the stored dates, and the view that everyone reads."""

from typing import Any

from django.db import models

from promises.editorial.models import Versioned
from promises.pledges.models import Pledge
from promises.staleness import triggers
from promises.staleness.choices import StaleReason
from promises.staleness.models.policies import person_column
from promises.staleness.querysets import DueQuerySet
from promises.staleness.reasons import RULES, Rule, facts_in_words


class DueDate(models.Model):
    """From when on one reason holds for one pledge. The database keeps it; nobody writes it."""

    pledge = models.ForeignKey(Pledge, models.DO_NOTHING, related_name="+")
    reason = models.CharField(max_length=20, choices=StaleReason.choices)
    due_on = models.DateField()
    flag_on = models.DateField()
    until_on = models.DateField(null=True)
    escalate_on = models.DateField(null=True)
    owner = person_column("whose desk flags land on")
    escalation_to = person_column("whom it is escalated to")
    facts = models.JSONField()

    class Meta:
        indexes = [
            # Read by the sweep: what is due, however much exists.
            models.Index(fields=["flag_on"], name="staleness_duedate_flag_on"),
            # Read by the lists of what is stale, the longest first.
            models.Index(fields=["due_on", "pledge"], name="staleness_duedate_oldest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "reason"], name="staleness_duedate_once")
        ]
        triggers = [triggers.DUE_DATES_ARE_COMPUTED]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.reason} {self.flag_on}"


class Explained:
    """What a due date and a flag say of their reason, from the one table of reasons."""

    reason: Any
    facts: Any
    _get_FIELD_display = Versioned._get_FIELD_display  # noqa: N815 -- Django's name

    @property
    def rule(self) -> Rule:
        """What makes it true, in words."""
        return RULES[StaleReason(self.reason)]

    @property
    def rests_on(self) -> str:
        """The facts it rests on, in words."""
        return facts_in_words(StaleReason(self.reason), self.facts)

    @property
    def cleared_by(self) -> str:
        """What a person can do about it."""
        return str(self.rule.clears_by)


class Due(Explained, models.Model):
    """One reason why a pledge is stale from `flag_on` on: a view over stored dates, no table.

    It became due on `due_on`, grace is over on `flag_on`, and it ends by itself on `until_on`.
    It says what is true now. Flags are the memory of it: who was told, who looked.
    """

    id = models.TextField(primary_key=True)
    pledge = models.ForeignKey(Pledge, models.DO_NOTHING, related_name="due")
    reason = models.CharField(max_length=20, choices=StaleReason.choices)
    due_on = models.DateField()
    flag_on = models.DateField()
    until_on = models.DateField(null=True)
    facts = models.JSONField()

    objects = DueQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "staleness_due"

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.reason} {self.due_on}"
