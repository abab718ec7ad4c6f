"""A reader that is killed at any step leaves nothing lost, doubled or stuck."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from promises.discovery.models import Candidate, Feed, FeedItem
from promises.officials.models import Person
from tests import record
from tests.discovery import found
from tests.discovery.test_parsing import item, rss
from tests.fetching.servers import HERE, Hostile, says

ROOT = Path(__file__).resolve().parents[2]


def read_feeds(server: Hostile, failpoints: str) -> int:
    """Run the command as a process of its own and return how it ended."""
    database = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(database._replace(path=f"/{connection.settings_dict['NAME']}")),
        "FETCH_ALLOWED_NETWORKS": f"{HERE}/32",
        "FETCH_PORTS": str(server.port),
        "TRACKER_FAILPOINTS": failpoints,
    }
    command = [sys.executable, "manage.py", "read_feeds"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failpoint", "items"), [("feed_leased", 0), ("feed_fetched", 0), ("items_matched", 1)]
)
def test_a_killed_reader_is_followed_by_the_next(
    serve: Callable[..., Hostile], failpoint: str, items: int
) -> None:
    by = record.user()
    term = record.term(by=by)
    Person.objects.filter(pk=term.person_id).update(name="Jane Quillon")
    record.pledge(by=by, of=term, title="Stop asking for cash bail")
    server = serve(says(rss(item(title="Quillon on cash bail")).encode()))
    feed = found.feed(by=by, url=server.url())
    assert read_feeds(server, f"{failpoint}:1") == -9
    assert FeedItem.objects.count() == items
    # Its lease is over.
    Feed.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())
    assert read_feeds(server, "") == 0
    feed.refresh_from_db()
    assert (feed.tries, feed.leased_until, feed.failures) == (0, None, 0)
    assert (FeedItem.objects.unmatched().count(), FeedItem.objects.count()) == (0, 1)
    assert Candidate.objects.count() == 1
