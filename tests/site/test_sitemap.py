"""The sitemap: what is in it, what is not, and when each page last changed."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.record_requests.stages import acknowledge_request
from promises.site.pages import sitemaps
from promises.updates.correcting import correct_evidence
from tests import record
from tests.record import NOW, record_review
from tests.record_requests.filed import draft_request, request
from tests.site import whole
from tests.site.addresses import PAGES

pytestmark = pytest.mark.django_db
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"
SITE = "http://127.0.0.1:8000"


def rows(client: Client, path: str = "/sitemap.xml", item: str = "url") -> dict[str, str]:
    """Return each address of a file and its lastmod."""
    response = client.get(path)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    return {
        (row.findtext(f"{S}loc") or "").removeprefix(SITE): row.findtext(f"{S}lastmod") or ""
        for row in root.findall(f"{S}{item}")
    }


def test_it_holds_every_public_page_and_no_other(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    record.draft_pledge(by=author, of=pledge.term, topic=pledge.topic)
    record.draft_evidence(by=author)
    gone = record.pledge(by=author, of=pledge.term, topic=pledge.topic)
    draft_request(by=author, about=pledge)
    request(by=author, about=gone)
    retract_pledge(pledge=gone, reason="Wrong.", by=author, now=NOW)
    found = rows(client)
    expected = {*PAGES.values()} - {"/search/", "/follow/sent/", "/design/"}
    expected |= {f"/pledges/{pledge.slug}/", f"/prosecutors/{pledge.person.slug}/"}
    expected |= {f"/topics/{pledge.topic.slug}/", f"/metrics/{pledge.metrics.get().slug}/"}
    expected |= {f"/evidence/{piece.slug}/" for piece in pledge.evidence.all()}
    expected |= {f"/record-requests/{pledge.record_requests.get(state='published').slug}/"}
    assert found.keys() == expected | {f"/es{address}" for address in expected}
    assert {client.get(address).status_code for address in found} == {200}


def test_lastmod_is_that_of_the_ledger(client: Client, author: User) -> None:
    pledge, other = whole.pledge(by=author), record.pledge(by=author)
    piece = pledge.evidence.order_by("pk").first()
    assert piece is not None
    before = rows(client)
    later = NOW + timedelta(days=30)
    record_review(pledge=pledge, note="Looked.", by=author, now=later)
    after = rows(client)
    moved = {path for path in after if after[path] != before[path]}
    of_it = {
        f"/pledges/{pledge.slug}/", f"/prosecutors/{pledge.person.slug}/",
        f"/topics/{pledge.topic.slug}/", "/", "/prosecutors/", "/pledges/", "/topics/",
        "/updates/",
    }  # fmt: skip
    assert moved == of_it | {f"/es{path}" for path in of_it}
    assert {after[path] for path in moved} == {"2026-04-01T12:00:00.000000Z"}
    assert after[f"/pledges/{other.slug}/"] == "2026-03-02T12:00:00.000000Z"
    assert after["/about/"] == ""
    piece.summary = "Something else."
    correct_evidence(
        evidence=piece, kind="update", note="N.", by=author, now=later + timedelta(days=1)
    )
    assert rows(client)[f"/evidence/{piece.slug}/"] == "2026-04-02T12:00:00.000000Z"
    asked = pledge.record_requests.get()
    assert rows(client)[f"/record-requests/{asked.slug}/"] == "2026-03-02T12:00:00.000000Z"
    acknowledge_request(
        record_request=asked, on=date(2026, 3, 3), by=author, now=later + timedelta(days=2)
    )
    assert rows(client)[f"/record-requests/{asked.slug}/"] == "2026-04-03T12:00:00.000000Z"


def test_more_than_one_file_holds_is_spread_over_many(
    client: Client, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole.pledge(by=author)
    whole.pledge(by=author)
    everything = rows(client)
    monkeypatch.setattr(sitemaps, "MOST", 4)
    parts = rows(client, item="sitemap")
    assert list(parts) == [f"/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    found = [address for part in parts for address in rows(client, part)]
    assert sorted(found) == sorted(everything)
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_no_file_has_more_addresses_than_the_protocol_allows() -> None:
    pages = sitemaps.MOST + len(sitemaps.LISTS + sitemaps.OTHERS)
    assert pages * len(settings.LANGUAGES) == 10_030


def test_each_page_says_where_it_is_in_other_languages(client: Client) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = root.findall(f"{S}url")
    pages = len(sitemaps.LISTS + sitemaps.OTHERS)
    assert len(found) == pages * len(settings.LANGUAGES) == 30
    for row in found:
        path = (row.findtext(f"{S}loc") or "").removeprefix(SITE).removeprefix("/es")
        links = {link.get("hreflang"): link.get("href") for link in row.findall(f"{X}link")}
        assert links == {
            "en": f"{SITE}{path}", "es": f"{SITE}/es{path}", "x-default": f"{SITE}{path}",
        }  # fmt: skip


def test_who_has_it_gets_304(client: Client, author: User) -> None:
    first = client.get("/sitemap.xml")
    assert client.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 304
    record.pledge(by=author)
    assert client.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 200
