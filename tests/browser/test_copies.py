"""Copies are other people's pages: of 100 that carry scripts none runs, and none in our origin."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, Route

from promises.accounts.models import User
from promises.captures import actions
from promises.captures.copies import Copy
from promises.captures.models import Capture
from promises.captures.store import the_store
from promises.evidence.models import Evidence
from promises.site.copies import SHOWN
from tests import record
from tests.browser.conftest import MODES, Opener, in_every_mode
from tests.browser.payloads import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def origin(live_server: Any, settings: Any) -> str:
    """The origin of copies: another name of the same server."""
    port = urlsplit(live_server.url).port
    settings.SITE_URL = f"http://localhost:{port}"
    settings.CAPTURE_ORIGIN = f"http://127.0.0.1:{port}"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return str(settings.CAPTURE_ORIGIN)


def stored(number: int, payload: str, media_type: str, of: Evidence, by: User) -> Capture:
    """A copy of a hostile page, whose address, headers and encoding are hostile too."""
    now = record.NOW + timedelta(seconds=number)
    copy = Copy(
        captured_at=now,
        requested_at=now,
        # The same bytes would be one file, shown as what the newest copy of it says.
        body=the_store().keep(BytesIO(payload.encode() + b"\n" * number)),
        warc=the_store().keep(BytesIO(b"WARC")),
        media_type=media_type,
        charset="utf-8",
        final_url="https://news.example.org/" + payload[:500],
        http_status=200,
        headers=[("X-Payload", payload[:500])],
        verdict="ok",
    )
    asked = actions.ask_for_capture(evidence=of, by=by, now=now)
    (taken,) = actions.lease_captures(limit=1, by=by, now=now, only=asked.pk)
    assert actions.keep_copy(capture=taken, copy=copy, by=by, now=now)
    return Capture.objects.select_related("evidence").get(pk=asked.pk)


def test_the_payloads_are_a_hundred_and_most_run_where_nothing_stops_them(
    chromium: Browser,
) -> None:
    assert len(set(PAYLOADS)) == 100
    ran: set[int] = set()
    context = chromium.new_context()

    def show(number: int) -> Page:
        """Open a payload on a page of its own, and note if it runs."""
        body, kind = PAYLOADS[number]

        def serve(route: Route) -> None:
            if route.request.url == "http://plain.example/":
                route.fulfill(body=body, content_type=kind)
            else:
                route.abort()

        def note(dialog: Dialog) -> None:
            if dialog.message == "RAN":
                ran.add(number)
            dialog.dismiss()

        page = context.new_page()
        page.on("dialog", note)
        page.route("http://plain.example/**", serve)
        page.goto("http://plain.example/", wait_until="commit")
        return page

    # Each has a second; ten have it together.
    for first in range(0, len(PAYLOADS), 10):
        pages = [show(number) for number in range(first, first + 10)]
        pages[-1].wait_for_timeout(1000)
        for page in pages:
            page.close()
    context.close()
    # The rest need another browser, or a click: they stay, because browsers change.
    assert len(ran) >= 60, len(ran)


def test_no_payload_runs_anywhere(chromium: Browser, origin: str, live_server: Any) -> None:
    author = record.user("author")
    piece = record.evidence(by=author, about=record.pledge(by=author), slug="hostile")
    copies = [
        stored(number, payload, kind, piece, author)
        for number, (payload, kind) in enumerate(PAYLOADS)
    ]
    site = f"http://localhost:{urlsplit(live_server.url).port}"
    context = chromium.new_context(accept_downloads=True)
    context.add_cookies([{"name": "session", "value": "secret", "url": site}])
    # A download that begins late would end the next visit of the same page.
    page, downloads = context.new_page(), context.new_page()
    ran: list[str] = []
    answered: list[str] = []
    context.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("response", lambda response: answered.append(response.url))
    shown = 0
    for copy in copies:
        answered.clear()
        there = f"{origin}/hostile/{copy.body_id}"
        if copy.media_type in SHOWN:
            page.goto(there, wait_until="load")
            shown += 1
        else:
            with pytest.raises(Error, match="Download is starting"):
                downloads.goto(there, wait_until="load")
        page.wait_for_timeout(20)
        assert ran == [], copy.media_type
        # Nothing but the page itself came: no frame, no picture, no refresh elsewhere.
        assert {url for url in answered if url.startswith("http")} <= {there}
        handed_out = f"{site}/evidence/hostile/copies/{copy.body_id}"
        with pytest.raises(Error, match="Download is starting"):
            downloads.goto(handed_out, wait_until="load")
    assert shown == 92
    assert ran == []
    for path in ("/evidence/hostile/", "/pledges/"):
        page.goto(f"{site}{path}")
        page.wait_for_timeout(50)
    assert ran == []
    context.close()


def test_the_page_of_evidence_fits_and_can_be_used_by_everyone(
    live_server: Any, open_page: Opener
) -> None:
    author = record.user("author")
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge, slug="memo")
    record.copy_of(piece, by=author)
    stored(5, "<p>Words", "text/html", piece, author)
    page = open_page(f"{live_server.url}/evidence/memo/")
    assert page.complaints == []
    found = {(width, scheme): faults for width, scheme, faults in in_every_mode(page)}
    assert found == {mode: [] for mode in MODES}
    assert page.complaints == []
