from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.links import public_web_address
from promises.common.text import no_control_characters, without_control_characters
from promises.discovery.choices import CandidateState, FeedKind
from promises.discovery.querysets import CandidateQuerySet, FeedItemQuerySet, FeedQuerySet
from promises.discovery.rules import LONGEST_GUID, LONGEST_SUMMARY, LONGEST_TITLE, LONGEST_URL
from promises.editorial.models import Versioned, no_lost_updates, paired
from promises.evidence.models import Evidence
from promises.officials.models import Jurisdiction, Office
from promises.pledges.models import Pledge

PLAIN = [without_control_characters]
# What readings leave behind: no words of anybody, and changed many times a day.
KEPT_BY_READERS = (
    "etag",
    "last_modified",
    "last_fetched_at",
    "last_new_item_at",
    "failing_since",
    "failures",
    "tries",
    "next_fetch_at",
    "leased_until",
    "last_error",
)


@with_history(leaving_out=KEPT_BY_READERS)
class Feed(Versioned):
    """An Atom or RSS feed that is read for what may be evidence.

    `office` or `jurisdiction` say whose pledges its items may speak about; without either an item
    must name the official. `fetch_every` and `quiet_days`: how often it is read, in minutes, and
    for how many days it may bring nothing new.
    """

    name = models.CharField(_("name"), max_length=200, validators=PLAIN)
    url = models.CharField(
        _("web address"), max_length=1000, unique=True, validators=[*PLAIN, public_web_address]
    )
    publisher = models.CharField(_("publisher"), max_length=200, validators=PLAIN)
    kind = models.CharField(_("kind"), max_length=10, choices=FeedKind.choices)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="feeds"
    )
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="feeds")
    is_active = models.BooleanField(_("is read"), default=True)
    fetch_every = models.PositiveIntegerField(
        _("minutes between readings"),
        default=180,
        validators=[MinValueValidator(5), MaxValueValidator(10080)],
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("days it may bring nothing"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=_("After that it stands out as silent."),
    )
    added_at = models.DateTimeField(_("added at"), editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True, editable=False)
    last_new_item_at = models.DateTimeField(_("last new item"), null=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    tries = models.PositiveIntegerField(default=0, editable=False)
    next_fetch_at = models.DateTimeField(_("next fetch"), null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            # Read every minute: as small as what is read at all.
            models.Index(
                fields=["next_fetch_at", "id"],
                condition=Q(next_fetch_at__isnull=False),
                name="discovery_feed_due",
            ),
        ]
        constraints = [
            no_control_characters("name", "url", "publisher", "last_error"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(publisher=""), name="discovery_feed_has_names"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FeedKind.values), name="discovery_feed_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(url__iregex=r"^https?://[^/@\s]+\.[^/@\s]+"),
                name="discovery_feed_url_is_web",
            ),
            models.CheckConstraint(
                condition=Q(fetch_every__range=(5, 10080)) & Q(quiet_days__range=(1, 366)),
                name="discovery_feed_times_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, next_fetch_at__isnull=False)
                | Q(is_active=False, next_fetch_at__isnull=True),
                name="discovery_feed_is_read_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(failing_since__isnull=True, failures=0, last_error="")
                | Q(failing_since__isnull=False, failures__gt=0) & ~Q(last_error=""),
                name="discovery_feed_fails_for_a_reason",
            ),
        ]
        triggers = [no_lost_updates(leaving_out=KEPT_BY_READERS)]

    def __str__(self) -> str:
        return self.name

    def is_silent(self, now: datetime) -> bool:
        """Whether it is read and has brought nothing for longer than it may."""
        last = self.last_new_item_at or self.added_at
        return self.is_active and last < now - timedelta(days=self.quiet_days)


class FeedItem(models.Model):
    """One entry of a feed, as it stood when it was first seen. Texts are plain."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="items")
    guid = models.CharField(max_length=LONGEST_GUID)
    url = models.CharField(_("web address"), max_length=LONGEST_URL)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    summary = models.CharField(_("summary"), max_length=LONGEST_SUMMARY, blank=True)
    published_on = models.DateField(_("published on"), null=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    matched_at = models.DateTimeField(_("held against the pledges"), null=True)

    objects = FeedItemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # Read by the matching: what has just come.
            models.Index(
                fields=["id"], condition=Q(matched_at__isnull=True), name="discovery_item_unmatched"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["feed", "guid"], name="discovery_item_once_a_feed"),
            no_control_characters("guid", "url", "title", "summary"),
            models.CheckConstraint(
                condition=Q(url__iregex=r"^https?://") & ~Q(title="") & ~Q(guid=""),
                name="discovery_item_is_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@with_history(is_by_statement=True)
class Candidate(Versioned):
    """An item that may be evidence on a pledge. A person links it, or dismisses it with a reason.

    `words` are those of the item that the pledge has too, `known` the evidence that has the same
    address, `evidence` what a person linked it as.
    """

    item = models.ForeignKey(FeedItem, models.PROTECT, related_name="candidates")
    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="candidates")
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    words = ArrayField(models.CharField(max_length=100), verbose_name=_("matching words"))
    known = models.ForeignKey(Evidence, models.SET_NULL, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("found at"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=CandidateState.choices,
        default=CandidateState.WAITING,
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.TextField(_("why dismissed"), blank=True, validators=PLAIN, editable=False)
    evidence = models.ForeignKey(
        Evidence, models.SET_NULL, null=True, related_name="candidates", editable=False
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "-pk"]
        indexes = [
            # Read by the desk's queue.
            models.Index(
                fields=["-score", "-id"],
                condition=Q(state="waiting"),
                name="discovery_candidate_queue",
            ),
            models.Index(fields=["-score", "-id"], name="discovery_candidate_score"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["item", "pledge"], name="discovery_candidate_once"),
            no_control_characters("reason"),
            paired("decided_at", "decided_by"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, reason="")
                | Q(state="linked", decided_at__isnull=False, reason="")
                | Q(state="dismissed", decided_at__isnull=False) & ~Q(reason=""),
                name="discovery_candidate_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="linked") | Q(evidence__isnull=True),
                name="discovery_candidate_only_linked_has_evidence",
            ),
        ]
        triggers = [
            no_lost_updates(),
            pgtrigger.Trigger(
                name="people_decide",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__decided_by__isnull=False),
                func=pgtrigger.Func(
                    """
                    IF NOT EXISTS (
                        SELECT FROM accounts_user
                        WHERE id = NEW.decided_by_id AND is_active AND NOT is_service
                    ) THEN
                        RAISE EXCEPTION 'What a feed brought is linked or dismissed by a person.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.item.title
