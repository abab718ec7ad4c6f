"""Reads the feeds that are due: the network, never inside a transaction."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from promises.accounts.models import User
from promises.common.dates import utc_date
from promises.common.failpoints import failpoint
from promises.discovery.actions import lease_feed, note_failure, note_reading, note_unchanged
from promises.discovery.matching import match_items
from promises.discovery.models import Feed
from promises.discovery.parsing import NoFeed, read_feed
from promises.discovery.rules import LARGEST, LARGEST_ON_WIRE
from promises.fetching.errors import NotFetched
from promises.fetching.fetch import fetch
from promises.fetching.limits import Limits
from promises.fetching.pages import Fetched
from promises.fetching.patience import asked_wait

logger = logging.getLogger(__name__)

LIMITS = Limits(on_wire=LARGEST_ON_WIRE, decoded=LARGEST)
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8"
# A run ends after this, well within the time limit of a task; what is due stays due.
LONGEST_RUN = timedelta(minutes=3)
LONGEST_WAIT = timedelta(days=1)

# Called after each feed with its name and what came of it.
Progress = Callable[[str, str], None]


@dataclass
class Read:
    """What a run did: feeds read, feeds that failed, new items, items held against pledges."""

    feeds: int = 0
    failed: int = 0
    new_items: int = 0
    matched: int = 0


class BadStatus(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The server answered, but not with the feed. `wait` is how long it asks to be left alone."""

    def __init__(self, message: str, wait: timedelta = timedelta()) -> None:
        super().__init__(message)
        self.wait = wait


def read_due(
    *, by: User, clock: Callable[[], datetime], progress: Progress = lambda name, words: None
) -> Read:
    """Read whatever feed is due, until none is, and match what came. One stops no other.

    Any number of readers may run. One that dies leaves its feed to the next, under a lease, and
    its items to the next matcher.
    """
    done, ends_at = Read(), clock() + LONGEST_RUN
    while clock() < ends_at and (feed := lease_feed(by=by, now=clock())):
        failpoint("feed_leased")
        words = _read(feed, done, by=by, clock=clock)
        progress(feed.name, words)
    while matched := match_items(by=by, now=clock()):
        failpoint("items_matched")
        done.matched += matched
    return done


def _read(feed: Feed, done: Read, *, by: User, clock: Callable[[], datetime]) -> str:
    """Read one feed and note what came of it; return that in words."""
    wait = timedelta()
    try:
        new = _fetched(feed, by=by, clock=clock)
    except (NotFetched, NoFeed) as error:
        reason = str(error)
    except BadStatus as error:
        reason, wait = str(error), error.wait
    # Whatever is wrong with one feed is that feed's own: it is noted there, and the next is read.
    except Exception as error:
        logger.exception("Feed %s could not be read", feed.pk)
        reason = f"It could not be read ({type(error).__name__})."
    else:
        done.feeds += 1
        done.new_items += new
        return f"{new} new" if new else "nothing new"
    done.failed += 1
    given = {"chance": random.random(), "wait": wait, "by": by, "now": clock()}  # noqa: S311 -- no secret
    note_failure(feed=feed, error=reason, **given)  # type: ignore[arg-type]
    return reason


def _fetched(feed: Feed, *, by: User, clock: Callable[[], datetime]) -> int:
    """Ask for a feed, on condition that it changed; return how many new items it brought."""
    asked = {"Accept": ACCEPT}
    if feed.etag:
        asked["If-None-Match"] = feed.etag
    if feed.last_modified:
        asked["If-Modified-Since"] = feed.last_modified
    with fetch(feed.url, headers=asked, limits=LIMITS) as page:
        if page.status == 304:
            note_unchanged(feed=feed, by=by, now=clock())
            return 0
        if page.status != 200:
            raise _refusal(page, clock())
        entries = read_feed(
            page.body.read(),
            url=page.url,
            media_type=page.last.header("content-type"),
            today=utc_date(clock()),
        )
        etag, last_modified = page.last.header("etag"), page.last.header("last-modified")
    failpoint("feed_fetched")
    marks = {"etag": etag, "last_modified": last_modified}
    return note_reading(feed=feed, entries=entries, by=by, now=clock(), **marks) or 0


def _refusal(page: Fetched, now: datetime) -> BadStatus:
    """Return what a status means to whoever looks after the feeds."""
    asked, sent = page.last.header("retry-after"), page.last.header("date")
    wait = asked_wait(asked, now, date=sent) or timedelta()
    meanings = {
        401: "It asks for a login (401).",
        403: "It does not let us in (403).",
        404: "There is nothing at this address (404).",
        410: "It is gone for good (410).",
        429: "It asks us to come less often (429).",
    }
    words = meanings.get(page.status, f"The server answered with status {page.status}.")
    return BadStatus(words, min(wait, LONGEST_WAIT))
