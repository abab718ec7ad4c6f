"""Feeds are read once at a time, on condition, with patience; every failure is said in words."""

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.accounts.models import User
from promises.discovery import actions
from promises.discovery.models import Feed, FeedItem
from promises.discovery.reading import LONGEST_WAIT, Read, read_due
from promises.discovery.rules import LEASE, LONGEST_PAUSE, MOST_TRIES, pause_after
from tests.discovery import found
from tests.discovery.test_parsing import item, rss
from tests.fetching.servers import Hostile, says
from tests.record import NOW

pytestmark = pytest.mark.django_db
Serve = Callable[..., Hostile]


def run(reader: User, at: Any = NOW) -> Read:
    """Read what is due at a moment."""
    return read_due(by=reader, clock=lambda: at)


def fresh(feed: Feed) -> Feed:
    feed.refresh_from_db()
    return feed


def test_a_feed_is_read_and_its_items_are_kept_once(reader: User, serve: Serve) -> None:
    body = rss(item(guid="tag:1") + item(guid="tag:2", link="https://court.example.org/2")).encode()
    server = serve(
        says(body, head='ETag: "v1"\r\nLast-Modified: Mon, 02 Mar 2026 08:00:00 GMT\r\n')
    )
    feed = found.feed(by=reader, url=server.url("/feed.xml"))
    assert run(reader) == Read(feeds=1, failed=0, new_items=2, matched=2)
    fresh(feed)
    assert (feed.etag, feed.last_modified) == ('"v1"', "Mon, 02 Mar 2026 08:00:00 GMT")
    assert (feed.last_fetched_at, feed.last_new_item_at) == (NOW, NOW)
    assert feed.next_fetch_at == NOW + timedelta(minutes=180)
    assert (feed.failures, feed.failing_since, feed.tries, feed.leased_until) == (0, None, 0, None)
    assert list(FeedItem.objects.order_by("pk").values_list("guid", flat=True)) == [
        "tag:1",
        "tag:2",
    ]
    assert run(reader) == Read()
    later = NOW + timedelta(hours=4)
    assert run(reader, later) == Read(feeds=1)
    assert FeedItem.objects.count() == 2
    assert (fresh(feed).last_fetched_at, feed.last_new_item_at) == (later, NOW)
    first, second = (request.lower() for request in server.asked)
    assert "if-none-match" not in first
    assert 'if-none-match: "v1"' in second
    assert "if-modified-since: mon, 02 mar 2026 08:00:00 gmt" in second


def test_an_unchanged_feed_costs_no_parsing(reader: User, serve: Serve) -> None:
    server = serve(says(status="304 Not Modified"))
    feed = found.feed(by=reader, url=server.url())
    Feed.objects.filter(pk=feed.pk).update(etag='"v1"')
    assert run(reader) == Read(feeds=1)
    assert (fresh(feed).etag, feed.last_fetched_at, feed.last_new_item_at) == ('"v1"', NOW, None)


def test_an_item_seen_before_stays_as_it_was(reader: User, serve: Serve) -> None:
    bodies = [rss(item(guid="1", title="First")), rss(item(guid="1", title="Second"))]

    def answer(connection: socket.socket, path: str) -> None:
        says(bodies.pop(0).encode())(connection, path)

    found.feed(by=reader, url=serve(answer).url())
    run(reader)
    assert run(reader, NOW + timedelta(hours=4)) == Read(feeds=1)
    assert FeedItem.objects.get().title == "First"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("404 Not Found", "There is nothing at this address (404)."),
        ("410 Gone", "It is gone for good (410)."),
        ("403 Forbidden", "It does not let us in (403)."),
        ("500 Oops", "The server answered with status 500."),
        ("200 OK", "What came is no Atom or RSS feed."),
    ],
)
def test_a_failure_is_said_in_words_and_backs_off(
    reader: User, serve: Serve, status: str, words: str
) -> None:
    feed = found.feed(by=reader, url=serve(says(b"Sorry.", status=status)).url())
    assert run(reader) == Read(failed=1)
    fresh(feed)
    assert (feed.last_error, feed.failures, feed.failing_since) == (words, 1, NOW)
    assert feed.next_fetch_at is not None
    first = feed.next_fetch_at - NOW
    assert timedelta(hours=6) <= first <= timedelta(hours=6, minutes=36)
    later = feed.next_fetch_at
    assert run(reader, later) == Read(failed=1)
    assert (fresh(feed).failures, feed.failing_since) == (2, NOW)
    assert feed.next_fetch_at is not None
    assert timedelta(hours=12) <= feed.next_fetch_at - later


def test_a_feed_that_recovers_is_well_again(reader: User, serve: Serve) -> None:
    answers = [says(b"", status="500 Oops"), says(rss(item()).encode())]

    def answer(connection: socket.socket, path: str) -> None:
        answers.pop(0)(connection, path)

    feed = found.feed(by=reader, url=serve(answer).url())
    run(reader)
    actions.requeue_feed(feed=feed, by=reader, now=NOW)
    assert run(reader) == Read(feeds=1, new_items=1, matched=1)
    assert (fresh(feed).failures, feed.failing_since, feed.last_error) == (0, None, "")


def test_who_asks_for_patience_gets_it(reader: User, serve: Serve) -> None:
    busy = says(b"", status="429 Busy", head="Retry-After: 80000\r\n")
    feed = found.feed(by=reader, url=serve(busy).url())
    run(reader)
    assert fresh(feed).next_fetch_at == NOW + timedelta(seconds=80000)
    moment = "Date: Mon, 02 Mar 2026 12:00:00 GMT\r\nRetry-After: Mon, 02 Mar 2026 22:00:00 GMT\r\n"
    feed = found.feed(by=reader, url=serve(says(b"", status="503 Busy", head=moment)).url())
    run(reader)
    assert fresh(feed).next_fetch_at == NOW + timedelta(hours=10)
    endless = says(b"", status="503 Busy", head="Retry-After: 99999999\r\n")
    feed = found.feed(by=reader, url=serve(endless).url())
    run(reader)
    assert fresh(feed).next_fetch_at == NOW + LONGEST_WAIT


