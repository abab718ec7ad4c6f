"""What Spanish pages say: pledges as translated, the rest marked; dates, counts and figures."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from promises.accounts.models import User
from promises.common.dates import in_words
from promises.pledges.translating import (
    retract_translation,
)
from promises.site.statuses import Scorecard
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words
from tests.site.test_languages import translated
from tests.site.test_queries import LATER

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def test_a_translated_pledge_is_shown_in_spanish_with_who_published_it(
    client: Client, author: User
) -> None:
    pledge = whole.pledge(by=author)
    page = f"/es/pledges/{pledge.slug}/"
    marked = f'<h1><span lang="en">{pledge.title}</span></h1>'
    assert marked in client.get(page).content.decode()
    translated(pledge, author)
    html = client.get(page).content.decode()
    assert "<h1>Hacer lo prometido</h1>" in html
    assert "<p>Dijo que lo haría.</p>" in html
    assert "traducción publicada por Author el 2 de marzo de 2026." in words(client.get(page))
    assert '"inLanguage": "es"' in html
    assert "<title>Hacer lo prometido ·" in html
    # The rest of the record is as it was written, and says so.
    assert '<span lang="en">The evidence says so.</span>' in html
    shown = (
        "", "pledges/", f"prosecutors/{pledge.person.slug}/", f"topics/{pledge.topic.slug}/",
        "updates/", "search/?q=example", f"embed/pledges/{pledge.slug}/",
        f"pledges/{pledge.slug}/updates.atom",
    )  # fmt: skip
    for address in (f"/es/{path}" for path in shown):
        body = client.get(address).content.decode()
        assert ("Hacer lo prometido" in body, pledge.title in body) == (True, False), address
    assert "Hacer lo prometido" not in client.get(page.removeprefix("/es")).content.decode()


def test_a_translation_that_is_behind_or_withdrawn_says_so(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    made = translated(pledge, author)
    pledge.title = "Do another thing"
    later = NOW + timedelta(days=3)
    correct_pledge(pledge=pledge, kind="correction", note="Misheard.", by=author, now=later)
    seen = words(client.get(f"/es/pledges/{pledge.slug}/"))
    assert seen.startswith("EN: aún sin traducir")
    assert "Hacer lo prometido" in seen
    assert "el inglés dice otra cosa desde el 5 de marzo de 2026" in seen
    made.refresh_from_db()
    retract_translation(translation=made, reason="Mal traducido.", by=author, now=later)
    html = client.get(f"/es/pledges/{pledge.slug}/").content.decode()
    assert '<h1><span lang="en">Do another thing</span></h1>' in html
    assert "Hacer lo prometido" not in html


def test_a_past_day_shows_the_record_as_it_was_written(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    translated(pledge, author)
    with time_machine.travel(LATER):
        html = client.get(f"/es/pledges/{pledge.slug}/?as_of=2026-03-03").content.decode()
    assert f'<h1><span lang="en">{pledge.title}</span></h1>' in html
    assert "Como lo vieron los lectores el 3 de marzo de 2026" in html
    assert f'href="/es/pledges/{pledge.slug}/">Ir a la página actual' in html


def test_dates_and_counts_bend_as_spanish_does() -> None:
    with translation.override("es"):
        assert in_words(date(2018, 7, 8), "day") == "8 de julio de 2018"
        assert in_words(date(2018, 7, 1), "month") == "julio de 2018"
        assert in_words(date(2018, 1, 1), "year") == "2018"
        one = Scorecard({"kept": 1, "broken": 1, "stalled": 1, "compromise": 1})
        assert one.sentence == ("1 de 4 cumplida, 1 cumplida en parte, 1 estancada, 1 incumplida")
        more = Scorecard({"kept": 2, "broken": 2, "compromise": 3, "holding": 2})
        assert more.sentence == (
            "2 de 9 cumplidas, 2 que se mantienen por ahora, 3 cumplidas en parte, 2 incumplidas"
        )
        over = Scorecard({"kept": 1, "held": 2})
        assert over.sentence == "1 de 3 cumplida, 2 que se mantenían (mandato concluido)"
    assert in_words(date(2018, 7, 1), "month") == "July 2018"


def test_figures_are_written_as_in_the_united_states(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    for language in ("", "/es"):
        seen = words(client.get(f"{language}/metrics/{pledge.metrics.get().slug}/"))
        assert "1,000.5" in seen
        election = words(client.get(f"{language}/prosecutors/{pledge.person.slug}/"))
        assert "147,559" in election


def test_another_site_embeds_a_page_in_its_language(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    translated(pledge, author)
    page = f"{SITE}/es/pledges/{pledge.slug}/"
    found = client.get("/oembed", {"url": page}).json()
    assert found["title"] == f"{pledge.person}: Hacer lo prometido"
    assert f'src="{SITE}/es/embed/pledges/{pledge.slug}/"' in found["html"]
    assert found["provider_name"] == "Registro de Promesas de Fiscales"
    assert found["thumbnail_url"] == f"{SITE}/es/cards/pledges/{pledge.slug}.png"
    html = client.get(page.removeprefix(SITE)).content.decode()
    assert f'href="/oembed?url={page.replace(":", "%3A").replace("/", "%2F")}"' in html
    assert f'<link rel="canonical" href="{page}">' in html
    assert '<meta property="og:locale" content="es_US">' in html
    english = client.get("/oembed", {"url": page.replace("/es/", "/")}).json()
    assert english["title"] == f"{pledge.person}: {pledge.title}"


def test_cards_and_feeds_differ_by_address(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    for path in (f"cards/pledges/{pledge.slug}.png", "updates.atom", "stale.json"):
        english, spanish = client.get(f"/{path}"), client.get(f"/es/{path}")
        assert english["ETag"] != spanish["ETag"], path
        again = client.get(f"/es/{path}", headers={"If-None-Match": spanish["ETag"]})
        assert again.status_code == 304, path
        other = client.get(f"/es/{path}", headers={"If-None-Match": english["ETag"]})
        assert other.status_code == 200, path
    feed = client.get("/es/updates.atom").content.decode()
    assert 'xml:lang="es"' in feed
    assert f'rel="self" type="application/atom+xml" href="{SITE}/es/updates.atom"' in feed
    assert client.get("/es/updates.json").json()["language"] == "es"
