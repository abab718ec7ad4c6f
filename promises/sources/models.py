from hashlib import sha256

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from promises.common.dates import moment_in_words
from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import paired
from promises.evidence.models import Evidence, EvidenceLink
from promises.sources import triggers
from promises.sources.choices import LOST_STATES, LinkState, Verdict
from promises.sources.querysets import (
    HostQuerySet,
    LinkCheckQuerySet,
    PassageQuerySet,
    SourceQuerySet,
    words_in,
)
from promises.sources.rules import Standing

PLAIN = [without_control_characters]


class PageText(models.Model):
    """One text, kept once whoever had it: what a page said, normalised. It never changes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(_("text"))
    characters = models.PositiveIntegerField(_("characters"))

    class Meta:
        # Read by searches of what copies say.
        indexes = [GinIndex(words_in("text"), name="sources_pagetext_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(
                        F("text"),
                        template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')",
                        output_field=models.TextField(),
                    )
                ),
                name="sources_pagetext_is_what_it_is_called",
            ),
        ]
        triggers = [triggers.TEXTS_STAY]

    def __str__(self) -> str:
        return self.sha256[:12]

    @classmethod
    def of(cls, text: str) -> "PageText":
        """Return the row of a text, which may be stored already."""
        return cls(sha256=sha256(text.encode()).hexdigest(), text=text, characters=len(text))


class Host(models.Model):
    """A server that sources stand on: when we may come again, and what its robots.txt says.

    `visits` counts our visits. Whoever makes one holds its number, and writes down what they
    found only while it is the newest.
    """

    name = models.CharField(_("name"), max_length=253, unique=True)
    next_visit_at = models.DateTimeField(_("not before"))
    leased_until = models.DateTimeField(_("being visited until"), null=True)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    last_answered_at = models.DateTimeField(_("last answered at"), null=True)
    robots_text = models.TextField(blank=True)
    robots_status = models.PositiveSmallIntegerField(null=True)
    robots_read_at = models.DateTimeField(null=True)
    robots_expires_at = models.DateTimeField(null=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        indexes = [
            # Read to tell our own outage from theirs.
            models.Index(fields=["-last_answered_at"], name="sources_host_answered")
        ]

    def __str__(self) -> str:
        return self.name


# What every check moves; the checks themselves are its history.
_MOVING = [
    "state",
    "failures",
    "failed_by",
    "first_failed_at",
    "last_failed_at",
    "last_verdict",
    "last_checked_at",
    "last_seen_at",
    "next_check_at",
    "found_text",
    "found_whole",
]


@with_history(leaving_out=_MOVING)
class Source(models.Model):
    """The original of a piece of evidence, at its address: is it there, and does it say the same?

    The text found last is compared with the text that was accepted: the first one found, or the
    one that a person looked at since. `changed_at` is when they first differed in wording.
    """

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="source")
    url = models.CharField(_("web address"), max_length=1000)
    host = models.ForeignKey(Host, models.PROTECT, related_name="sources")
    state = models.CharField(
        _("state"), max_length=20, choices=LinkState.choices, default=LinkState.UNCHECKED
    )
    last_verdict = models.CharField(
        _("found last"), max_length=20, choices=Verdict.choices, blank=True
    )
    failures = models.PositiveSmallIntegerField(_("failures that count"), default=0)
    failed_by = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    first_failed_at = models.DateTimeField(_("failing since"), null=True)
    last_failed_at = models.DateTimeField(_("last failure that counts"), null=True)
    lost_at = models.DateTimeField(_("gone since"), null=True)
    last_checked_at = models.DateTimeField(_("last checked at"), null=True)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True)
    next_check_at = models.DateTimeField(_("next check at"), null=True)
    found_text = models.ForeignKey(PageText, models.PROTECT, null=True, related_name="+")
    found_whole = models.ForeignKey(PageText, models.PROTECT, null=True, related_name="+")
    accepted_text = models.ForeignKey(PageText, models.PROTECT, null=True, related_name="+")
    accepted_whole = models.ForeignKey(PageText, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(_("wording changed at"), null=True)
    accepted_at = models.DateTimeField(_("change accepted at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    accepted_note = models.TextField(_("what the change means"), blank=True, validators=PLAIN)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # Read by every round of checks: as small as what is due.
            models.Index(
                fields=["next_check_at", "id"],
                condition=Q(next_check_at__isnull=False),
                name="sources_source_due",
            ),
            models.Index(
                fields=["host", "next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="sources_source_of_host",
            ),
            # Read by lists of the desk, and by what finds pledges that rest on lost sources.
            models.Index(fields=["state", "-id"], name="sources_source_state"),
            models.Index(
                fields=["lost_at"], condition=Q(lost_at__isnull=False), name="sources_source_lost"
            ),
            models.Index(
                fields=["changed_at"],
                condition=Q(changed_at__isnull=False),
                name="sources_source_changed",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LinkState.values), name="sources_source_state_known"
            ),
            models.CheckConstraint(
                condition=Q(last_verdict__in=["", *Verdict.values])
                & Q(failed_by__in=["", *Verdict.values]),
                name="sources_source_verdicts_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LOST_STATES, lost_at__isnull=False)
                | ~Q(state__in=LOST_STATES) & Q(lost_at__isnull=True),
                name="sources_source_lost_since",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, first_failed_at=None, last_failed_at=None)
                | Q(failures__gt=0, first_failed_at__isnull=False, last_failed_at__isnull=False),
                name="sources_source_failures_have_dates",
            ),
            models.CheckConstraint(
                condition=Q(changed_at=None) | Q(accepted_text__isnull=False),
                name="sources_source_changed_from_something",
            ),
            paired("accepted_at", "accepted_by"),
            no_control_characters("accepted_note"),
        ]
        triggers = [triggers.LOST_NEEDS_FAILURES]

    def __str__(self) -> str:
        return str(self.evidence)

    @property
    def standing(self) -> Standing:
        """What is known of the link, for the rules."""
        return Standing(
            self.state,
            self.failures,
            self.failed_by,
            self.first_failed_at,
            self.last_failed_at,
            self.lost_at,
        )


class LinkCheck(models.Model):
    """One look at a source's address: what came back, and the hash of the text in it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField(_("checked at"))
    asked_url = models.CharField(_("asked"), max_length=1000)
    url = models.CharField(_("ended at"), max_length=2000, blank=True)
    verdict = models.CharField(_("found"), max_length=20, choices=Verdict.choices)
    status = models.PositiveSmallIntegerField(_("status of HTTP"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    text_sha256 = models.CharField(_("hash of the text"), max_length=64, blank=True)
    is_changed = models.BooleanField(_("wording differs"), default=False)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-checked_at", "-pk"]
        indexes = [
            models.Index(fields=["source", "-checked_at"], name="sources_linkcheck_newest"),
            # Read by the desk: how much was checked lately.
            models.Index(fields=["-checked_at"], name="sources_linkcheck_recent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="sources_linkcheck_verdict_known"
            ),
        ]
        triggers = [triggers.CHECKS_STAY]

    def __str__(self) -> str:
        return f"{moment_in_words(self.checked_at)}: {self.get_verdict_display()}"


@with_history(leaving_out=["is_found", "first_found_at", "lost_at"])
class Passage(models.Model):
    """Words quoted from a source, with the words around them, looked for at every check.

    `is_quote` marks the pledge's own quote. What was never found is no loss: it may stand in
    a picture or on another page. `lost_at` is when a passage that had been found was found no more.
    """

    link = models.ForeignKey(
        EvidenceLink, models.CASCADE, related_name="passages", verbose_name=_("evidence of")
    )
    exact = models.TextField(_("quoted words"), validators=PLAIN)
    prefix = models.CharField(_("words before"), max_length=300, blank=True, validators=PLAIN)
    suffix = models.CharField(_("words after"), max_length=300, blank=True, validators=PLAIN)
    is_quote = models.BooleanField(_("the pledge's quote"), default=False)
    is_found = models.BooleanField(_("found"), null=True, blank=True)
    first_found_at = models.DateTimeField(_("first found at"), null=True, blank=True)
    lost_at = models.DateTimeField(_("found no more since"), null=True, blank=True)
    created_at = models.DateTimeField(_("added at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_control_characters("exact", "prefix", "suffix"),
            models.CheckConstraint(
                condition=~Q(exact__regex=Value(r"^\s*$")), name="sources_passage_says_something"
            ),
            models.UniqueConstraint(
                fields=["link"], condition=Q(is_quote=True), name="sources_passage_one_quote"
            ),
            models.UniqueConstraint("link", MD5("exact"), name="sources_passage_once"),
            models.CheckConstraint(
                condition=Q(lost_at=None)
                | Q(is_found__isnull=False, is_found=False, first_found_at__isnull=False),
                name="sources_passage_lost_after_found",
            ),
        ]
        triggers = [triggers.PASSAGES_STAY]

    def __str__(self) -> str:
        return self.exact if len(self.exact) <= 80 else f"{self.exact[:79]}\u2026"