def test_a_private_address_is_not_visited(reader: User) -> None:
    feed = found.feed(by=reader, url="http://10.0.0.7/feed.xml")
    assert run(reader) == Read(failed=1)
    assert fresh(feed).last_error == (
        "The name leads into a network that is not the public internet."
    )


def test_one_bad_feed_stops_no_other(reader: User, serve: Serve) -> None:
    found.feed(by=reader, url=serve(says(b"<" * 1000)).url())
    found.feed(by=reader, url=serve(says(rss(item()).encode())).url())
    assert run(reader) == Read(feeds=1, failed=1, new_items=1, matched=1)


def test_a_feed_in_other_hands_is_passed_over_until_its_lease_ends(
    reader: User, serve: Serve
) -> None:
    feed = found.feed(by=reader, url=serve(says(rss(item()).encode())).url())
    first = actions.lease_feed(by=reader, now=NOW)
    assert first == feed
    assert run(reader) == Read()
    # The first reader has died; the next one comes after the lease.
    later = NOW + LEASE
    assert run(reader, later) == Read(feeds=1, new_items=1, matched=1)
    # It was not dead, only slow: what it says now is not written any more.
    assert first is not None
    marks = {"etag": "old", "last_modified": ""}
    assert actions.note_reading(feed=first, entries=[], by=reader, now=later, **marks) is None
    late = {"error": "Too slow.", "chance": 0.0}
    assert actions.note_failure(feed=first, by=reader, now=later, **late) is False
    assert (fresh(feed).etag, feed.failures) == ("", 0)


def test_a_feed_that_kills_its_readers_is_noted_as_failed(reader: User) -> None:
    feed = found.feed(by=reader)
    for number in range(MOST_TRIES):
        assert actions.lease_feed(by=reader, now=NOW + number * LEASE) == feed
    at = NOW + MOST_TRIES * LEASE
    assert actions.lease_feed(by=reader, now=at) is None
    fresh(feed)
    assert (feed.last_error, feed.failing_since, feed.tries) == ("No reader survived it.", at, 0)
    assert feed.next_fetch_at is not None
    assert feed.next_fetch_at > at


def test_a_feed_that_is_switched_off_is_not_read(reader: User, serve: Serve) -> None:
    feed = found.feed(by=reader, url=serve(says(rss(item()).encode())).url(), is_active=False)
    assert (feed.next_fetch_at, run(reader)) == (None, Read())
    with pytest.raises(actions.IsNotRead):
        actions.requeue_feed(feed=feed, by=reader, now=NOW)
    feed.is_active = True
    actions.save_feed(feed=feed, by=reader, now=NOW)
    assert run(reader) == Read(feeds=1, new_items=1, matched=1)


def test_a_new_address_is_not_asked_about_the_old(reader: User) -> None:
    feed = found.feed(by=reader)
    Feed.objects.filter(pk=feed.pk).update(etag='"v1"', last_modified="Mon")
    fresh(feed).url = "https://feeds.example.org/other.xml"
    actions.save_feed(feed=feed, by=reader, now=NOW)
    assert (fresh(feed).etag, feed.last_modified) == ("", "")


def test_silent_feeds_stand_out(reader: User) -> None:
    quiet, new, off = (
        found.feed(by=reader, quiet_days=10),
        found.feed(by=reader, quiet_days=30),
        found.feed(by=reader, quiet_days=10, is_active=False),
    )
    failing = found.feed(by=reader, quiet_days=30)
    Feed.objects.filter(pk=failing.pk).update(
        failing_since=NOW, failures=1, last_error="It is gone for good (410)."
    )
    at = NOW + timedelta(days=11)
    assert list(Feed.objects.silent(at)) == [quiet]
    assert [feed.is_silent(at) for feed in (quiet, new, off)] == [True, False, False]
    assert list(Feed.objects.needing_a_look(at)) == [failing, quiet]
    Feed.objects.filter(pk=quiet.pk).update(last_new_item_at=NOW + timedelta(days=5))
    assert list(Feed.objects.silent(at)) == []


@given(st.integers(0, 200), st.integers(5, 10080), st.floats(0, 1))
def test_pauses_grow_to_a_week_and_never_below_the_usual(
    failures: int, minutes: int, chance: float
) -> None:
    every = timedelta(minutes=minutes)
    pause = pause_after(failures, every, chance)
    assert every <= pause <= max(every, LONGEST_PAUSE) * 1.1
    assert pause_after(failures + 1, every, chance) >= pause


def test_the_command_tells_feed_by_feed(serve: Serve, capsys: Any, db: None, reader: User) -> None:
    from django.core.management import call_command

    # They are told by name.
    good = found.feed(by=reader, name="A Times", url=serve(says(rss(item()).encode())).url())
    bad = found.feed(by=reader, name="B Times", url=serve(says(b"", status="410 Gone")).url())
    call_command("read_feeds", "--all")
    assert capsys.readouterr().out.splitlines() == [
        f"  {good.name}: 1 new",
        f"  {bad.name}: It is gone for good (410).",
        "1 read, 1 failed; 1 new items, 1 held against the pledges.",
    ]


def test_the_task_says_what_it_did(db: None) -> None:
    from promises.discovery.tasks import read_feeds

    assert read_feeds() == {"feeds": 0, "failed": 0, "new_items": 0, "matched": 0}
