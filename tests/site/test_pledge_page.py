"""The page of one pledge: was it kept, who says so, since when, how to check."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Criterion
from promises.sources.entering import follow_evidence
from promises.staleness.models import ReviewPolicy
from promises.staleness.policies import save_review_policy
from promises.updates.actions import approve_status_update
from promises.updates.correcting import correct_evidence_link
from tests import record
from tests.record import NOW, record_review
from tests.record_requests.filed import request
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def test_the_first_lines_say_what_since_when_and_who(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Do the example thing")
    update = record.draft_update(by=author, of=pledge, status="kept", reasoning="It was done.")
    record.submit_status_update(update=update, by=author, now=NOW)
    for name in ("ann", "bea"):
        approve_status_update(update=update, by=record.user(name), now=NOW)
    update.refresh_from_db()
    record.publish_status_update(update=update, by=author, now=NOW)
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    assert text.startswith(
        f"{pledge.person}, {pledge.term.office} Do the example thing "
        "Was it kept? Kept since 1 June 2025 "
        "Says who Written by Author, approved by Ann and Bea "
        "Last look 2 March 2026 "
        "Check it 1 supporting, 0 contradicting, 0 context It was done. "
        "Medium confidence, on evidence up to 2 June 2025 · version 1 of the method "
    )


def test_a_pledge_that_nobody_has_rated_says_so(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "Was it kept? Not yet rated Last look No editor here has reviewed it yet" in text
    assert text.count("None on record.") == 3


def test_an_imported_rating_says_so_until_two_people_confirm_it(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    update = whole.imported_update(by=author, of=pledge)
    page = f"/pledges/{pledge.slug}/"
    unconfirmed = "Says who Imported, not yet confirmed by two editors here Last look"
    assert unconfirmed + " No editor here has reviewed it yet" in words(client.get(page))
    approve_status_update(update=update, by=record.user("ann"), now=NOW)
    assert unconfirmed in words(client.get(page))
    approve_status_update(update=update, by=record.user("bea"), now=NOW)
    text = words(client.get(page))
    assert "Says who Imported, confirmed here by Ann and Bea Last look 2 March 2026" in text
    assert "not yet confirmed" not in text


@time_machine.travel(NOW + timedelta(days=400))
def test_wherever_an_imported_rating_stands_it_is_said_that_nobody_confirmed_it(
    client: Client, author: User
) -> None:
    said_so = "Nobody is charged for being poor"
    pledge = record.pledge(by=author, quote=said_so, quote_attribution="Jane Example")
    update = whole.imported_update(by=author, of=pledge)
    metric = whole.metric(by=author, about=pledge)
    asked_for = request(by=author, about=pledge)
    evidence = pledge.evidence.get()
    link = pledge.evidence_links.get()
    link.is_source = True
    correct_evidence_link(link=link, kind="update", note="It was here.", by=author, now=NOW)
    record.copy_of(evidence, by=author, text=f"She said: {said_so}.")
    follow_evidence(by=author, now=NOW)
    short = "imported, not yet confirmed"
    said = {
        "/": 2,  # Among what changed lately, and on the scorecard.
        f"/prosecutors/{pledge.person.slug}/": 5,  # Scorecard, row, timeline, two descriptions.
        f"/embed/prosecutors/{pledge.person.slug}/": 1,
        "/prosecutors/": 1,
        # What it says of the pledge, its own words, ratings that rest on it.
        f"/evidence/{evidence.slug}/": 3,
        f"/pledges/{pledge.slug}/": 5,  # Three descriptions, the citation and a mail with it.
        f"/pledges/{pledge.slug}/challenge/": 1,
        f"/record-requests/{asked_for.slug}/": 1,
        "/stale/": 1,
        f"/metrics/{metric.slug}/": 1,
        f"/pledges/{pledge.slug}/cite.bib": 1,
    }

    def counts() -> dict[str, int]:
        return {page: client.get(page).content.decode().count(short) for page in said}

    assert counts() == said
    for name in ("ann", "bea"):
        approve_status_update(update=update, by=record.user(name), now=NOW)
    assert counts() == dict.fromkeys(said, 0)


def test_a_review_does_not_confirm_an_imported_rating(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    whole.imported_update(by=author, of=pledge)
    record_review(pledge=pledge, note="Looked at the docket.", by=author, now=NOW)
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "Imported, not yet confirmed by two editors here Last look 2 March 2026 Check it" in text


def test_a_standing_pledge_in_the_works_is_holding_so_far(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, kind="standing")
    record.published_update(by=author, of=pledge, status="in_the_works")
    response = client.get(f"/pledges/{pledge.slug}/")
    assert "Was it kept? Holding so far since 1 June 2025" in words(response)
    assert "In the works" not in words(response)
    assert b'<use href="#g-holding"/>' in response.content


def test_the_whole_record_of_a_pledge_is_on_its_page(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    for expected in (
        "Compromise since 1 June 2025 Says who",
        "The evidence says so. partly done Medium confidence, on evidence up to 2 June 2025",
        f"What was promised {pledge.statement} Made by 7 November 2023, in the campaign",
        "Who controls the outcome the office itself",
        "Sort of promise outcome: to bring something about",
        "The thing is done. ○ not assessed · threshold not written yet · "
        "letter: what the office does",
        "Supports (3)",
        "Contradicts (1)",
        "Context (1)",
        "The Example Times, 1 May 2025 · news report · source: independent",
        "Looked again, nothing changed 3 March 2026 Looked at the new figures. Reviewed by Author",
        "Compromise from 1 June 2025 partly done The evidence says so. Rests on: Example report",
        "evidence up to 2 June 2025 · confidence medium · version 1 of the method · "
        "published here 2 March 2026",
        "Stalled from 8 January 2025",
        "The official’s response We did what could be done. Office of Jane Example, 1 July 2025",
        "Figures that bear on it Cases with cash bail",
        "2 March 2026 · Typing error · title · Author",
        "Clarification: it could be misread · reasoning · Author It said The evidence says so. "
        "It should say The evidence says so, mostly. Why A reader asked.",
        f"Edition {pledge.edition} of the record, last changed on",
    ):
        assert expected in text, expected


def test_an_official_whose_record_is_paused_says_so_on_every_pledge(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    save_review_policy(
        policy=ReviewPolicy(
            pledge=pledge, watch="paused", paused_on=date(2026, 1, 5), pause_reason="Out of office."
        ),
        by=author,
        now=NOW,
    )
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "No longer updated since 5 January 2026, because: Out of office." in text


def test_figures_are_drawn_with_the_term_shaded(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    response = client.get(f"/pledges/{pledge.slug}/")
    assert response.content.count(b'<polyline class="line"') == 1
    # The term on the strip of ratings and on the chart.
    assert response.content.count(b'<rect class="term"') == 2
    assert (
        "A dash is another value published of the same period. "
        "Shaded: the terms of office it is about." in words(response)
    )


def test_the_history_runs_from_the_newest_to_the_oldest(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    history = text[text.index("History") :]
    places = [history.index(day) for day in ("3 March 2026", "1 June 2025", "8 January 2025")]
    assert places == sorted(places)


def test_criteria_say_what_they_count_for_and_whether_they_are_met(
    client: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    for position, (verdict, is_met) in enumerate([("kept", True), ("broken", False)], start=2):
        record.save_criterion(
            criterion=Criterion(
                pledge=pledge,
                position=position,
                verdict=verdict,
                aspect="effect",
                text=f"Test {position}",
                how_to_verify="Count them.",
                is_met=is_met,
            ),
            by=author,
            now=NOW,
        )
    pledge = record.publish_pledge(pledge=pledge, by=author, now=NOW)
    text = words(client.get(f"/pledges/{pledge.slug}/"))
    assert (
        "Test 2 ✓ met · counts as kept once met · effect: what comes of it "
        "How to verify: Count them. "
        "Test 3 ✕ not met · counts as broken once met · effect: what comes of it" in text
    )


def test_evidence_says_what_is_not_certain_about_it(client: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    record.evidence(
        by=author,
        about=pledge,
        title="A report somewhere",
        is_title_exact=False,
        published_on=date(2018, 7, 1),
        date_precision="month",
        checked="unconfirmed",
        publisher="",
    )
    response = client.get(f"/pledges/{pledge.slug}/")
    assert (
        "A report somewhere not confirmed July 2018 · news report · source: independent"
        " · title adapted" in words(response)
    )
    assert b'rel="nofollow noopener noreferrer">news.example.org</a>' in response.content


def test_a_stale_pledge_says_why_since_when_and_what_clears_it(
    client: Client, author: User
) -> None:
    pledge = record.pledge(by=author, due_on=date(2026, 1, 31))
    record.published_update(by=author, of=pledge)
    page = f"/pledges/{pledge.slug}/"
    with time_machine.travel(NOW + timedelta(days=200)):
        text = words(client.get(page))
    assert "In the works since 1 June 2025" in text
    assert (
        "This may be out of date Its deadline has passed without an outcome, since "
        "1 February 2026. Deadline 31 January 2026. "
        "Cleared by a rating that says what came of it. "
        "Its rating rests on evidence without a copy, since 9 March 2026. Pieces of evidence"
        " without a copy: 1; cited by a rating since 2 March 2026. "
        "Cleared by a copy of the evidence, or a note why it can do without one. "
        "Nobody has looked again in time, since 29 August 2026. "
        "Evidence looked at up to 2 March 2026; due again after 180 days. "
        "Cleared by a review or a new rating." in text
    )
    with time_machine.travel(NOW - timedelta(days=40)):
        assert "out of date" not in words(client.get(page))


def test_a_withdrawn_pledge_is_gone_and_says_why(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Never said")
    retract_pledge(pledge=pledge, reason="She never said it.", by=author, now=NOW)
    response = client.get(f"/pledges/{pledge.slug}/")
    assert response.status_code == 410
    assert words(response) == (
        "This was withdrawn What was published here was withdrawn on 2 March 2026. "
        "Why: She never said it. Go to the front page"
    )
    assert b"Never said" not in response.content


def test_text_of_the_record_is_never_markup(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="<script>alert(1)</script> & <b>bold</b>")
    response = client.get(f"/pledges/{pledge.slug}/")
    scripts = re.findall(r"<script[^>]*>", response.content.decode())
    assert scripts == ['<script type="application/ld+json">']
    assert "<script>alert(1)</script> & <b>bold</b>" in words(response)
