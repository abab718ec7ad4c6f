"""Every other page says what it should, word for word where readers rely on it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.metrics.actions import add_observation
from promises.metrics.models import Observation
from promises.staleness.actions import sweep_stale
from promises.staleness.models import Sweep
from promises.updates.correcting import correct_evidence
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def test_officials_with_few_pledges_are_not_to_be_compared(client: Client, author: User) -> None:
    term = record.term(by=author)
    standing = record.pledge(by=author, of=term, kind="standing")
    record.published_update(by=author, of=standing)
    for _ in range(2):
        pledge = record.pledge(by=author, of=term)
        record.published_update(by=author, of=pledge, status="compromise")
    text = words(client.get("/prosecutors/"))
    assert (
        f"{term.person} {term.office} in office since 1 January 2024 "
        "0 of 3 kept, 1 holding so far, 2 compromises. too few pledges to compare" in text
    )


def test_a_prosecutors_page(client: Client, author: User) -> None:
    parent = record.topic(by=author, name="Fairness")
    topic = record.topic(by=author, name="Bail", parent=parent)
    term = record.term(
        by=author, ends_on=date(2025, 7, 8), end_reason="recalled", note="Day of the recall."
    )
    pledge = whole.pledge(by=author, of=term, topic=topic)
    whole.successor(by=author, term=term, is_published=True)
    response = client.get(f"/prosecutors/{term.person.slug}/")
    text = words(response)
    for expected in (
        f"{term.person} {term.office}, PA · in office from 1 January 2024 to 8 July 2025 "
        "(recalled by voters)",
        "Where the promises stand 0 of 1 kept, 1 compromise. too few pledges to compare",
        f"Promises By topic By status Beside another official Bail {pledge.title} "
        "Compromise since 1 June 2025",
        "Term from 1 January 2024 to 8 July 2025 (recalled by voters) · "
        "Followed by Sam Successor 554 days in office Day of the recall.",
        f"7 November 2023: Stage {pledge.slug.replace('-', ' ')} {term.office} · {term.person} "
        "(Example Party) won · outcome: elected",
        "election night, half of the precincts partial count, 49.5% counted 71% 29% – "
        "The Example Times",
        "a week later official canvass 75% 147,559 votes – 97,497 votes –",
    ):
        assert expected in text, expected


def test_someone_who_never_held_the_office_has_no_page(client: Client, author: User) -> None:
    term = record.term(by=author)
    loser = whole.successor(by=author, term=term, is_published=True)
    assert client.get(f"/prosecutors/{loser.slug}/").status_code == 404


def test_topics_stand_under_their_parents_with_counts(client: Client, author: User) -> None:
    late = record.topic(by=author, name="Fairness", position=2)
    early = record.topic(by=author, name="Incarceration", position=1)
    bail = record.topic(by=author, name="Bail", parent=early, position=1, principle=3)
    record.topic(by=author, name="Police", parent=late, position=1, about="What police do.")
    record.pledge(by=author, topic=bail)
    record.draft_pledge(by=author, topic=bail)
    text = words(client.get("/topics/"))
    assert text.endswith(
        "Incarceration Bail [3] 1 pledge Fairness Police 0 pledges · What police do."
    )


def test_a_topic_shows_officials_side_by_side(client: Client, author: User) -> None:
    parent = record.topic(by=author, name="Incarceration")
    bail = record.topic(by=author, name="Bail", parent=parent)
    ann, bea = record.term(by=author), record.term(by=author)
    kept = record.pledge(by=author, of=ann, topic=bail, title="End bail")
    record.published_update(by=author, of=kept, status="kept", reasoning="It ended.")
    record.pledge(by=author, of=bea, topic=bail, title="Reform bail")
    expected = (
        "Officials side by side 1 of 2 kept, 1 not yet rated. too few pledges to compare "
        f"2 pledges by 2 officials Pledge Status Why {ann.person} {ann.office} End bail "
        "Kept since 1 June 2025 may be out of date It ended. "
        f"{bea.person} {bea.office} Reform bail "
    )
    with time_machine.travel(NOW):
        assert expected in words(client.get(f"/topics/{bail.slug}/"))
        text = words(client.get(f"/topics/{parent.slug}/"))
    assert expected in text
    assert "Topics below it: Bail (2)" in text


def test_updates_name_who_stands_behind_each(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Do it")
    whole.imported_update(by=author, of=pledge, status="stalled", effective_on=date(2025, 1, 8))
    update = record.draft_update(by=author, of=pledge, reasoning="It has begun.")
    record.submit_status_update(update=update, by=author, now=NOW)
    record.approve_status_update(update=update, by=record.user("ann"), now=NOW)
    update.refresh_from_db()
    later = NOW + timedelta(days=1)
    record.publish_status_update(update=update, by=author, now=later)
    text = words(client.get("/updates/"))
    assert (
        f"Updates 1 to 2 of 2 Do it {pledge.person} In the works from 1 June 2025 It has begun. "
        "Published here 3 March 2026. Written by Author, approved by Ann. "
        f"Do it {pledge.person} Stalled from 8 January 2025 The evidence says so. "
        "Published here 2 March 2026. Imported, not yet confirmed by two editors here." in text
    )


def test_stale_lists_the_longest_overdue_first_and_names_the_sweep(
    client: Client, author: User
) -> None:
    with time_machine.travel(NOW + timedelta(days=100), tick=False):
        text = words(client.get("/stale/"))
        assert "No sweep has run yet." in text
        assert "Nothing is overdue today" in text
        filtered = words(client.get("/stale/?reason=term_ended"))
        assert "No overdue pledge matches these filters" in filtered
        assert "Nothing is overdue today" not in filtered
        newer = record.pledge(by=author, title="Newer", due_on=date(2026, 2, 1))
        record.evidence(by=author, about=newer)
        older = record.pledge(by=author, title="Older", due_on=date(2025, 12, 1))
        record.evidence(by=author, about=older)
        sweep_stale(by=author, now=NOW + timedelta(days=100))
        Sweep.objects.update(finished_at=NOW + timedelta(days=100))
        text = words(client.get("/stale/"))
    assert Sweep.objects.get().opened == 4
    assert "The last sweep ran on 10 June 2026, 12:00 UTC. It opened 4 and closed 0." in text
    assert (
        "Its deadline has passed without an outcome 2 No editor here has reviewed it yet 2 " in text
    )
    assert "0 to 29 days 0 30 to 89 days 0 90 to 179 days 1 180 to 364 days 1" in text
    assert "Pledges 1 to 2 of 2, longest overdue first Older" in text
    assert (
        "Not yet rated Its deadline has passed without an outcome, since 2 December 2025."
        " Deadline 1 December 2025. Cleared by a rating that says what came of it."
        " No editor here has reviewed it yet, since 31 May 2026. Published here on 2 March 2026."
        " Cleared by a review, or two editors confirming the imported rating. Newer" in text
    )


def test_evidence_says_what_it_says_about_which_pledge(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    evidence = pledge.evidence.order_by("pk").first()
    assert evidence is not None
    evidence.summary = "Example thing happened twice."
    correct_evidence(evidence=evidence, kind="correction", note="Miscounted.", by=author, now=NOW)
    text = words(client.get(f"/evidence/{evidence.slug}/"))
    for expected in (
        f"Evidence {evidence.title} Example thing happened twice. "
        "What stands here was corrected on 2 March 2026. What was changed "
        "Read it at news.example.org "
        "Publisher The Example Times Published 1 May 2025 Kind news report",
        "Title as published",
        f"{pledge.title} {pledge.person} · supports Compromise",
        "Election results read from it",
        "election night, half of the precincts",
        "correction: it was wrong",
        "It should say Example thing happened twice. Why Miscounted.",
    ):
        assert expected.lower() in text.lower(), expected


def test_a_metric_shows_the_latest_vintage_first_and_keeps_the_superseded(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    metric = whole.metric(by=author, about=pledge, name="Cash bail", reading="lower is less")
    response = client.get(f"/metrics/{metric.slug}/")
    text = words(response)
    assert "unit: case participants How to read it: lower is less" in text
    assert "1 value was superseded by a later one and is kept below it." in text
    assert text.count("1,234.5") == 1
    assert (
        "Source: example-dashboard All values as CSV Cash bail, case participants "
        "Period Value As published "
        "March 2024 1,002.5 10 January 2025 "
        "February 2024 1,001.5 10 January 2025 "
        "January 2024 1,000.5 10 January 2025 "
        "January 2024 superseded 1,234.5 1 June 2024" in text
    )
    # What it is about is not behind hundreds of rows.
    assert text.index(f"Pledges it bears on {pledge.title}") < text.index("All values, with their")
    assert response.content.count(b"<polyline") == 1
    row = Observation(
        metric=metric, observed_on=date(2024, 4, 1), period="month", value=Decimal(7),
        vintage_on=date(2025, 2, 1), source="example-archive",
    )  # fmt: skip
    add_observation(observation=row, by=author, now=NOW)
    text = words(client.get(f"/metrics/{metric.slug}/"))
    assert "Source:" not in text
    assert "April 2024 7 1 February 2025 example-archive March 2024" in text
    assert "March 2024 1,002.5 10 January 2025 example-dashboard" in text


def test_the_metrics_of_one_pledge(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Do it")
    whole.metric(by=author, about=pledge, name="Cash bail, theft")
    whole.metric(by=author, about=pledge, name="Cash bail")
    whole.metric(by=author, about=record.pledge(by=author), name="Another thing")
    text = words(client.get(f"/metrics/?pledge={pledge.slug}"))
    assert "Those that bear on the pledge Do it. Series 1 to 2 of 2 Cash bail" in text
    assert "Another thing" not in text
    assert "Series 1 to 3 of 3" in words(client.get("/metrics/"))
    on_page = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "Figures that bear on it Cash bail case participants 1,500 1,000 500 0 2024" in on_page
    assert "Cash bail, case participants: the newest value of each period." in on_page
    assert on_page.count("Table of values: Cash bail") == 2


def test_search_finds_pledges_and_evidence_by_every_word(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="End money bail")
    record.evidence(by=author, about=pledge, title="Bail memo", summary="Money is not asked for.")
    record.evidence(by=author, about=pledge, title="Unrelated")
    text = words(client.get("/search/", {"q": " bail   MONEY "}))
    assert "Search for “bail MONEY” Words Search 1 pledge End money bail" in text
    assert "Pledges or evidence Evidence 1 Pledges 1" in text
    assert "1 piece of evidence Bail memo The Example Times · 1 May 2025 · news report" in text
    assert "0 pledges 0 pieces of evidence" in words(client.get("/search/?q=nowhere"))
    assert "Every word given must occur" in words(client.get("/search/"))


def test_methodology_states_the_rules_and_the_policies_in_force(
    client: Client, author: User
) -> None:
    record.methodology(by=author)
    text = words(client.get("/methodology/"))
    for expected in (
        "in the works, stalled, broken and not yet rated follow PolitiFact’s scale.",
        "Kept What was promised has happened.",
        "Holding so far A promise to never or always do something",
        "Who writes a rating cannot approve it.",
        "Nobody has looked again in time A review or a new rating",
        "In the works 180 days 180 days Stalled 180 days 180 days Compromise 365 days not again",
        "Version 1 in force from 1 January 2020 0 ratings were made under it Rules.",
    ):
        assert expected in text, expected


def test_corrections_keep_the_old_words(client: Client, author: User) -> None:
    assert "Nothing has been corrected yet." in words(client.get("/corrections/"))
    pledge = whole.pledge(by=author)
    text = words(client.get("/corrections/"))
    assert f"Corrections 1 to 2 of 2 {pledge.title} 2 March 2026 · Typing error · title" in text


def test_the_language_is_that_of_the_address_not_of_the_browser(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    english = client.get(f"/pledges/{pledge.slug}/")
    spanish_browser = client.get(f"/pledges/{pledge.slug}/", headers={"accept-language": "es"})
    assert spanish_browser.content == english.content
    assert spanish_browser.headers["Content-Language"] == "en"
    assert b"7 November 2023" in english.content


def test_the_data_page_leads_to_the_api(client: Client) -> None:
    page = client.get("/data/").content.decode()
    for address in ("/api/docs/", "/api/schema/", "/api/v1/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200, address


def test_a_list_without_updates_says_so(client: Client) -> None:
    text = words(client.get("/updates/"))
    assert text.endswith("Follow them: Atom · JSON Feed Nothing has been published yet.")
    html = client.get("/updates/").content.decode()
    for media, path in (("atom+xml", "atom"), ("feed+json", "json")):
        assert f'type="application/{media}" title="Updates" href="/updates.{path}">' in html


def test_nobody_is_confident_of_a_rating_that_is_none(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge, status="not_yet_rated")
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "The evidence says so. Evidence up to 2 June 2025 · version 1 of the method" in text
    assert "onfidence" not in text
