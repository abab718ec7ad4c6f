"""Who was told of which episode, and in which mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from promises.staleness.choices import NoticeKind
from promises.staleness.models.episodes import StaleFlag
from promises.staleness.querysets import NoticeQuerySet


class Digest(models.Model):
    """The one mail a person gets on a day about what became stale in their hands."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stale_digests"
    )
    digest_on = models.DateField(_("of"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "digest_on"], name="staleness_one_digest_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.digest_on}"


class Notice(models.Model):
    """That a person is to hear of an episode. The database writes it when it is handed to them.

    One per episode and person, whatever is swept, assigned or escalated how often.
    """

    flag = models.ForeignKey(StaleFlag, models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    written_at = models.DateTimeField(_("written at"))
    digest = models.ForeignKey(Digest, models.PROTECT, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            # Read every minute: as small as what nobody was told yet.
            models.Index(
                fields=["person"],
                condition=models.Q(digest__isnull=True),
                name="staleness_notice_untold",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["flag", "person"], name="staleness_one_notice_each"),
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values),
                name="staleness_notice_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.flag}"
