"""What stands in the head of pages for other sites: linked data, OpenGraph, the own address."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import EvidenceLink
from promises.site.templatetags.record import as_data_block
from promises.updates.actions import approve_status_update
from tests import record
from tests.site import whole

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def data(client: Client, path: str) -> Any:
    """Return the linked data of a page, which has it once."""
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(path).content.decode()
    )
    return json.loads(block)


def metas(client: Client, path: str) -> dict[str, str]:
    """Return the meta elements of a page by name or property."""
    html = client.get(path).content.decode()
    found = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)">', html)
    assert len({name for name, _content in found}) == len(found)
    return {name: unescape(content) for name, content in found}


def test_a_pledge_with_an_outcome_is_a_reviewed_claim(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="End it")
    update = record.published_update(by=author, of=pledge, status="kept")
    EvidenceLink.objects.update(is_source=True)
    claim, review = data(client, f"/pledges/{pledge.slug}/")["@graph"]
    page = f"{SITE}/pledges/{pledge.slug}/"
    assert claim == {
        "@type": "Claim",
        "@id": f"{page}#claim",
        "name": "End it",
        "text": pledge.statement,
        "inLanguage": "en",
        "author": {
            "@type": "Person",
            "name": pledge.person.name,
            "url": f"{SITE}/prosecutors/{pledge.person.slug}/",
        },
        "about": pledge.topic.name,
        "appearance": [{"@type": "CreativeWork", "url": pledge.evidence.get().url}],
    }
    assert review["@type"] == "ClaimReview"
    assert review["url"] == f"{page}#update-{update.slug}"
    assert review["itemReviewed"] == {"@id": f"{page}#claim"}
    assert review["reviewRating"] == {
        "@type": "Rating", "ratingValue": 3, "worstRating": 1, "bestRating": 3,
        "alternateName": "Kept",
    }  # fmt: skip


@pytest.mark.parametrize("status", ["in_the_works", "stalled", "unratable", "not_yet_rated"])
def test_a_pledge_without_an_outcome_is_only_a_claim(
    client: Client, author: User, status: str
) -> None:
    pledge = record.pledge(by=author)
    if status != "not_yet_rated":
        record.published_update(by=author, of=pledge, status=status)
    (claim,) = data(client, f"/pledges/{pledge.slug}/")["@graph"]
    assert claim["@type"] == "Claim"


def test_an_imported_rating_is_no_review_until_two_have_confirmed_it(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    update = whole.imported_update(by=author, of=pledge, status="broken")
    path = f"/pledges/{pledge.slug}/"
    reviews = [len(data(client, path)["@graph"]) - 1]
    for name in ("ann", "bea"):
        approve_status_update(update=update, by=record.user(name), now=record.NOW)
        reviews.append(len(data(client, path)["@graph"]) - 1)
    assert reviews == [0, 0, 1]
    assert data(client, path)["@graph"][1]["reviewRating"]["ratingValue"] == 1


def test_an_official_is_a_person_with_offices(client: Client, author: User) -> None:
    term = record.term(by=author)
    record.pledge(by=author, of=term)
    found = data(client, f"/prosecutors/{term.person.slug}/")
    assert (found["@type"], found["name"]) == ("Person", term.person.name)
    assert found["hasOccupation"] == [
        {
            "@type": "Role",
            "startDate": "2024-01-01",
            "hasOccupation": {
                "@type": "Occupation",
                "name": term.office.title,
                "occupationLocation": {
                    "@type": "AdministrativeArea",
                    "name": f"{term.office.jurisdiction}, PA",
                },
            },
        }
    ]


def test_the_record_is_a_dataset(client: Client, author: User) -> None:
    assert "version" not in data(client, "/data/")
    record.pledge(by=author)
    found = data(client, "/data/")
    assert found["@type"] == "Dataset"
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [(one["encodingFormat"], one["contentUrl"]) for one in found["distribution"]] == [
        ("application/zip", "http://127.0.0.1:8000/data/latest/package.zip"),
        ("application/vnd.sqlite3", "http://127.0.0.1:8000/data/latest/tracker.sqlite"),
        ("application/json", "http://127.0.0.1:8000/api/v1/"),
    ]
    assert (int(found["version"]) > 0, found["dateModified"][:10]) == (True, "2026-03-02")


def test_no_words_can_leave_the_data_block(client: Client, author: User) -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028"
    pledge = record.pledge(by=author, title=title)
    response = client.get(f"/pledges/{pledge.slug}/")
    html = response.content.decode()
    assert html.count("<script") == html.count("</script>") == 1
    assert data(client, f"/pledges/{pledge.slug}/")["@graph"][0]["name"] == title
    # A data block is not run, so the policy need not let anything inline through.
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert as_data_block("</&\u2029>") == '"\\u003c/\\u0026\\u2029\\u003e"'


def test_pages_say_how_to_show_them(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title='Say "no" & more', statement="She said so.")
    record.published_update(by=author, of=pledge, status="kept")
    found = metas(client, f"/pledges/{pledge.slug}/")
    page = f"{SITE}/pledges/{pledge.slug}/"
    about = "Kept, since 1 June 2025. She said so."
    assert {name: value for name, value in found.items() if name[:3] in ("og:", "twi")} == {
        "og:site_name": "Prosecutor Promise Tracker",
        "og:type": "article",
        "og:title": f'{pledge.person}: Say "no" & more',
        "og:description": about,
        "og:url": page,
        "og:locale": "en_US",
        "og:image": f"{SITE}/cards/pledges/{pledge.slug}.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f'{pledge.person}: Say "no" & more. {about}',
        "twitter:card": "summary_large_image",
    }
    assert metas(client, "/")["twitter:card"] == "summary"


def test_a_page_names_its_own_address(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    for path in ("/", f"/pledges/{pledge.slug}/", f"/topics/{pledge.topic.slug}/"):
        html = client.get(f"{path}?utm_source=x").content.decode()
        assert f'<link rel="canonical" href="{SITE}{path}">' in html


def test_an_unconfirmed_import_says_so_where_it_is_shared(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    whole.imported_update(by=author, of=pledge, status="kept")
    about = metas(client, f"/pledges/{pledge.slug}/")["og:description"]
    assert about.startswith(
        "Kept, since 1 June 2025 (imported, not yet confirmed by two editors here). "
    )
