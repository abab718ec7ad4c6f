from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, the_name_stays
from promises.pledges.querysets import TopicQuerySet
from promises.pledges.triggers import TOPICS_ARE_TWO_DEEP

PLAIN = [without_control_characters]


@with_history()
class Topic(Versioned):
    """A policy area. The tree, two deep, follows the headings of the published 21 principles."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=100, validators=PLAIN)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    principle = models.PositiveSmallIntegerField(
        _("number of the principle"),
        null=True,
        blank=True,
        help_text=_("21 Principles for the 21st Century Prosecutor, 1 to 21."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    about = models.TextField(_("about"), blank=True, validators=PLAIN)

    objects = TopicQuerySet.as_manager()

    known_by = ("slug",)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            no_control_characters("name", "about"),
            models.CheckConstraint(
                condition=Q(principle__isnull=True) | Q(principle__range=(1, 21)),
                name="pledges_topic_principle_exists",
            ),
        ]
        triggers = [no_lost_updates(), the_name_stays("slug"), TOPICS_ARE_TWO_DEEP]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a third level: ValidationError."""
        wider = self.parent
        if wider and (wider.pk == self.pk or wider.parent_id or self._has_children()):
            raise ValidationError(
                {"parent": _("Topics are two deep: one under another has none below it.")}
            )

    def _has_children(self) -> bool:
        return self.pk is not None and self.children.exists()
