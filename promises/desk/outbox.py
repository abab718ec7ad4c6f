"""The desk's page of what was to be delivered."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.desk.record_admin import ReadOnlyAdmin
from promises.desk.steps import Step, each
from promises.outbox.actions import send_again
from promises.outbox.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Mails that wait, are sent, or were given up after 72 hours of tries."""

    fields = (
        ("key", "courier", "address"),
        ("created_at", "attempts", "next_try_at"),
        ("sent_at", "set_aside_at"),
        "last_error",
    )
    list_display = ("key", "address", "created_at", "attempts", "sent_at", "set_aside_at")
    list_filter = ("courier", ("set_aside_at", admin.EmptyFieldListFilter))
    ordering = ("-pk",)
    steps = (
        Step(
            name="send-again",
            label=_("Send again"),
            explains=_("It goes back in line, under the same key and with all its tries."),
            done=_("Back in line"),
            act=each(send_again, "delivery"),
            is_offered=lambda delivery, person: delivery.set_aside_at is not None,
            in_batch=True,
        ),
    )
