"""Suggestions that come, and are taken up, at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.suggestions.limits import NotNow
from promises.suggestions.models import Suggestion
from promises.suggestions.suggesting import draft_suggested_evidence
from tests import record
from tests.record import NOW
from tests.suggestions.suggested import evidence, suggestion


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_one_draft() -> None:
    made = suggestion()
    people = [record.user() for _ in range(4)]

    def run(person: User) -> str:
        try:
            draft_suggested_evidence(
                suggestion=made, evidence=evidence(), link=None, by=person, now=NOW
            )
        except NotNow as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(run, people))
    made.refresh_from_db()
    assert came.count("made") == 1
    told = f"{made.drafted_by} has made a draft of this already."
    assert came.count(told) == 3
    assert Evidence.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_strangers_at_once_are_all_kept() -> None:
    service_account(name="visitors", display_name="Visitors")

    def run(number: int) -> int:
        try:
            thing = number % 10
            return suggestion(
                explanation=f"Thing {thing}.",
                source_url=f"https://court.example.org/{thing}",
                network=str(number % 10),
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(run, range(20)))
    assert len(set(kept)) == Suggestion.objects.count() == 10
    assert set(Suggestion.objects.values_list("times_sent", flat=True)) == {2}
