"""Every page in both languages: the same page, by its address alone, and links that stay in it."""

import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge, PledgeTranslation
from promises.pledges.translating import (
    publish_translation,
    save_translation,
)
from promises.site.for_programs import urlpatterns as for_programs
from promises.staleness.actions import sweep_stale
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.addresses import every_address
from tests.site.test_markup import faults_of
from tests.site.test_queries import LATER, QUERIES, addresses, twelve
from tests.vocabulary import gather

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
# Pages in Spanish that read translations of the pledges on them: one query more than in English.
# The page of a pledge reads its own along with it; the others show none.
READ_TRANSLATIONS = {
    "home", "compare", "prosecutor", "pledges", "topic", "updates", "stale", "evidence",
    "metric", "record_request", "search", "corrections", "wording", "challenge", "tracking",
    "suggestion", "pledge_card", "pledge_embed", "updates_atom", "updates_json",
    "prosecutor_atom", "prosecutor_json", "pledge_atom", "pledge_json", "topic_atom",
    "topic_json", "corrections_atom", "corrections_json", "stale_atom", "stale_json",
}  # fmt: skip
# Pages that name a topic or an office ask for their Spanish names.
READ_TERMS = {
    "home", "prosecutors", "prosecutor", "compare", "pledges", "topics", "topic", "topic_atom",
    "topic_json", "stale", "evidence", "search", "pledge_card", "prosecutor_embed", "wording",
    "record_requests", "record_request",
}  # fmt: skip
PROGRAMS = {pattern.name for pattern in for_programs}


def translated(pledge: Pledge, by: User, **words: str) -> PledgeTranslation:
    """Publish a translation of a pledge."""
    values = {"title": "Hacer lo prometido", "statement": "Dijo que lo haría.", **words}
    draft = PledgeTranslation(pledge=pledge, language="es", **values)
    draft = save_translation(translation=draft, by=by, now=NOW)
    return publish_translation(translation=draft, by=by, now=NOW)


def heads(html: str) -> dict[str, str]:
    """Return where a page says that it is, by language."""
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))


def test_every_page_is_there_in_both_languages_and_says_so(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    translated(pledge, author)
    gone = record.pledge(by=author)
    retract_pledge(pledge=gone, reason="Wrong.", by=author, now=NOW)
    asked = [
        "/pledges/?status=x",
        "/search/?q=example",
        f"/pledges/{pledge.slug}/?as_of=2026-03-02",
    ]
    for address in [*every_address(), *asked]:
        english, spanish = client.get(address), client.get(f"/es{address}")
        assert english.status_code == spanish.status_code, address
        for language, response in (("en", english), ("es", spanish)):
            assert response["Content-Language"] == language, address
            assert "Accept-Language" not in response.get("Vary", ""), address
            html = response.content.decode()
            assert f'<html lang="{language}">' in html, address
            expected = {"en": SITE + address, "es": f"{SITE}/es{address}"}
            assert heads(html) == {**expected, "x-default": expected["en"]}, address
        assert f'href="/es{address}" lang="es"' in english.content.decode(), address
        assert f'href="{address}" lang="en"' in spanish.content.decode(), address
        faults = faults_of(spanish.content.decode().replace('<html lang="es">', '<html lang="en">'))
        assert faults == [], address


def test_what_the_browser_asks_for_changes_nothing(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    for address in (f"/pledges/{pledge.slug}/", f"/es/pledges/{pledge.slug}/", "/nothing/"):
        plain = client.get(address)
        for asked in ("en", "es", "fr"):
            client.cookies["django_language"] = asked
            assert client.get(address, headers={"accept-language": asked}).content == plain.content
    assert "No existe esa página" in client.get("/es/nothing/").content.decode()
    assert client.get("/es-mx/").status_code == client.get("/en/").status_code == 404


def test_links_of_a_spanish_page_stay_in_spanish(client: Client, author: User) -> None:
    whole.pledge(by=author)
    leading_out: dict[str, set[str]] = {}
    for address in every_address():
        html = client.get(f"/es{address}").content.decode()
        html = re.sub(r'<a class="tongue".*?</a>', "", html)
        html = re.sub(r'<link rel="alternate" hreflang.*?>', "", html)
        for link in re.findall(r'(?:href|action)="(?:http://127\.0\.0\.1:8000)?(/[^"]*)"', html):
            plain = link.partition("?")[0].partition("#")[0]
            if plain.startswith(("/es/", "/static/", "/api/")) or plain == "/oembed":
                continue
            if re.search(r"\.(csv|bib)$|/popolo\.json$|/copies/", plain):
                continue
            leading_out.setdefault(address, set()).add(link)
    assert leading_out == {}


def test_spanish_pages_ask_as_often_as_english_ones(client: Client, author: User) -> None:
    pages = addresses(twelve(author))
    sweep_stale(by=author, now=LATER)
    gather()
    asked, expected = {}, {}
    for name, address in pages.items():
        if name in PROGRAMS:
            continue
        with time_machine.travel(LATER), CaptureQueriesContext(connection) as queries:
            assert client.get(f"/es{address}").content, name
        asked[name] = len(queries)
        more = (name in READ_TRANSLATIONS) + (name in READ_TERMS)
        expected[name] = QUERIES[name] + more
    assert asked == expected


def test_what_programs_ask_for_has_one_address(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    translated(pledge, author)
    for path in ("sitemap.xml", "robots.txt", "healthz", f"pledges/{pledge.slug}/ratings.csv"):
        assert client.get(f"/{path}").status_code == 200
        assert client.get(f"/es/{path}").status_code == 404, path
    bib = client.get(f"/pledges/{pledge.slug}/cite.bib").content.decode()
    assert (pledge.title in bib, "Hacer lo prometido" in bib) == (True, False)
