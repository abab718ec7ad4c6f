"""The desk's page of who gets mails: for a person who writes because a link does not work."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.alerts.actions import erase_subscriber
from promises.alerts.models import Subscriber
from promises.desk.record_admin import ReadOnlyAdmin
from promises.desk.saving.steps import Step, each


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnlyAdmin):
    """Addresses that asked for mails. Found by the whole address, and erased on request."""

    fields = ("address", "language", "first_asked_at")
    list_display = ("address", "language", "first_asked_at")
    search_fields = ("address",)
    search_help_text = _("The whole address")
    ordering = ("-pk",)
    steps = (
        Step(
            name="erase",
            label=_("Erase"),
            explains=_("The address goes with all it follows; nothing is mailed to it any more."),
            done=_("Erased"),
            act=each(erase_subscriber, "subscriber"),
        ),
    )
