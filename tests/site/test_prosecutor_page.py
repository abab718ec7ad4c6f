"""The page of one official: where the promises stand, the years, the elections as reported."""

import csv
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.officials.actions import save_official_record
from promises.officials.models import Candidacy, Election, Person, ResultReport, Term
from promises.site.timelines import clock, decided
from promises.staleness.models import ReviewPolicy
from promises.staleness.policies import save_review_policy
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


def recall(*, by: User, of: Term, held_on: date, outcome: str = "recalled") -> Election:
    """A recall with one report. Nobody stands in it."""
    vote = Election(
        slug=f"recall-{held_on}", office=of.office, held_on=held_on, stage="recall", outcome=outcome
    )
    save_official_record(record=vote, by=by, now=NOW)
    report = ResultReport(
        election=vote,
        position=1,
        as_of="election night",
        status="unofficial",
        winner_percent=55,
        runner_up_percent=45,
    )
    save_official_record(record=report, by=by, now=NOW)
    return vote


def page_of(client: Client, person: Person, query: str = "") -> str:
    with time_machine.travel(NOW):
        return words(client.get(f"/prosecutors/{person.slug}/{query}"))


def test_a_recall_stands_on_the_page_and_nobody_wins_it(client: Client, author: User) -> None:
    term = record.term(by=author, ends_on=date(2025, 7, 8), end_reason="recalled")
    recall(by=author, of=term, held_on=date(2025, 6, 7))
    recall(by=author, of=term, held_on=date(2025, 1, 7), outcome="not_recalled")
    recall(by=author, of=term, held_on=date(2023, 6, 7))  # Of whoever came before.
    text = page_of(client, term.person)
    assert (
        f"7 June 2025: Recall {term.office} · outcome: recalled Reports of the result of "
        "7 June 2025 As of For the recall Against it Margin Source election night "
        "unofficial count 55% 45%" in text
    )
    assert "As of Against the recall For it Margin" in text
    assert "Winner" not in text
    assert "7 June 2023" not in text
    assert "7 June 2025 Recall election: recalled" in text
    assert "8 July 2025 Left office: recalled by voters" in text


def test_whoever_wins_a_primary_is_nominated(client: Client, author: User) -> None:
    term = record.term(by=author)
    primary = Election(
        slug="primary", office=term.office, held_on=date(2023, 5, 16), stage="primary"
    )
    primary.outcome = "elected"
    save_official_record(record=primary, by=author, now=NOW)
    won = Candidacy(election=primary, person=term.person, is_winner=True)
    save_official_record(record=won, by=author, now=NOW)
    text = page_of(client, term.person)
    assert "won · outcome: nominated" in text
    assert "16 May 2023 Primary election: nominated" in text
    assert decided(Election(stage="general", outcome="elected")) == "elected"
    assert decided(Election(stage="general", outcome="")) == ""


def test_promises_are_grouped_by_topic_or_by_status(client: Client, author: User) -> None:
    term = record.term(by=author)
    bail, police = (record.topic(by=author, name=name) for name in ("Bail", "Police"))
    kept = record.pledge(by=author, of=term, topic=police, title="Done")
    record.published_update(by=author, of=kept, status="kept")
    record.pledge(by=author, of=term, topic=bail, title="Open")
    by_topic = page_of(client, term.person)
    assert by_topic.index("Bail Open Not yet rated") < by_topic.index("Police Done Kept since")
    by_status = page_of(client, term.person, "?by=status")
    assert by_status.index("Kept (1) Done Kept since") < by_status.index("Not yet rated (1) Open")
    assert client.get(f"/prosecutors/{term.person.slug}/?by=size").status_code == 400


