"""Structure of every page: one main heading, no script, nothing inline, names for everything."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.site.for_programs import urlpatterns as for_programs
from promises.site.statuses import LABELS
from promises.site.urls import urlpatterns
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.addresses import (
    BY_MAIL,
    FORMS,
    MACHINES,
    OF_RECORDS,
    PAGES,
    RECORDS,
    every_address,
)
from tests.site.reading import Structure

pytestmark = pytest.mark.django_db
CSS = Path(settings.STATICFILES_DIRS[0]) / "site.css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def faults_of(html: str) -> list[str]:
    """Return what is wrong with the structure of a page."""
    page = Structure(html)
    faults = list(page.faults)
    if page.headings[:1] != [1] or page.headings.count(1) != 1:
        faults.append(f"headings {page.headings}")
    jumps = zip(page.headings, page.headings[1:], strict=False)
    faults += [f"h{a} then h{b}" for a, b in jumps if b > a + 1]
    faults += [f"id {name} twice" for name in set(page.ids) if page.ids.count(name) > 1]
    faults += [f"#{name} leads nowhere" for name in page.refers_to - set(page.ids)]
    faults += [f"{name or '?'} has no label" for name in page.controls if name not in page.labels]
    if page.language != "en":
        faults.append(f"lang {page.language}")
    if [mark for mark in page.landmarks if mark != "nav"] != ["header", "main", "footer"]:
        faults.append(f"landmarks {page.landmarks}")
    if not html.startswith("<!doctype html>"):
        faults.append("no doctype")
    return faults


def test_every_page_is_well_built(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    record.pledge(by=author, of=pledge.term, topic=pledge.topic)
    gone = record.pledge(by=author)
    retract_pledge(pledge=gone, reason="Wrong.", by=author, now=NOW)
    asked = ["/pledges/?status=x", "/search/?q=example", "/nothing/", "/pledges/?page=x"]
    asked.append(f"/metrics/?pledge={pledge.slug}")
    wrong = {}
    for address in [*every_address(), *asked]:
        if faults := faults_of(client.get(address).content.decode()):
            wrong[address] = faults
    assert wrong == {}


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"]
)
def test_pages_of_refusal_need_no_request(template: str) -> None:
    assert faults_of(render_to_string(template)) == []


def test_scripts_store_nothing_and_run_no_text() -> None:
    stores = ("localStorage", "sessionStorage", "indexedDB", "document.cookie")
    runs = ("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "__proto__")
    scripts = sorted(CSS.parent.glob("*.js"))
    assert len(scripts) == 3
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert [word for word in stores + runs if word in text] == [], script.name


def test_nothing_comes_from_elsewhere(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    html = client.get(f"/pledges/{pledge.slug}/").content.decode()
    # What a link only names (its own address, feeds, oEmbed) is not loaded.
    html = re.sub(r"<link rel=\"(canonical|alternate)\"[^>]*>", "", html)
    loaded = re.findall(r"<(?:link|img|script|iframe|use)[^>]*(?:href|src)=\"([^\"]*)\"", html)
    assert {address for address in loaded if not address.startswith(("/static/", "#g-"))} == set()
    assert "script-src 'self'" in client.get("/").headers["Content-Security-Policy"]
    assert re.findall(r"url\(|@import|http", CSS.read_text(encoding="utf-8")) == []


def test_the_weight_of_a_pledge_page_and_of_the_style_sheet(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    for number in range(15):
        record.evidence(by=author, about=pledge, summary=f"Thing {number} happened. " * 6)
    html = client.get(f"/pledges/{pledge.slug}/").content
    assert len(gzip.compress(html)) < 14 * 1024
    assert len(gzip.compress(CSS.read_bytes())) < 12 * 1024


def test_no_cookie_is_set_and_none_is_looked_at(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    for address in [*PAGES.values(), f"/pledges/{pledge.slug}/"]:
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address


def test_each_status_has_its_word_its_shape_and_its_colours() -> None:
    css = CSS.read_text(encoding="utf-8")
    of_frames = (CSS.parent / "embed.css").read_text(encoding="utf-8")
    glyphs = render_to_string("site/parts/glyphs.html")
    for key in LABELS:
        assert f'<symbol id="g-{key}"' in glyphs
        tone = f".{key} {{ --tone: var(--{key}); }}"
        assert tone in css
        assert tone in of_frames
        colours = rf"--{key}: (#\w+);"
        assert re.findall(colours, of_frames) == re.findall(colours, css)
        # Once for light, once for dark.
        assert css.count(f"  --{key}: #") == 2, key


def test_a_shape_is_small_without_a_style_sheet_too() -> None:
    pages = [page.read_text(encoding="utf-8") for page in TEMPLATES.rglob("*.html")]
    shapes = re.findall(r'<svg class="glyph[^>]*>', "".join(pages))
    assert len(shapes) > 5
    assert [shape for shape in shapes if ' width="16" height="16"' not in shape] == []


def test_every_address_of_the_site_is_known_to_these_tests() -> None:
    # Files of copies are asked for in test_copies, those of packages in test_packages.
    assert {pattern.name for pattern in [*urlpatterns, *for_programs]} == {
        *PAGES, *RECORDS, *MACHINES, *OF_RECORDS, *FORMS, *BY_MAIL, "evidence_copy",
        "data_dated", "data_file",
    }  # fmt: skip
