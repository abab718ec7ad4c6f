"""Feeds that are read for what may be evidence, and how they do."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from promises.accounts.models import User
from promises.desk.discovery.front import OF_FEEDS
from promises.desk.lists.plain_filters import OfferFilter
from promises.desk.record_admin import Fact, RecordAdmin
from promises.desk.saving.steps import Step, each
from promises.discovery.actions import requeue_feed, save_feed
from promises.discovery.models import Feed
from promises.discovery.querysets import FeedQuerySet


def _needing_a_look(feeds: FeedQuerySet, _person: User, now: datetime) -> FeedQuerySet:
    needing = Feed.objects.needing_a_look(now)
    return feeds.filter(pk__in=needing.order_by().values("pk"))


class HealthFilter(OfferFilter):
    """Keeps feeds by how they do."""

    title = _("health")
    parameter_name = "health"
    offers = (
        ("look", _("fails or fell silent"), _needing_a_look),
        ("failing", _("fails"), lambda rows, person, now: rows.failing()),
        ("silent", _("fell silent"), lambda rows, person, now: rows.silent(now)),
        ("off", _("switched off"), lambda rows, person, now: rows.filter(is_active=False)),
    )


def _moment(when: datetime | None) -> str:
    return date_format(when, "DATETIME_FORMAT") if when else ""


@admin.register(Feed)
class FeedAdmin(RecordAdmin):
    """Feeds that are read, and how they do."""

    boxes = OF_FEEDS
    fields = (
        ("name", "publisher"),
        "url",
        "kind",
        ("office", "jurisdiction"),
        ("is_active", "fetch_every", "quiet_days"),
    )
    autocomplete_fields = ("office", "jurisdiction")
    list_display = ("name", "health", "fetched", "brought", "failing", "next", "last_error")
    list_filter = (HealthFilter, "kind")
    search_fields = ("name", "publisher", "url")
    ordering = ("name", "pk")
    steps = (
        Step(
            name="requeue",
            label=_("Read it now"),
            explains=_("It is read at the next turn, within a minute, however long it has failed."),
            done=_("Back in line"),
            act=each(requeue_feed, "feed"),
            is_offered=lambda feed, _person: feed.is_active,
            in_batch=True,
        ),
    )

    def save_record(self, record: Feed, form: Any, *, by: User, now: datetime) -> None:
        """Save it; a new one is read at once."""
        save_feed(feed=record, by=by, now=now)

    def facts(self, request: HttpRequest, record: Feed) -> list[Fact]:
        """Say how it does."""
        never = gettext("never")
        lines = [
            Fact(_("Health"), self.health(record), is_warning=self._needs_a_look(record)),
            Fact(_("Last fetched"), _moment(record.last_fetched_at) or never),
            Fact(_("Last new item"), _moment(record.last_new_item_at) or never),
            Fact(_("Next fetch"), _moment(record.next_fetch_at) or never),
        ]
        if record.failing_since:
            words = ngettext("%(day)s, %(count)d failure", "%(day)s, %(count)d failures in a row",
                             record.failures)  # fmt: skip
            told = {"day": _moment(record.failing_since), "count": record.failures}
            lines.append(Fact(_("Failing since"), words % told, is_warning=True))
            lines.append(Fact(_("Last error"), record.last_error))
        return lines

    def _needs_a_look(self, feed: Feed) -> bool:
        return feed.failing_since is not None or feed.is_silent(timezone.now())

    @admin.display(description=_("health"))
    def health(self, feed: Feed) -> str:
        """Return how it does in two words; the sign stands for those who scan the column."""
        if not feed.is_active:
            return gettext("switched off")
        if feed.failing_since:
            return gettext("⚠\u00a0fails")
        if feed.is_silent(timezone.now()):
            return gettext("⚠\u00a0silent")
        return gettext("well") if feed.last_fetched_at else gettext("not read yet")

    @admin.display(description=_("last fetched"))
    def fetched(self, feed: Feed) -> str:
        """Return when it was read last."""
        return _moment(feed.last_fetched_at)

    @admin.display(description=_("last new item"))
    def brought(self, feed: Feed) -> str:
        """Return when it brought something new."""
        return _moment(feed.last_new_item_at)

    @admin.display(description=_("failing since"))
    def failing(self, feed: Feed) -> str:
        """Return since when it fails."""
        return _moment(feed.failing_since)

    @admin.display(description=_("next fetch"))
    def next(self, feed: Feed) -> str:
        """Return when it is read again."""
        return _moment(feed.next_fetch_at)
