"""Offices, terms that end early, elections with successive reports."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.officials.actions import (
    ReportStays,
    publish_person,
    save_official_record,
    save_person,
)
from promises.officials.models import Candidacy, Election, Person, ResultReport, Term
from tests import record

pytestmark = pytest.mark.django_db


def test_an_office_has_one_holder_at_a_time(author: User, database_refuses: Callable) -> None:
    first = record.term(by=author, started_on=date(2020, 1, 6), ends_on=date(2024, 1, 1))
    other = record.term(by=author).person
    overlapping = Term(
        slug="overlap", person=other, office=first.office, started_on=date(2023, 12, 31)
    )
    with pytest.raises(ValidationError, match="one_holder_at_a_time"):
        save_official_record(record=overlapping, by=author, now=record.NOW)
    with database_refuses("officials_term_one_holder_at_a_time"):
        overlapping.save()
    overlapping.started_on = date(2024, 1, 1)
    save_official_record(record=overlapping, by=author, now=record.NOW)
    assert Term.objects.filter(office=first.office).count() == 2


def test_a_term_ends_early_with_a_reason_and_a_successor(
    author: User, database_refuses: Callable
) -> None:
    term = record.term(by=author)
    term.end_reason = "recalled"
    with database_refuses("end_reason_has_a_date"):
        term.save()
    term.ends_on, term.successor = date(2025, 7, 8), record.term(by=author).person
    save_official_record(record=term, by=author, now=record.NOW)
    stored = Term.objects.get(pk=term.pk)
    assert (stored.end_reason, stored.ends_on) == ("recalled", date(2025, 7, 8))
    stored.successor = stored.person
    with database_refuses("successor_is_another"):
        stored.save()
    stored.ends_on = stored.started_on
    stored.successor = None
    with database_refuses("ends_after_it_started"):
        stored.save()


def test_running_on_a_day_counts_the_first_day_and_not_the_last(author: User) -> None:
    term = record.term(by=author, started_on=date(2020, 1, 6), ends_on=date(2024, 1, 1))
    running = {
        day: Term.objects.running_on(day).exists()
        for day in (date(2020, 1, 5), date(2020, 1, 6), date(2023, 12, 31), date(2024, 1, 1))
    }
    assert list(running.values()) == [False, True, True, False]
    assert term.person in Person.objects.prosecutors()


@pytest.fixture
def election(author: User) -> Election:
    """An election to the office of a published person."""
    term = record.term(by=author)
    election = Election(
        slug="example-2023", office=term.office, held_on=date(2023, 11, 7), stage="general"
    )
    save_official_record(record=election, by=author, now=record.NOW)
    winner = Candidacy(election=election, person=term.person, is_winner=True)
    save_official_record(record=winner, by=author, now=record.NOW)
    return election


def test_successive_reports_are_all_kept(
    author: User, election: Election, database_refuses: Callable
) -> None:
    for position, (share, status) in enumerate([(71, "partial"), (75, "unofficial")], start=1):
        save_official_record(
            record=ResultReport(
                election=election,
                position=position,
                as_of=f"report {position}",
                status=status,
                winner_percent=share,
                runner_up_percent=100 - share,
            ),
            by=author,
            now=record.NOW,
        )
    shares = [int(report.winner_percent or 0) for report in election.result_reports.all()]
    assert shares == [71, 75]
    with database_refuses("Cannot delete"):
        ResultReport.objects.all()._raw_delete("default")
    late = ResultReport(election=election, position=2, as_of="again", status="official")
    with database_refuses("position_unique"):
        late.save()
    late.position, late.winner_percent, late.runner_up_percent = 3, 60, 41
    with database_refuses("shares_fit"):
        late.save()
    assert election.result_reports.count() == 2


def test_a_report_stays_and_a_later_one_corrects_it(
    author: User, election: Election, database_refuses: Callable
) -> None:
    """Whoever writes, and each column of it."""
    report = ResultReport(
        election=election, position=1, as_of="election night", status="partial", winner_percent=71
    )
    save_official_record(record=report, by=author, now=record.NOW)
    changes: dict[str, Any] = {
        "as_of": "later", "status": "official", "precincts_percent": 99, "winner_percent": 75,
        "winner_percent_is_minimum": True, "runner_up_percent": 2, "winner_votes": 1,
        "runner_up_votes": 1, "votes_are_approximate": True, "total_votes": 1, "margin_votes": 1,
        "margin_points": 1,
    }  # fmt: skip
    others = {"id", "version", "election", "position"}
    assert {field.name for field in ResultReport._meta.concrete_fields} == {*changes, *others}
    before, entries = ResultReport.objects.values().get(), Entry.objects.count()
    for name, value in changes.items():
        stored = ResultReport.objects.get()
        setattr(stored, name, value)
        with pytest.raises(ReportStays, match="A result stays as it was reported"):
            save_official_record(record=stored, by=author, now=record.NOW)
        with database_refuses("A result stays as it was reported; add a later report."):
            ResultReport.objects.update(**{name: value})
    assert (ResultReport.objects.values().get(), Entry.objects.count()) == (before, entries)
    late = ResultReport(
        election=election, position=2, as_of="election night, typed wrongly above",
        status="partial", winner_percent=75,
    )  # fmt: skip
    save_official_record(record=late, by=author, now=record.NOW)
    assert [report.winner_percent for report in election.result_reports.all()] == [71, 75]


def test_an_election_has_one_winner(
    author: User, election: Election, database_refuses: Callable
) -> None:
    second = Candidacy(election=election, person=record.term(by=author).person, is_winner=True)
    with database_refuses("one_winner"):
        second.save()
    assert election.candidacies.filter(is_winner=True).count() == 1


def test_a_person_is_a_draft_until_published_and_so_are_their_terms(author: User) -> None:
    office = record.term(by=author, ends_on=date(2025, 1, 6)).office
    edition = Entry.objects.count()
    person = save_person(
        person=Person(slug="joan-example", name="Joan Example"), by=author, now=record.NOW
    )
    term = Term(slug="joan-1", person=person, office=office, started_on=date(2025, 1, 6))
    save_official_record(record=term, by=author, now=record.NOW)
    assert not Person.objects.published().filter(pk=person.pk).exists()
    assert not Term.objects.published().filter(pk=term.pk).exists()
    assert Entry.objects.count() == edition
    publish_person(person=person, by=author, now=record.NOW)
    assert Term.objects.published().filter(pk=term.pk).exists()
    events = list(Entry.objects.filter(edition__gt=edition).values_list("event", "subject"))
    assert events == [
        ("person:published", "people/joan-example"),
        ("term:published", "terms/joan-1"),
    ]


def test_a_published_person_is_not_deleted(author: User, database_refuses: Callable) -> None:
    person = save_person(person=Person(slug="j", name="J Example"), by=author, now=record.NOW)
    publish_person(person=person, by=author, now=record.NOW)
    with database_refuses("is not deleted; retract it"):
        Person.objects.filter(pk=person.pk)._raw_delete("default")
    assert Person.objects.filter(pk=person.pk).exists()


def test_control_characters_are_refused_by_form_and_database(
    author: User, database_refuses: Callable
) -> None:
    person = Person(slug="bell", name="Jane\x07 Example")
    with pytest.raises(ValidationError, match="position 5"):
        save_person(person=person, by=author, now=record.NOW)
    with database_refuses("plain_text"), transaction.atomic():
        Person.objects.create(
            slug="bell", name="Jane\x07 Example", created_by=author, created_at=record.NOW
        )
    assert not Person.objects.filter(slug="bell").exists()
