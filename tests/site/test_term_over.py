"""A standing pledge that held when it was last rated, before and after the end of its term."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from promises.accounts.models import User
from promises.alerts.news import news_of
from promises.ledger.models import Entry
from promises.pledges.choices import Status
from promises.pledges.models import Pledge
from promises.site import cards
from tests import record
from tests.site.reading import words
from tests.site.test_filters import titles

pytestmark = pytest.mark.django_db

ENDS = date(2026, 3, 31)
BEFORE, AFTER = datetime(2026, 3, 30, 12, tzinfo=UTC), datetime(2026, 3, 31, 12, tzinfo=UTC)
HOLDING, HELD = "Holding so far", "Term over; last rated holding"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A standing pledge of a term that ends a month after its rating."""
    term = record.term(by=author, ends_on=ENDS, who={"slug": "ann", "name": "Ann Example"})
    made = record.pledge(by=author, of=term, kind="standing", title="Alpha", slug="alpha")
    record.published_update(by=author, of=made, status="in_the_works")
    made.refresh_from_db()
    return made


def said(client: Client, address: str) -> list[str]:
    """Return which of the two is said of a pledge at this address, not in a legend.

    What is over did not begin to be over on the day from which it held.
    """
    text = words(client.get(address))
    assert f"{HELD} since" not in text
    ways = {HOLDING: ("since", "from"), HELD: ("(held from 1 June 2025)", "from")}
    return [label for label in ways if any(f"{label} {way}" in text for way in ways[label])]


def titles_of_feed(client: Client) -> list[str]:
    """Return the titles of the ratings in the feed of the pledge, the latest first."""
    feed = client.get("/pledges/alpha/updates.json").json()
    return [item["title"] for item in feed["items"]]


def test_pages_say_it_otherwise_from_the_end_of_the_term_on(client: Client, pledge: Pledge) -> None:
    """Nothing is published in between, and nothing becomes kept by itself."""
    addresses = [
        "/", "/pledges/", "/pledges/alpha/", "/prosecutors/ann/", "/updates/", "/compare/?a=ann",
        f"/topics/{pledge.topic.slug}/", f"/evidence/{pledge.evidence_links.get().evidence.slug}/",
        "/search/?q=county", "/pledges/alpha/challenge/", "/embed/pledges/alpha/",
    ]  # fmt: skip
    for moment, label in ((BEFORE, HOLDING), (AFTER, HELD)):
        with time_machine.travel(moment):
            assert [each for each in addresses if said(client, each) != [label]] == []
            assert titles_of_feed(client) == [f"Ann Example: Alpha · {label}"]
    pledge.refresh_from_db()
    assert pledge.status == "in_the_works"


def test_heads_citations_cards_and_the_strip_say_the_same(client: Client, pledge: Pledge) -> None:
    with time_machine.travel(AFTER):
        page = client.get("/pledges/alpha/").content.decode()
        assert f"{HELD} (held from 1 June 2025). She said" in page
        assert f"(Ann Example): {HELD} (held from 1 June 2025). Prosecutor Promise Tracker" in page
        assert '<g class="held"><rect class="band"' in page
        assert '<section class="verdict held"' in page
        assert 'href="#g-holding"' not in page
        bibtex = client.get("/pledges/alpha/cite.bib").content.decode()
        assert f"note = {{{HELD} (held from 1 June 2025); edition" in bibtex
        official = client.get("/prosecutors/ann/").content.decode()
        assert '<g class="held"><use href="#g-held"' in official
    drawn = [cards.pledge_svg(pledge, moment.date()) for moment in (BEFORE, AFTER)]
    assert [(HOLDING in svg, HELD in svg) for svg in drawn] == [(True, False), (False, True)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_label_of_a_card_runs_out_of_it(pledge: Pledge, language: str) -> None:
    """The longest day beside each label, in its language."""
    pledge.status_since = date(2025, 9, 30)
    with translation.override(language):
        for status in Status:
            pledge.status = status
            svg = cards.pledge_svg(pledge, AFTER.date())
            place, since = re.findall(r'<text x="(\d+)" y="186" font-size="32"[^>]*>([^<]+)', svg)[
                0
            ]
            assert int(place) + cards.width_of(since, "sans", 32) <= cards.WIDTH - cards.MARGIN + 1


def test_scorecards_filters_and_facets_count_them_apart(client: Client, pledge: Pledge) -> None:
    counted = {
        "holding": "0 of 1 kept, 1 holding so far",
        "held": "0 of 1 kept, 1 last rated holding (term over)",
    }
    for moment, key, other in ((BEFORE, "holding", "held"), (AFTER, "held", "holding")):
        with time_machine.travel(moment):
            for address in ("/prosecutors/", "/prosecutors/ann/", "/embed/prosecutors/ann/", "/"):
                text = words(client.get(address))
                assert (counted[key] in text, counted[other] in text) == (True, False), address
            for address in ("/pledges/?status=", "/search/?q=county&in=pledges&status="):
                found = [
                    titles(client, f"{address}{each}") for each in (key, other, "in_the_works")
                ]
                assert found == [["Alpha"], [], []], address
            grouped = client.get("/prosecutors/ann/?by=status").content.decode()
            assert f'<h3><span class="chip {key}">' in grouped
            assert f'<option value="{key}" selected>' in (
                client.get(f"/pledges/?status={key}").content.decode()
            )


def test_a_past_day_is_the_day_on_which_its_term_ran(client: Client, pledge: Pledge) -> None:
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC)):
        for day, label in (("2026-03-30", HOLDING), ("2026-03-31", HELD)):
            for path in ("pledges/alpha", "prosecutors/ann", f"topics/{pledge.topic.slug}"):
                assert said(client, f"/{path}/?as_of={day}") == [label], (path, day)


def test_a_letter_says_it_as_it_was_on_the_day_of_publication(author: User, pledge: Pledge) -> None:
    record.published_update(by=author, of=pledge, status="in_the_works", now=AFTER)
    (group,) = news_of(
        Entry.objects.filter(event__startswith="status_update:").values_list("edition", flat=True)
    )
    told = [item.title for item in group.items if "rating" in item.title]
    assert told == [f"New rating: {HOLDING}", f"New rating: {HELD}"]


def test_a_rating_that_another_has_followed_says_what_it_said(
    client: Client, author: User, pledge: Pledge
) -> None:
    record.published_update(
        by=author, of=pledge, status="broken",
        effective_on=date(2025, 9, 1), assessed_on=date(2025, 9, 2),
    )  # fmt: skip
    with time_machine.travel(AFTER):
        text = words(client.get("/pledges/alpha/"))
        assert "Was it kept? Broken since 1 September 2025" in text
        assert said(client, "/pledges/alpha/") == [HOLDING]
        home = words(client.get("/"))
        assert "Broken since 1 September 2025, before that holding so far" in home
        assert titles_of_feed(client) == [
            "Ann Example: Alpha · Broken",
            f"Ann Example: Alpha · {HOLDING}",
        ]
