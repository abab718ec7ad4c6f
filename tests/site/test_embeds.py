"""Frames for other sites, and oEmbed, by which those find them."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import Structure, words

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
CSS = Path(settings.STATICFILES_DIRS[0]) / "embed.css"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A pledge of which everything is known."""
    return whole.pledge(by=author, title="Do it & <well>")


def asked(client: Client, url: str, **more: Any) -> Any:
    """Ask oEmbed for an address."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return client.get(f"/oembed?url={quote(url, safe='')}{query}")


def test_a_frame_says_where_the_pledge_stands(client: Client, pledge: Pledge) -> None:
    response = client.get(f"/embed/pledges/{pledge.slug}/")
    text = words(response)
    assert text.startswith(f"{pledge.person} promised Do it & <well> well Compromise since 1 June")
    assert "Evidence: 3 supporting, 1 contradicting, 1 context" in text
    assert response["X-Robots-Tag"] == "noindex"
    text = words(client.get(f"/embed/prosecutors/{pledge.person.slug}/"))
    assert "0 of 1 kept, 1 compromise." in text


@pytest.mark.parametrize("kind", ["pledges", "prosecutors"])
def test_a_frame_is_light_and_brings_nothing_from_elsewhere(
    client: Client, pledge: Pledge, kind: str
) -> None:
    slug = pledge.slug if kind == "pledges" else pledge.person.slug
    response = client.get(f"/embed/{kind}/{slug}/")
    html = response.content.decode()
    assert len(response.content) + CSS.stat().st_size <= 15 * 1024
    loaded = re.findall(r"<(?:link|img|script|iframe|use)[^>]*(?:href|src)=\"([^\"]*)\"", html)
    assert [each for each in loaded if not each.startswith("#g-")] == ["/static/embed.css"]
    assert re.findall(r"url\(|@import|http", CSS.read_text(encoding="utf-8")) == []
    page = Structure(html)
    assert (page.faults, page.headings, response.cookies) == ([], [1], {})
    # Whoever follows a link leaves the frame.
    assert html.count("<a ") == html.count('target="_blank" rel="noopener"') == 2


def test_only_frames_may_be_framed(client: Client, pledge: Pledge) -> None:
    for path in (f"/embed/pledges/{pledge.slug}/", f"/embed/prosecutors/{pledge.person.slug}/"):
        response = client.get(path)
        assert "X-Frame-Options" not in response
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
    for path in ("/", f"/pledges/{pledge.slug}/", "/oembed", "/embed/"):
        response = client.get(path)
        assert response["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], path


def test_what_is_gone_says_so_in_its_frame(client: Client, author: User, pledge: Pledge) -> None:
    retract_pledge(pledge=pledge, reason="It was never said.", by=author, now=NOW)
    response = client.get(f"/embed/pledges/{pledge.slug}/")
    assert response.status_code == 410
    assert "It was never said." in words(response)
    assert pledge.title not in response.content.decode()
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    draft = record.draft_pledge(by=author)
    assert client.get(f"/embed/pledges/{draft.slug}/").status_code == 404
    assert client.get("/embed/prosecutors/nobody/").status_code == 404


def test_oembed_describes_a_pledge(client: Client, pledge: Pledge) -> None:
    response = asked(client, f"{SITE}/pledges/{pledge.slug}/")
    found = response.json()
    html = found.pop("html")
    assert found == {
        "type": "rich",
        "version": "1.0",
        "title": f"{pledge.person}: {pledge.title}",
        "thumbnail_url": f"{SITE}/cards/pledges/{pledge.slug}.png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "provider_name": "Prosecutor Promise Tracker",
        "provider_url": f"{SITE}/",
        "cache_age": 3600,
        "width": 600,
        "height": 340,
    }
    assert f'src="{SITE}/embed/pledges/{pledge.slug}/"' in html
    assert f'title="{found["title"]}"' in unescape(html)
    assert "<well>" not in html
    assert response["Access-Control-Allow-Origin"] == "*"


def test_oembed_keeps_to_what_was_asked(client: Client, pledge: Pledge) -> None:
    page = f"{SITE}/pledges/{pledge.slug}/"
    found = asked(client, page, maxwidth=400, maxheight=200).json()
    assert (found["width"], found["height"]) == (400, 200)
    assert 'width="400" height="200"' in found["html"]
    assert "thumbnail_url" not in found
    sizes = [
        [asked(client, page, maxwidth=width).json()[name] for name in ("width", "height")]
        for width in (9999, 480, 479, 320, 319, 1)
    ]
    assert sizes == [[600, 340], [480, 340], [479, 460], [320, 460], [319, 640], [220, 640]]
    assert asked(client, f"{SITE}/prosecutors/{pledge.person.slug}/").json()["title"] == str(
        pledge.person
    )
    assert asked(client, page, format="xml").status_code == 501
    for wrong in ("0", "-1", "wide", "1e3", "123456"):
        assert asked(client, page, maxwidth=wrong).status_code == 400, wrong


# With where the pledge stands left open.
NOT_EMBEDDED = (
    f"{SITE}/", f"{SITE}/pledges/", f"{SITE}/pledges/nowhere/", "https://elsewhere.example/",
    "https://elsewhere.example/pledges/{slug}/", "/pledges/{slug}/", "http://[::1",
    f"{SITE}/topics/x/", f"{SITE}/pledges/{{slug}}/?as_of=2026-01-01", "javascript:alert(1)",
    f"{SITE}/admin/",
)  # fmt: skip


def test_oembed_knows_nothing_else(client: Client, pledge: Pledge) -> None:
    for url in NOT_EMBEDDED:
        answer = asked(client, url.format(slug=pledge.slug))
        said = "This address is no page of ours that can be embedded."
        if "nowhere" in url:
            said = "There is no “nowhere” in this record."
        assert (answer.status_code, answer.json()) == (404, {"error": said}), url


def test_oembed_says_what_is_missing_and_what_was_withdrawn(
    client: Client, author: User, pledge: Pledge
) -> None:
    missing = client.get("/oembed", HTTP_ACCEPT="text/html")
    assert (missing.status_code, missing.json()) == (
        400, {"error": "Say which page: ?url= and its full address."},
    )  # fmt: skip
    assert missing["Access-Control-Allow-Origin"] == "*"
    draft = record.draft_pledge(by=author)
    assert asked(client, f"{SITE}/pledges/{draft.slug}/").status_code == 404
    retract_pledge(pledge=pledge, reason="Wrong.", by=author, now=NOW)
    gone = asked(client, f"{SITE}/pledges/{pledge.slug}/")
    assert (gone.status_code, gone.json()) == (410, {"error": "This was withdrawn. Wrong."})


def test_pages_lead_to_oembed(client: Client, pledge: Pledge) -> None:
    for path in (f"/pledges/{pledge.slug}/", f"/prosecutors/{pledge.person.slug}/"):
        html = client.get(path).content.decode()
        (link,) = re.findall(
            r'<link rel="alternate" type="application/json\+oembed"[^>]* href="([^"]*)">', html
        )
        assert client.get(unescape(link)).json()["type"] == "rich"
