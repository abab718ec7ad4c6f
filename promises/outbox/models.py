from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.outbox.choices import Courier
from promises.outbox.querysets import DeliveryQuerySet


@with_history(leaving_out=["content", "attempts", "next_try_at", "leased_until", "last_error"])
class Delivery(models.Model):
    """One message to one address, written in the transaction of the facts it tells.

    `key` is its idempotency key: the same message written twice is one row, and what arrives
    twice after a crash carries the same key.
    """

    key = models.CharField(_("idempotency key"), max_length=200, unique=True)
    courier = models.CharField(_("by"), max_length=10, choices=Courier.choices)
    address = models.CharField(_("to"), max_length=400)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("written at"))
    next_try_at = models.DateTimeField(_("next try at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_until = models.DateTimeField(_("in a dispatcher's hands until"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    set_aside_at = models.DateTimeField(_("set aside at"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-pk"]
        indexes = [
            # Read at every tick: as small as what waits, however much was ever sent.
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(next_try_at__isnull=False),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["set_aside_at"],
                condition=Q(set_aside_at__isnull=False),
                name="outbox_set_aside",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(courier__in=Courier.values), name="outbox_courier_known"
            ),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=False, sent_at=None, set_aside_at=None)
                | Q(next_try_at=None, sent_at__isnull=False, set_aside_at=None)
                | Q(next_try_at=None, sent_at=None, set_aside_at__isnull=False),
                name="outbox_waits_or_is_sent_or_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} -> {self.address}"
