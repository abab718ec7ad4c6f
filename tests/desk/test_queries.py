"""Lists and pages take as many queries for many rows as for few."""

from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from tests import record
from tests.desk.conftest import election, everything, registered
from tests.desk.rows import address
from tests.record import record_review

# Every list: session, person, the planner's estimate of how many match, the rows; a filter by
# choices of another table (topics of pledges, states of jurisdictions) adds one.
LISTS = {
    "accounts.ApiKey": 4,
    "accounts.SecurityEvent": 4,
    "accounts.User": 4,
    "alerts.Subscriber": 4,
    # Django's own page: its fifth is how many groups there are without a search.
    "auth.Group": 5,
    "evidence.Evidence": 4,
    "imports.Import": 4,
    "ledger.Entry": 4,
    "metrics.Metric": 4,
    "metrics.MetricAnnotation": 4,
    "metrics.MetricSource": 4,
    "metrics.Observation": 4,
    "officials.ConflictOfInterest": 4,
    "newsroom.Assignment": 4,
    "newsroom.Comment": 4,
    "newsroom.Embargo": 4,
    "newsroom.PlannedPublication": 4,
    "officials.Election": 4,
    "officials.Jurisdiction": 5,
    "officials.Office": 4,
    "officials.Person": 4,
    "officials.ResultReport": 4,
    "officials.Term": 4,
    "outbox.Delivery": 4,
    # Its fifth are the topics, its sixth what is stale on the page.
    "pledges.Pledge": 6,
    "pledges.PledgeTranslation": 4,
    "pledges.Topic": 4,
    "pledges.GeneralTerm": 4,
    # How many are due, being visited, checked lately.
    "captures.Capture": 5,
    "captures.CaptureWaiver": 4,
    "captures.StoredFile": 4,
    "sources.Source": 7,
    "discovery.Candidate": 4,
    "discovery.Feed": 4,
    "record_requests.RecordRequest": 4,
    "record_requests.RecordsLaw": 4,
    "staleness.Lapse": 4,
    "staleness.MetricLimit": 4,
    "staleness.ReviewBy": 4,
    "staleness.ReviewPolicy": 4,
    "staleness.Watched": 4,
    "staleness.StaleFlag": 4,
    "staleness.Sweep": 4,
    "updates.Correction": 4,
    "updates.MethodologyVersion": 4,
    "updates.Response": 4,
    "updates.Review": 4,
    # And the versions of the method, for the filter.
    "updates.StatusUpdate": 5,
    "suggestions.Challenge": 4,
    "suggestions.Suggestion": 4,
    "webhooks.Endpoint": 4,
}


def test_every_list_is_pinned() -> None:
    assert {model._meta.label for model in registered()} == set(LISTS)


def test_a_list_takes_as_many_queries_however_long_it_is(desk: Client, author: User) -> None:
    def taken() -> dict[str, int]:
        lists = {model._meta.label: address(model, "changelist") for model in registered()}
        return {label: queries_of(desk, there) for label, there in lists.items()}

    everything(author)
    assert taken() == LISTS
    everything(author)
    everything(author)
    assert taken() == LISTS


def queries_of(browser: Client, there: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(there).status_code == 200
    return len(captured)


def test_the_page_of_a_pledge_takes_as_many_queries_however_much_hangs_on_it(
    desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    desk.get(there)
    few = queries_of(desk, there)
    for number in range(5):
        record.evidence(by=author, about=pledge)
        record.published_update(by=author, of=pledge, effective_on=date(2025, 5, number + 1))
        record_review(pledge=pledge, note="Read.", by=author, now=record.NOW)
    assert queries_of(desk, there) == few


def test_the_page_of_an_election_takes_as_many_queries_however_many_stood(
    desk: Client, author: User
) -> None:
    from promises.officials.actions import save_official_record
    from promises.officials.models import Candidacy

    vote = election(record.pledge(by=author), author)
    there = f"/admin/officials/election/{vote.pk}/change/"
    desk.get(there)
    few = queries_of(desk, there)
    for _ in range(3):
        candidate = Candidacy(election=vote, person=record.term(by=author).person)
        save_official_record(record=candidate, by=author, now=record.NOW)
    assert queries_of(desk, there) == few
