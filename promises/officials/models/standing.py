"""Where people who log in stand towards a jurisdiction."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import never_truncated, with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import paired
from promises.officials import triggers
from promises.officials.querysets import ConflictQuerySet, PartnershipQuerySet

PLAIN = [without_control_characters]


@with_history()
class ConflictOfInterest(models.Model):
    """Why someone does not judge the officials of a jurisdiction: declared, and ended, by name.

    While it is open its person neither rates, approves, publishes nor reviews there.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts", verbose_name=_("who")
    )
    jurisdiction = models.ForeignKey(
        "officials.Jurisdiction",
        models.PROTECT,
        related_name="conflicts",
        verbose_name=_("jurisdiction"),
    )
    nature = models.TextField(
        _("what it is"),
        validators=PLAIN,
        help_text=_("Worked there, gave or took money, kin, a case before that office …"),
    )
    declared_at = models.DateTimeField(_("declared at"), editable=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("declared by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("ended by"),
    )
    end_reason = models.TextField(_("why it ended"), blank=True, editable=False)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-declared_at", "-pk"]
        constraints = [
            no_control_characters("nature", "end_reason"),
            paired("ended_at", "ended_by"),
            models.CheckConstraint(
                condition=~Q(nature=""), name="officials_conflict_says_something"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_at__gte=F("declared_at")) & ~Q(end_reason=""),
                name="officials_conflict_ended_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("person")),
                name="officials_conflict_not_ended_by_its_person",
            ),
            models.UniqueConstraint(
                fields=["person", "jurisdiction"],
                condition=Q(ended_at__isnull=True),
                name="officials_conflict_one_open",
                violation_error_message=_("This conflict of interest is declared already."),
            ),
        ]
        triggers = [
            triggers.CONFLICTS_ARE_DECLARED_OPEN,
            triggers.CONFLICTS_ONLY_END,
            pgtrigger.Protect(name="conflicts_stay", operation=pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.jurisdiction}"


@with_history()
class Partnership(models.Model):
    """A jurisdiction that someone with the role of a partner works on; they see no other."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="partnerships"
    )
    jurisdiction = models.ForeignKey(
        "officials.Jurisdiction", models.PROTECT, related_name="partnerships"
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["person", "jurisdiction"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "jurisdiction"], name="officials_partnership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.jurisdiction}"
