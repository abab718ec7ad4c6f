"""What hangs on a request: pledges, documents that came, extensions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.dates import day_in_words
from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import the_name_stays
from promises.evidence.models import Evidence
from promises.pledges.models import Pledge
from promises.record_requests import triggers
from promises.record_requests.models.requests import RecordRequest
from promises.record_requests.querysets import (
    ExtensionQuerySet,
    RequestDocumentQuerySet,
    RequestPledgeQuerySet,
)

PLAIN = [without_control_characters]


@with_history()
class RequestPledge(models.Model):
    """A request for records is about a pledge."""

    record_request = models.ForeignKey(
        RecordRequest, models.CASCADE, related_name="request_pledges"
    )
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="request_pledges")

    objects = RequestPledgeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_request", "pledge"], name="record_requests_requestpledge_once"
            )
        ]
        triggers = [triggers.PLEDGES_OF_A_REQUEST_STAY]

    def __str__(self) -> str:
        return f"{self.record_request}: {self.pledge}"


@with_history()
class RequestDocument(models.Model):
    """A document that came of a request, as evidence."""

    record_request = models.ForeignKey(
        RecordRequest, models.CASCADE, related_name="request_documents"
    )
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="request_documents")

    objects = RequestDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_request", "evidence"], name="record_requests_requestdocument_once"
            )
        ]
        triggers = [the_name_stays("record_request", "evidence")]

    def __str__(self) -> str:
        return f"{self.evidence} from {self.record_request}"


@with_history()
class Extension(models.Model):
    """The office took longer, and said why. The newest one sets the day an answer is due."""

    record_request = models.ForeignKey(RecordRequest, models.CASCADE, related_name="extensions")
    announced_on = models.DateField(_("announced on"))
    due_on = models.DateField(_("now due on"))
    reason = models.TextField(_("reason the office gave"), validators=PLAIN)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            no_control_characters("reason"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="record_requests_extension_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["record_request", "due_on"], name="record_requests_extension_once"
            ),
        ]
        triggers = [
            triggers.EXTENSIONS_GO_FORWARD,
            triggers.EXTENSIONS_MOVE_THE_CLOCK,
            triggers.EXTENSIONS_STAY,
        ]

    def __str__(self) -> str:
        return f"{self.record_request}: {day_in_words(self.due_on)}"
