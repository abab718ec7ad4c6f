from django.conf import settings
from django.db import models

from promises.suggestions.models.suggested import Suggestion


class SentOnce(models.Model):
    """That a program sent a suggestion under a name of its own, so that a retry sends no second.

    Kept for a day. `digest` stands for what was sent: the same name with other words is a mistake.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    # Empty for the moment between the name and what was sent under it, in one transaction.
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="suggestions_sent_once_oldest")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="suggestions_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.sent_at}"