def test_the_timeline_holds_terms_promises_ratings_and_the_clock(
    client: Client, author: User
) -> None:
    term = record.term(by=author)
    pledge = record.pledge(by=author, of=term, title="Do it")
    record.published_update(by=author, of=pledge)
    text = page_of(client, term.person)
    assert (
        "1 June 2025 In the works Do it 1 January 2024 Took office: "
        f"{term.office} 7 November 2023 By this day one of the promises on record was made" in text
    )
    assert "Day 792 of a term of 4 years" in text
    assert clock(Term(started_on=date(2020, 1, 1), ends_on=date(2020, 1, 2)), NOW.date()) == (
        "1 day in office"
    )
    assert clock(Term(started_on=date(2027, 1, 1)), NOW.date()) == "The term has not begun"


def test_a_pause_of_some_promises_is_not_one_of_the_official(client: Client, author: User) -> None:
    term = record.term(by=author)
    pledges = [record.pledge(by=author, of=term) for _ in range(3)]
    record.draft_pledge(by=author, of=term)
    pause = {"watch": "paused", "paused_on": date(2026, 1, 5), "pause_reason": "The case waits."}
    said = []
    for pledge in pledges:
        policy = ReviewPolicy(pledge=pledge, **pause)
        save_review_policy(policy=policy, by=author, now=NOW)
        text = page_of(client, term.person)
        said.append(text[text.index("4 years") + 8 : text.index(" Where the promises")])
    since = "longer updated since 5 January 2026, because: The case waits."
    assert said == [
        f"1 of 3 promises is no {since}",
        f"2 of 3 promises are no {since}",
        f"No {since}",
    ]
    in_spanish = client.get(f"/es/prosecutors/{term.person.slug}/").content.decode()
    assert '<span lang="en">The case waits.</span>' in in_spanish


def test_replies_stand_on_the_page_of_the_official(client: Client, author: User) -> None:
    pledge = whole.pledge(by=author)
    assert (
        f"Replies {pledge.title} We did what could be done. Office of Jane Example, 1 July 2025"
        in page_of(client, pledge.person)
    )


def test_the_pledges_of_one_official_as_a_file(client: Client, author: User) -> None:
    term = record.term(by=author)
    record.pledge(by=author, of=term, title='=HYPERLINK("x")', position=7)
    record.pledge(by=author)
    record.draft_pledge(by=author, of=term)
    response = client.get(f"/prosecutors/{term.person.slug}/pledges.csv")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{term.person.slug}-pledges.csv"'
    )
    (row,) = csv.DictReader(response.content.decode().splitlines())
    assert row["title"] == '\'=HYPERLINK("x")'
    assert (row["position"], row["due_on"], row["person"]) == ("7", "", term.person.slug)
    assert client.get("/prosecutors/nobody/pledges.csv").status_code == 404


def test_time_in_office_goes_over_all_terms_without_a_gap(client: Client, author: User) -> None:
    first = record.term(by=author, started_on=date(2016, 1, 4), ends_on=date(2020, 1, 6))
    for started_on, ends_on in ((date(2020, 1, 6), date(2024, 1, 1)), (date(2024, 1, 1), None)):
        next_term(by=author, after=first, started_on=started_on, ends_on=ends_on)
    text = page_of(client, first.person)
    assert "in office since 4 January 2016, in the present term since 1 January 2024 Day " in text
    assert "Term from 4 January 2016 to 6 January 2020 1,463 days in office" in text


def test_what_followed_a_term_without_an_end_known_is_not_made_up(
    client: Client, author: User
) -> None:
    term = record.term(by=author, ends_on=date(2025, 12, 31))
    text = page_of(client, term.person)
    assert (
        "in office from 1 January 2024; the term on record ended on 31 December 2025, "
        "and what followed is not on record Where the promises stand" in text
    )


def next_term(*, by: User, after: Term, started_on: date, ends_on: date | None = None) -> Term:
    """Another term of the same person in the same office."""
    term = Term(
        slug=f"term-{started_on}",
        person=after.person,
        office=after.office,
        started_on=started_on,
        ends_on=ends_on,
    )
    save_official_record(record=term, by=by, now=NOW)
    return term


