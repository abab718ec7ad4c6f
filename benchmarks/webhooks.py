"""Ten thousand webhooks to a sink on loopback, beside senders that do nothing but post the same.

50 endpoints are told of 200 publications each. Ours begins at the ledger and ends when the last
try is noted: messages made, leased, written, signed, sent through the guarded fetch, noted. The
bare ones have the requests ready. Counted is the processor's time that the sender takes, since
sixteen threads get more of a busy machine than one; PostgreSQL and the sink are not counted.
"""

import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from benchmarks.rows import Row, in_turns, row
from benchmarks.web import ROOT

ENDPOINTS = 50
ENTRIES = 200
AT_ONCE = 16
Post = tuple[str, dict[str, str], bytes]


def fan_out() -> list[Row]:
    """Measure our sending beside bare senders."""
    with _sink() as port, _on_the_first_core():
        start = _record_publications()
        posts = _requests(start, port)
        taken = in_turns({
            "ours": lambda: _ours(start, port),
            "httpx2": lambda: len(posts) / _busy(lambda: asyncio.run(_by_library(posts))),
            "streams": lambda: len(posts) / _busy(lambda: asyncio.run(_by_streams(posts, port))),
        })  # fmt: skip
    work = f"{len(posts):,} webhooks, from the ledger to the last note, a second of processor"
    return [
        row(work, taken["ours"], taken["httpx2"], unit="/s",
            of="asyncio with httpx2, the same bytes", least=0.3),
        row("the same, beside bare streams", taken["ours"], taken["streams"], unit="/s",
            of="asyncio streams that skip over the answers", least=0.3),
    ]  # fmt: skip


def _busy(work: Callable[[], object]) -> float:
    """Return how many seconds of the processor some work takes, in all threads."""
    began = time.process_time()
    work()
    return time.process_time() - began


@contextmanager
def _sink() -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.sink"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        os.sched_setaffinity(sink.pid, {max(os.sched_getaffinity(0))})
        try:
            yield int(sink.stdout.readline())
        finally:
            sink.kill()


@contextmanager
def _on_the_first_core() -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _record_publications() -> int:
    """Write into the ledger that evidence was published; return the edition before."""
    from django.utils import timezone

    from promises.accounts.models import User
    from promises.evidence.columns import EVIDENCE
    from promises.ledger.actions import record_rows
    from promises.ledger.chain import current_edition

    start, by = current_edition(), User.objects.get(pk=1)
    ids = range(1, ENTRIES + 1)
    record_rows(table=EVIDENCE, ids=ids, verb="published", by=by, now=timezone.now())
    return start


def _open_endpoints(start: int, port: int) -> None:
    """Open the endpoints anew: nothing has been sent to them, and the ledger is unread."""
    from django.conf import settings
    from django.utils import timezone

    from promises.webhooks.models import Cursor, Endpoint
    from promises.webhooks.rules import new_secret
    from promises.webhooks.sealing import sealed

    settings.FETCH_PORTS, settings.FETCH_ALLOWED_NETWORKS = [port], ["127.0.0.1/32"]
    Endpoint.objects.all().delete()
    Endpoint.objects.bulk_create(
        Endpoint(reference=f"wh_{number}", owner_id=1, url=f"http://127.0.0.1:{port}/{number}",
            event_types=["evidence.published"], secret=sealed(new_secret()),
            made_at=timezone.now(), since_edition=start)
        for number in range(ENDPOINTS)
    )  # fmt: skip
    Cursor.objects.update_or_create(pk=1, defaults={"edition": start})


def _ours(start: int, port: int) -> float:
    """Send everything as the worker's task does; return how many a second of the processor."""
    from promises.accounts.models import User
    from promises.common.clock import database_clock
    from promises.webhooks.feeding import read_ledger
    from promises.webhooks.models import Message
    from promises.webhooks.sending import dispatch

    _open_endpoints(start, port)
    by = User.objects.get(pk=1)

    def deliver() -> None:
        while read_ledger(by=by, now=database_clock()):
            pass
        while dispatch(by=by, clock=database_clock, patience=None):
            pass

    took = _busy(deliver)
    accepted = Message.objects.filter(accepted_at__isnull=False, attempts=1).count()
    assert accepted == ENDPOINTS * ENTRIES, f"{accepted} were accepted"
    return accepted / took


def _requests(start: int, port: int) -> list[Post]:
    """Return what our sender will send: address, headers and body."""
    from django.utils import timezone

    from promises.common.dates import utc_date
    from promises.ledger.models import Entry
    from promises.webhooks.models import Endpoint, Message
    from promises.webhooks.payloads import body_of, contents_of
    from promises.webhooks.rules import headers
    from promises.webhooks.sealing import opened

    _open_endpoints(start, port)
    now, found = timezone.now(), list[Post]()
    entries = Entry.objects.filter(edition__gt=start, edition__lte=start + ENTRIES)
    endpoints = [(one, opened(one.secret)) for one in Endpoint.objects.order_by("pk")]
    for entry in entries:
        told = Message(endpoint=endpoints[0][0], entry=entry, event_type="evidence.published")
        body = body_of(told, contents_of([told], today=utc_date(now)))
        assert body is not None
        for endpoint, secret in endpoints:
            name = f"msg_{endpoint.pk}_{entry.edition}"
            signed = headers([secret], name=name, timestamp=int(now.timestamp()), body=body)
            found.append((endpoint.url, signed, body))
    return found


async def _at_once(posts: list[Post], sender: Callable[[list[Post]], Awaitable[None]]) -> None:
    """Share the posts out among as many senders as ours has threads."""
    await asyncio.gather(*(sender(posts[place::AT_ONCE]) for place in range(AT_ONCE)))


async def _by_library(posts: list[Post]) -> None:
    """Post with the usual library, connections kept."""
    import httpx2

    # It would tell of each request, which ours does not.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def send(mine: list[Post]) -> None:
            for url, headers, body in mine:
                answer = await client.post(url, headers=headers, content=body)
                assert answer.status_code == 204

        await _at_once(posts, send)


async def _by_streams(posts: list[Post], port: int) -> None:
    """Post over bare streams, connections kept, and read the answers without a look."""

    async def send(mine: list[Post]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for url, headers, body in mine:
            lines = [f"POST /{url.rpartition('/')[2]} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            lines += [f"Content-Length: {len(body)}", "", ""]
            writer.write("\r\n".join(lines).encode() + body)
            await reader.readuntil(b"\r\n\r\n")
        writer.close()

    await _at_once(posts, send)
