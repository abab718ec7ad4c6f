from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from promises.alerts.choices import Frequency
from promises.alerts.querysets import NewsQuerySet, SubscriberQuerySet, SubscriptionQuerySet
from promises.alerts.rules import LONGEST_ADDRESS
from promises.ledger.models import Entry
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic


class Subscriber(models.Model):
    """An address that asked for mails, and nothing else about who reads them.

    Nothing here keeps a history: who stops is erased, and is gone. `reference` stands for the
    subscriber in the links of mails, which are signed and stored nowhere.
    """

    reference = models.CharField(max_length=20, unique=True, editable=False)
    address = models.CharField(_("address"), max_length=LONGEST_ADDRESS)
    language = models.CharField(_("language"), max_length=10)
    first_asked_at = models.DateTimeField(_("first asked at"))

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("address"), name="alerts_subscriber_once"),
            models.CheckConstraint(
                condition=Q(address__regex=r"^[!-?A-~]+@[a-z0-9.-]+\.[a-z0-9-]+$"),
                name="alerts_subscriber_can_be_mailed",
            ),
            models.CheckConstraint(condition=~Q(language=""), name="alerts_subscriber_language"),
        ]

    def __str__(self) -> str:
        # Logs and messages name a subscriber by this, and outlive the address.
        return f"subscriber {self.pk}"


class Subscription(models.Model):
    """That an address follows a pledge, a prosecutor or a topic: one of the three.

    It counts once its mailbox has confirmed it; `since_edition` is the newest edition of that
    moment, of which and before which nothing is told.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    pledge = models.ForeignKey(Pledge, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="+")
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices)
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    since_edition = models.PositiveBigIntegerField(_("since edition"), null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            # Read by the hourly erasing: as small as what waits for a confirmation.
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True),
                name="alerts_unconfirmed",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pledge__isnull=False, person__isnull=True, topic__isnull=True)
                | Q(pledge__isnull=True, person__isnull=False, topic__isnull=True)
                | Q(pledge__isnull=True, person__isnull=True, topic__isnull=False),
                name="alerts_subscription_follows_one",
            ),
            *(
                models.UniqueConstraint(
                    fields=["subscriber", name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"alerts_subscription_{name}_once",
                )
                for name in ("pledge", "person", "topic")
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="alerts_frequency_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, since_edition__isnull=True)
                | Q(confirmed_at__isnull=False, since_edition__isnull=False),
                name="alerts_subscription_confirmed_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.get_frequency_display()}"

    @property
    def subject(self) -> Pledge | Person | Topic:
        """What is followed."""
        subject = self.pledge or self.person or self.topic
        assert subject is not None
        return subject

    @property
    def is_public(self) -> bool:
        """Whether readers may see what is followed: it, and the official it hangs on."""
        person = self.pledge.person if self.pledge else self.person
        return all(row.is_published for row in (self.pledge, person) if row)


class News(models.Model):
    """That a subscription is to hear of an entry of the ledger; gone once the mail is written.

    One per subscription and entry, however often the ledger is read.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="news")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField(_("to be mailed at"))

    objects = NewsQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read at every tick, in the order of time.
            models.Index(fields=["due_at"], name="alerts_news_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "entry"], name="alerts_news_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} for {self.subscription_id}"


class Cursor(models.Model):
    """Up to which edition the ledger has been read for followers: one row.

    Whoever reads on, and whoever changes who follows what, holds its lock.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    edition = models.PositiveBigIntegerField(_("edition"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="alerts_cursor_is_one_row")]

    def __str__(self) -> str:
        return f"edition {self.edition}"


class Request(models.Model):
    """That someone asked for mails: counted for a day by mailbox and by network, then gone.

    Both are keyed hashes. `mailbox` is empty where no mail was sent.
    """

    mailbox = models.CharField(max_length=32, blank=True)
    network = models.CharField(max_length=32)
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        indexes = [
            models.Index(fields=["mailbox", "asked_at"], name="alerts_asked_of_mailbox"),
            models.Index(fields=["network", "asked_at"], name="alerts_asked_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.network}, {self.asked_at}"
