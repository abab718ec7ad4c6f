"""Builds invented feeds, what they brought, and candidates."""

from datetime import date
from itertools import count
from typing import Any

from promises.accounts.models import User
from promises.discovery.actions import save_feed
from promises.discovery.models import Candidate, Feed, FeedItem
from promises.pledges.models import Pledge
from tests.record import NOW

_number = count(1)


def feed(*, by: User, **more: Any) -> Feed:
    """A feed of an invented newsroom, to be read at once."""
    number = next(_number)
    values = {
        "name": f"Example Times {number}",
        "url": f"https://feeds.example.org/{number}.xml",
        "publisher": "The Example Times",
        "kind": "newsroom",
        **more,
    }
    return save_feed(feed=Feed(**values), by=by, now=NOW)


def item(*, of: Feed, **more: Any) -> FeedItem:
    """What a feed brought."""
    number = next(_number)
    values = {
        "guid": f"item-{number}",
        "url": f"https://news.example.org/story-{number}",
        "title": f"Example story {number}",
        "summary": "The district attorney spoke.",
        "published_on": date(2026, 3, 1),
        "first_seen_at": NOW,
        **more,
    }
    return FeedItem.objects.create(feed=of, **values)


def candidate(*, by: User, about: Pledge, of: Feed | None = None, **more: Any) -> Candidate:
    """An item that may be evidence on a pledge."""
    brought = item(of=of or feed(by=by), **more)
    return Candidate.objects.create(
        item=brought, pledge=about, score=2, words=["example", "thing"], found_at=NOW
    )
