"""Feeds: added, taken into one's hands, and what a reading brought."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.discovery.models import Feed, FeedItem
from promises.discovery.parsing import Entry
from promises.discovery.querysets import FeedQuerySet
from promises.discovery.rules import LEASE, MOST_TRIES, pause_after
from promises.editorial import actions as editorial


class IsNotRead(Refused):
    """The feed is switched off."""


# Readers write some of these too; what one wrote meanwhile is written again at its next turn.
_CONTENT = (
    *("name", "url", "publisher", "kind", "jurisdiction", "office"),
    *("is_active", "fetch_every", "quiet_days", "next_fetch_at", "etag", "last_modified"),
)


@write
def save_feed(*, feed: Feed, by: User, now: datetime) -> Feed:
    """Save a feed. A new or newly switched-on one is read at once. Raises ValidationError."""
    if feed.pk is None:
        feed.added_at, feed.added_by = now, by
    elif Feed.objects.exclude(url=feed.url).filter(pk=feed.pk).exists():
        # What another address said of its last change says nothing of this one.
        feed.etag = feed.last_modified = ""
    if not feed.is_active:
        feed.next_fetch_at = None
    elif feed.next_fetch_at is None:
        feed.next_fetch_at = now
    editorial.store(feed, fields=_CONTENT)
    return feed


@write
def requeue_feed(*, feed: Feed, by: User, now: datetime) -> Feed:
    """Read a feed at the next turn, whatever its pause. Raises IsNotRead."""
    feed = editorial.locked(feed)
    if not feed.is_active:
        raise IsNotRead("This feed is switched off. Switch it on, and it is read at once.")
    feed.next_fetch_at, feed.leased_until, feed.tries = now, None, 0
    feed.save(update_fields=["next_fetch_at", "leased_until", "tries"])
    return feed


@write
def lease_feed(*, by: User, now: datetime) -> Feed | None:
    """Take the feed that waited longest into one's hands and count the try; None: none is due.

    Feeds in another reader's hands are passed over. One that ends its reader every time is
    noted as failed after MOST_TRIES, and waits like any other that fails.
    """
    while feed := Feed.objects.due(now).select_for_update(skip_locked=True).first():
        feed.tries += 1
        if feed.tries <= MOST_TRIES:
            feed.leased_until = now + LEASE
            feed.save(update_fields=["tries", "leased_until"])
            return feed
        feed.save(update_fields=["tries"])
        note_failure(feed=feed, error="No reader survived it.", chance=0.0, by=by, now=now)
    return None


@write
def note_reading(
    *,
    feed: Feed,
    entries: Sequence[Entry],
    etag: str,
    last_modified: str,
    by: User,
    now: datetime,
) -> int | None:
    """Keep what a feed brought; return how many items are new, None if it is in other hands now.

    An item seen before stays as it was.
    """
    if not _note(feed, now, etag=etag[:500], last_modified=last_modified[:100]):
        return None
    before = FeedItem.objects.filter(feed=feed).count()
    items = [
        FeedItem(
            feed=feed,
            guid=entry.guid,
            url=entry.url,
            title=entry.title,
            summary=entry.summary,
            published_on=entry.published_on,
            first_seen_at=now,
        )
        for entry in entries
    ]
    FeedItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=500)
    new = FeedItem.objects.filter(feed=feed).count() - before
    if new:
        Feed.objects.filter(pk=feed.pk).update(last_new_item_at=now)
    return new


@write
def note_unchanged(*, feed: Feed, by: User, now: datetime) -> bool:
    """Keep that a feed answered that it holds nothing new. False if it is in other hands now."""
    return _note(feed, now)


@write
def note_failure(
    *,
    feed: Feed,
    error: str,
    chance: float,
    by: User,
    now: datetime,
    wait: timedelta = timedelta(),
) -> bool:
    """Keep why a feed could not be read, and leave it alone for longer each time.

    `wait` is how long the server asked to be left alone. False if it is in other hands now.
    """
    pause = pause_after(feed.failures + 1, timedelta(minutes=feed.fetch_every), chance)
    noted = _in_hand(feed).update(
        failing_since=Coalesce("failing_since", Value(now)),
        failures=F("failures") + 1,
        tries=0,
        leased_until=None,
        last_error=error,
        last_fetched_at=now,
        next_fetch_at=now + max(pause, wait),
    )
    return noted == 1


def _note(feed: Feed, now: datetime, **kept: str) -> bool:
    """Note that a feed could be read."""
    pause = timedelta(minutes=feed.fetch_every)
    return bool(
        _in_hand(feed).update(
            failures=0,
            failing_since=None,
            last_error="",
            tries=0,
            leased_until=None,
            last_fetched_at=now,
            next_fetch_at=now + pause,
            **kept,
        )
    )


def _in_hand(feed: Feed) -> FeedQuerySet:
    """Return the row if it is still read, and under the lease that the caller took."""
    return Feed.objects.filter(
        pk=feed.pk, leased_until=feed.leased_until, next_fetch_at__isnull=False
    )
