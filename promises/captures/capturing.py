"""Fetches, reads, prints and stores copies: the network, never inside a transaction."""

import logging
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.captures.actions import keep_copy, lease_captures, put_off
from promises.captures.copies import Copy, Stored
from promises.captures.models import Capture
from promises.captures.rendering import NotRendered, render
from promises.captures.rules import ACCEPTED, LARGEST_UPLOAD, NO_ROOM, TRY_AGAIN
from promises.captures.store import NoRoomForCopies, the_store
from promises.captures.warc import write_warc
from promises.common import locks
from promises.common.away import is_away
from promises.common.failpoints import failpoint
from promises.common.refusals import Refused
from promises.fetching.errors import NotFetched
from promises.fetching.fetch import fetch
from promises.fetching.pages import Fetched
from promises.sources.choices import Verdict
from promises.sources.reading import PageRead, read_page
from promises.sources.verdicts import judge

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class NotAccepted(Refused):
    """The file is too large, or of a kind that cannot stand as a copy."""


class _TryAgain(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """What came is no copy, and another try may bring one. Its text is the verdict."""


@dataclass
class Captured:
    """What a run did."""

    kept: int = 0
    put_off: int = 0


def capture_due(
    *, by: User, clock: Clock, seconds: float = 50, only: int | None = None
) -> Captured:
    """Make the copies that are due, some at once, until none is or so many seconds are over.

    Any number of runs may be started; the second leaves the work to the first. A run that is
    killed leaves captures that are taken up again when their lease is over. `only` makes the one
    of that id.
    """
    done, ends_at = Captured(), clock() + timedelta(seconds=seconds)
    limit = settings.CAPTURES_AT_ONCE
    with (
        locks.alone(locks.CAPTURING) as is_alone,
        ThreadPoolExecutor(limit, initializer=give_way) as threads,
    ):
        while is_alone and clock() < ends_at:
            now = clock()
            taken = lease_captures(limit=limit, by=by, now=now, only=only)
            failpoint("capture-leased")
            brought = [threads.submit(_bring, capture.asked_url, now) for capture in taken]
            for capture, future in zip(taken, brought, strict=True):
                _note(capture, future.result, done, by=by, clock=clock)
            if not taken or only is not None:
                break
    if done.kept or done.put_off:
        logger.info("Copies of evidence: %d kept, %d put off.", done.kept, done.put_off)
    return done


def give_way() -> None:
    """Let this thread run when nobody else wants the processor: readers come first.

    What servers that mean ill send is read in it, and unpacked. See sched(7), SCHED_IDLE; where
    the system has or allows no such thing, the thread runs as others do.
    """
    if settings.CAPTURES_GIVE_WAY and hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _note(
    capture: Capture, brought: Callable[[], Copy], done: Captured, *, by: User, clock: Clock
) -> None:
    """Keep what was brought, or note why nothing was. What fails stops none of the others."""
    try:
        copy = brought()
        failpoint("capture-brought")
        done.kept += keep_copy(capture=capture, copy=copy, by=by, now=clock())
    except NotFetched as error:
        code, reason = error.code, str(error)
    except _TryAgain as verdict:
        code, reason = str(verdict), ""
    except NoRoomForCopies as error:
        logger.exception("There is no room for a copy of %s.", capture.asked_url)
        code, reason = NO_ROOM, str(error)
    # Whatever is wrong with one page is that page's own: it is noted there, and the next is tried.
    # A database that is away is not: the page is fetched again when the lease is over.
    except Exception as error:
        if is_away(error):
            raise
        logger.exception("A copy of %s could not be made.", capture.asked_url)
        code, reason = "error", f"{type(error).__name__}: {error}"
    else:
        failpoint("capture-noted")
        return
    chance = random.random()  # noqa: S311 -- no secret
    done.put_off += put_off(
        capture=capture, code=code, error=reason, chance=chance, by=by, now=clock()
    )


def _bring(url: str, now: datetime) -> Copy:
    """Fetch a page and store what makes a copy of it. No database. Raises NotFetched, _TryAgain."""
    with fetch(url) as page:
        read, verdict = _judged(page, url)
        with TemporaryFile() as warc:
            write_warc(page, into=warc, requested_at=now, software=_software())
            warc.seek(0)
            kept = the_store().keep(warc)
        page.body.seek(0)
        body = the_store().keep(page.body)
        failpoint("capture-stored")
        return Copy(
            captured_at=now + timedelta(seconds=page.seconds),
            requested_at=now,
            body=body,
            warc=kept,
            rendering=_rendering(body, read, page.charset, page.url),
            media_type=read.media_type,
            text=read.text,
            charset=page.charset,
            final_url=page.url,
            http_status=page.status,
            headers=page.last.headers,
            verdict=verdict,
            is_suspect=verdict.is_suspect,
        )


def _judged(page: Fetched, asked_url: str) -> tuple[PageRead, Verdict]:
    """Read a page and say whether it is what was asked for. Raises _TryAgain."""
    read = read_page(page.body, media_type=page.media_type, charset=page.charset, url=page.url)
    verdict = judge(
        read, status=page.status, asked_url=asked_url, url=page.url, headers=page.last.headers
    )
    if verdict == Verdict.OK and is_broken(read):
        verdict = Verdict.EMPTY_SHELL
    if verdict in TRY_AGAIN:
        raise _TryAgain(verdict)
    return read, verdict


def read_upload(file: IO[bytes], *, said: str, now: datetime) -> Copy:
    """Store a file that a person brings; `said` is its media type as the browser sees it.

    It is not printed: a page of the desk does not wait for a browser. Raises NotAccepted,
    NoRoomForCopies.
    """
    file.seek(0, 2)
    if file.tell() > LARGEST_UPLOAD:
        raise NotAccepted(_("The file has more than 25 MB."))
    if not file.tell():
        raise NotAccepted(_("The file is empty."))
    read = read_page(file, media_type=said, charset="", url="")
    if read.media_type not in ACCEPTED:
        raise NotAccepted(
            _("Bring a PDF, a web page, a text, a table as CSV or a workbook (XLSX).")
        )
    if is_broken(read):
        raise NotAccepted(
            _(
                "The file cannot be opened: it is damaged, or it asks for a password. Save it again"
                " where it is whole and open."
            )
        )
    file.seek(0)
    body = the_store().keep(file)
    return Copy(captured_at=now, body=body, media_type=read.media_type, text=read.text)


def is_broken(read: PageRead) -> bool:
    """Tell whether a document shows nobody anything. Of a damaged web page readers see some."""
    return read.is_damaged and not read.media_type.startswith("text/")


def _rendering(body: Stored, read: PageRead, charset: str, url: str) -> Stored | None:
    """Print a stored web page, where there is a browser."""
    if not read.is_html:
        return None
    try:
        with the_store().open(body.sha256) as file:
            return the_store().keep(BytesIO(render(file.read(), charset=charset, url=url)))
    except NotRendered as error:
        logger.info("No picture of %s: %s", url, error)
        return None


def _software() -> str:
    return f"PromiseTracker/1 (+{settings.SITE_URL})"
