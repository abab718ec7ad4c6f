"""The desk's page of what was to be delivered."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.accounts.rights import right
from promises.desk.front import Waiting
from promises.desk.lists.plain_filters import DeliveryFilter
from promises.desk.record_admin import ReadOnlyAdmin
from promises.desk.saving.steps import Step, each
from promises.outbox.actions import send_again
from promises.outbox.models import Delivery

# Nobody hears of a mail that nobody sends: it waits for whoever can put it back in line.
OF_DELIVERIES = (
    Waiting(
        48,
        _("Mails given up"),
        lambda person, now: Delivery.objects.set_aside().order_by("-set_aside_at", "-pk"),
        "stands=given-up",
        lambda mail: mail.address,
        lambda mail, now: mail.last_error,
        needs=right("outbox.Delivery", "send-again"),
    ),
)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Mails that wait, are sent, or were given up after 72 hours of tries."""

    fields = (
        ("key", "courier", "address"),
        ("created_at", "attempts", "next_try_at"),
        ("sent_at", "set_aside_at"),
        "last_error",
    )
    list_display = (
        "address",
        "key",
        "created_at",
        "attempts",
        "sent_at",
        "next_try_at",
        "set_aside_at",
    )
    list_filter = (DeliveryFilter,)
    boxes = OF_DELIVERIES
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
