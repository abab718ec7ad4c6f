"""The desk's page of webhooks: whose they are, whether they take anything, and closing one."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.desk.accounts.keys import WhyForm
from promises.desk.lists.plain_filters import IS_CLOSED
from promises.desk.record_admin import ReadOnlyAdmin
from promises.desk.saving.steps import Step, each
from promises.webhooks.actions import close_endpoint
from promises.webhooks.models import Endpoint


@admin.register(Endpoint)
class EndpointAdmin(ReadOnlyAdmin):
    """Addresses of others that are told of public changes. Their owners keep them, by the API."""

    fields = (
        ("reference", "owner"),
        "url",
        "description",
        ("event_types", "person", "topic"),
        ("made_at", "first_failed_at", "resumes_at"),
        ("disabled_at", "disabled_reason", "disabled_note"),
    )
    list_display = ("reference", "url", "owner", "made_at", "first_failed_at", "disabled_at")
    list_filter = (("disabled_at", IS_CLOSED), "disabled_reason")
    search_fields = ("reference", "url", "owner__username", "owner__display_name")
    ordering = ("-pk",)
    related = ("owner", "person", "topic")
    steps = (
        Step(
            name="close",
            label=_("Close"),
            explains=_(
                "Nothing is sent to it any more, and what waits is given up. Its owner gets a mail "
                "with your reason, and cannot open it again."
            ),
            done=_("Closed"),
            act=each(close_endpoint, "endpoint"),
            asks=WhyForm,
            is_offered=lambda endpoint, _by: endpoint.disabled_at is None,
        ),
    )