def test_a_term_that_lies_ahead_is_not_time_in_office(client: Client, author: User) -> None:
    running = record.term(by=author, ends_on=date(2028, 1, 3))
    ahead = next_term(
        by=author, after=running, started_on=date(2028, 1, 3), ends_on=date(2032, 1, 5)
    )
    text = page_of(client, running.person)
    assert (
        "in office since 1 January 2024, with a next term from 3 January 2028 Day 792 of a term "
        "of 4 years Where " in text
    )
    assert "Term from 3 January 2028 to 5 January 2032 The term has not begun" in text
    assert f"1 January 2024 Took office: {running.office}" in text
    assert text.count("Took office") == 1
    assert text.count("The term has not begun") == 1
    with time_machine.travel(datetime(2028, 1, 3, 12, tzinfo=UTC)):
        then = words(client.get(f"/prosecutors/{running.person.slug}/"))
    assert "in the present term since 3 January 2028, until 5 January 2032 Day 1 of a" in then
    assert f"3 January 2028 Took office: {ahead.office}" in then


def test_whose_only_term_lies_ahead_is_in_no_office_yet(client: Client, author: User) -> None:
    ahead = record.term(by=author, started_on=date(2027, 1, 4))
    pledge = record.pledge(by=author, of=ahead)
    other = record.term(by=author)
    text = page_of(client, ahead.person)
    assert f"{ahead.office}, PA · from 4 January 2027 on The term has not begun Where" in text
    assert "Term from 4 January 2027 The term has not begun" in text
    assert "Took office" not in text
    with time_machine.travel(NOW):
        for path in ("/", "/prosecutors/", f"/embed/prosecutors/{ahead.person.slug}/"):
            assert "from 4 January 2027 on" in words(client.get(path)), path
            assert "since 4 January 2027" not in words(client.get(path)), path
        beside = words(client.get(f"/compare/?a={ahead.person.slug}&b={other.person.slug}"))
        assert f"{ahead.office} from 4 January 2027 on" in beside
        assert f"{other.office} in office since 1 January 2024" in beside
        alone = words(client.get(f"/compare/?a={ahead.person.slug}"))
        assert f"{ahead.office} term from 4 January 2027" in alone
        of_pledge = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "For the term term from 4 January 2027 Sort of promise" in of_pledge
    # A past day is read as that day: the term lay ahead then, whatever has come since.
    with time_machine.travel(datetime(2027, 2, 1, 12, tzinfo=UTC)):
        then = words(client.get(f"/prosecutors/{ahead.person.slug}/?as_of=2026-03-02"))
        present = words(client.get(f"/prosecutors/{ahead.person.slug}/"))
    assert f"{ahead.office} · term from 4 January 2027 Where" in then
    assert f"{ahead.office}, PA · in office since 4 January 2027 Day 29 of a term of" in present


def test_a_term_over_its_years_without_an_end_on_record_is_only_counted(
    client: Client, author: User
) -> None:
    term = record.term(by=author, started_on=date(2022, 3, 2))
    text = page_of(client, term.person)
    assert (
        "in office from 2 March 2022; the end of the last term is not on record "
        "Day 1,462 since the term began; its end is not on record Where the promises stand" in text
    )
    assert "Term from 2 March 2022 Day 1,462" in text
    assert clock(term, date(2026, 3, 1)) == "Day 1,461 of a term of 4 years"
    leap = record.term(by=author, started_on=date(2020, 2, 29))
    assert clock(leap, date(2024, 2, 28)) == "Day 1,461 of a term of 4 years"
    assert clock(leap, date(2024, 2, 29)) == (
        "Day 1,462 since the term began; its end is not on record"
    )


def test_who_was_followed_is_not_in_office_though_no_end_is_on_record(
    client: Client, author: User
) -> None:
    term = record.term(by=author)
    whole.successor(by=author, term=term, is_published=False)
    assert "in office since 1 January 2024 Day 792 of" in page_of(client, term.person)
    term.refresh_from_db()
    whole.successor(by=author, term=term, is_published=True)
    assert (
        "in office from 1 January 2024; the end of the last term is not on record "
        "Day 792 since the term began; its end is not on record Where"
        in page_of(client, term.person)
    )
