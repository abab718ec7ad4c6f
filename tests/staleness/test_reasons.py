"""Each reason holds from its day on, says what it rests on, and is cleared by what it says."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.db import connection
from django.test import Client

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.ledger.models import Entry
from promises.officials.actions import save_official_record
from promises.pledges.models import Pledge
from promises.staleness import actions, migrations, policies
from promises.staleness.choices import StaleReason
from promises.staleness.due_dates import compute_by_a_newer_rule
from promises.staleness.models import Due, DueDate, StaleFlag
from promises.staleness.reasons import PUBLIC, RULES
from promises.staleness.triggers import rule_sql
from promises.updates.actions import (
    approve_status_update,
    publish_methodology,
    publish_status_update,
    revise_status_update,
    submit_status_update,
)
from promises.updates.models import MethodologyVersion
from tests import record
from tests.record import record_review
from tests.site.reading import words

DAY = timedelta(days=1)
NOW = record.NOW


def due(pledge: Pledge, reason: str) -> tuple[date, dict[str, object]] | None:
    """Return from when a reason holds for a pledge, and on what it rests."""
    found = DueDate.objects.filter(pledge=pledge, reason=reason).first()
    return (found.flag_on, found.facts) if found else None


def test_every_reason_has_its_rule_and_its_words() -> None:
    assert list(RULES) == list(StaleReason)
    private = set(StaleReason) - set(PUBLIC)
    assert private == {StaleReason.APPROVAL_WAITING, StaleReason.DRAFT_ABANDONED}
    for rule in RULES.values():
        for said in (rule.says, rule.threshold_in_words, rule.data, rule.clears_by):
            assert len(str(said)) > 10
        assert "{" not in rule.threshold_in_words


@pytest.mark.django_db
def test_the_database_computes_by_the_rules_of_the_code() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'staleness_rule'")
        assert cursor.fetchone() == (rule_sql(),)


def test_a_rule_that_says_something_else_is_followed_by_computing() -> None:
    """Else stored due dates stay what the older rule said, on every installation but a new one."""
    found = sorted(each.name for each in iter_modules(migrations.__path__))
    modules = {name: import_module(f"{migrations.__name__}.{name}") for name in found}
    first, *newer = [name for name, module in modules.items() if hasattr(module, "RULE")]
    computing = [
        name
        for name, module in modules.items()
        for each in module.Migration.operations
        if getattr(each, "code", None) is compute_by_a_newer_rule
    ]
    assert first == "0003_rule"
    assert not newer or newer[-1] < max(computing, default="")


@pytest.mark.django_db
def test_nobody_writes_due_dates(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    before = list(DueDate.objects.order_by("pk").values())
    with database_refuses("Due dates follow from the record"):
        DueDate.objects.update(flag_on=date(2030, 1, 1))
    with database_refuses("Due dates follow from the record"):
        DueDate.objects.all()._raw_delete("default")
    assert list(DueDate.objects.order_by("pk").values()) == before
    # Whoever writes the derived day of a pledge gets it computed anew.
    Pledge.objects.update(review_due_on=date(2030, 1, 1))
    pledge.refresh_from_db()
    assert pledge.review_due_on == date(2026, 8, 29)


@pytest.mark.django_db
def test_a_day_set_by_an_editor_holds_until_the_next_look(author: User) -> None:
    pledge = record.pledge(by=author)
    policies.set_review_by(
        pledge=pledge, review_by_on=date(2026, 4, 1), reason="The trial.", by=author, now=NOW
    )
    pledge.refresh_from_db()
    assert pledge.review_due_on == date(2026, 4, 1)
    assert due(pledge, "review_by_passed") == (date(2026, 4, 2), {"review_by": "2026-04-01"})
    record_review(pledge=pledge, note="Read the ruling.", by=author, now=NOW + 30 * DAY)
    pledge.refresh_from_db()
    assert pledge.review_due_on == (NOW + 210 * DAY).date()
    assert due(pledge, "review_by_passed") is None


@pytest.mark.django_db
def test_only_a_look_closes_an_episode_as_reviewed(author: User) -> None:
    pledge = record.pledge(by=author)
    record.evidence(by=author, about=pledge)
    record_review(pledge=pledge, note="Read the docket.", by=author, now=NOW)
    later = NOW + 40 * DAY

    def set_day() -> StaleFlag:
        policies.set_review_by(
            pledge=pledge, review_by_on=date(2026, 4, 1), reason="The trial.", by=author,
            now=NOW + DAY,
        )  # fmt: skip
        assert actions.sweep_stale(by=author, now=later).opened == 1
        return StaleFlag.objects.get(closed_at=None, reason="review_by_passed")

    taken_back = set_day()
    policies.clear_review_by(pledge=pledge, by=author, now=later)
    taken_back.refresh_from_db()
    assert (taken_back.closed_at, taken_back.closed_because) == (later, "cause_gone")
    assert taken_back.get_closed_because_display() == "its cause is gone"
    answered = set_day()
    record_review(pledge=pledge, note="Read the ruling.", by=author, now=later)
    answered.refresh_from_db()
    assert (answered.closed_at, answered.closed_because) == (later, "reviewed")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end_reason", "reason"),
    [("", "term_ended"), ("lost_election", "term_ended"), ("recalled", "office_changed")],
)
def test_an_early_end_is_its_own_reason(author: User, end_reason: str, reason: str) -> None:
    term = record.term(by=author)
    pledge = record.pledge(by=author, of=term)
    term.ends_on, term.end_reason = date(2026, 7, 1), end_reason
    save_official_record(record=term, by=author, now=NOW)
    assert due(pledge, reason) == (date(2026, 7, 1), {"ends_on": "2026-07-01"})
    other = ({"term_ended", "office_changed"} - {reason}).pop()
    assert due(pledge, other) is None
    ending = (date(2026, 5, 2), {"ends_on": "2026-07-01"}) if reason == "term_ended" else None
    assert due(pledge, "term_ending") == ending


@pytest.mark.django_db
def test_a_rating_on_one_publisher_wants_a_second(author: User) -> None:
    pledge = record.pledge(by=author)
    one = record.evidence(by=author, about=pledge, publisher="The Example Times")
    two = record.evidence(by=author, about=pledge, publisher="THE EXAMPLE TIMES ")
    other = record.evidence(by=author, about=pledge, publisher="The Example Post")
    update = record.draft_update(by=author, of=pledge, status="compromise", cited=one)
    revise_status_update(update=update, evidence=[one, two], by=author, now=NOW)
    update = submit_status_update(update=update, by=author, now=NOW)
    approve_status_update(update=update, by=record.user(), now=NOW)
    publish_status_update(update=update, by=author, now=NOW)
    assert due(pledge, "single_source") == (NOW.date(), {"cited": 2})
    update = record.draft_update(
        by=author, of=pledge, status="compromise", cited=one, effective_on=date(2025, 6, 2)
    )
    revise_status_update(update=update, evidence=[one, other], by=author, now=NOW)
    update = submit_status_update(update=update, by=author, now=NOW)
    approve_status_update(update=update, by=record.user(), now=NOW)
    publish_status_update(update=update, by=author, now=NOW)
    assert due(pledge, "single_source") is None
    retract_evidence(evidence=other, reason="Wrong.", by=author, now=NOW)
    assert due(pledge, "single_source") == (NOW.date(), {"cited": 1})


@pytest.mark.django_db
def test_newer_contradicting_evidence_asks_for_an_answer(author: User) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge)
    record.evidence(by=author, about=pledge, stance="supports", now=NOW + DAY)
    assert due(pledge, "contradicted") is None
    record.evidence(by=author, about=pledge, stance="contradicts", now=NOW + 2 * DAY)
    record.evidence(by=author, about=pledge, stance="contradicts", now=NOW + 3 * DAY)
    day = (NOW + 2 * DAY).date()
    assert due(pledge, "contradicted") == (day, {"newer": 2, "first": day.isoformat()})
    record_review(pledge=pledge, note="It is about another year.", by=author, now=NOW + 4 * DAY)
    assert due(pledge, "contradicted") is None


@pytest.mark.django_db
def test_a_rating_under_older_rules_is_due_half_a_year_after_newer_ones(author: User) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge)
    newer = MethodologyVersion(version="2", published_on=date(2026, 3, 1), summary="New rules.")
    publish_methodology(methodology=newer, by=author, now=NOW)
    facts = {"in_force": "2026-03-01"}
    assert due(pledge, "methodology_changed") == (date(2026, 8, 28), facts)
    record.published_update(by=author, of=pledge, effective_on=date(2025, 6, 2))
    assert due(pledge, "methodology_changed") is None


@pytest.mark.django_db
def test_of_two_versions_of_one_day_the_later_one_is_in_force(author: User) -> None:
    old, new = record.pledge(by=author), record.pledge(by=author)
    record.published_update(by=author, of=old)
    twin = MethodologyVersion(
        version="2", published_on=record.methodology(by=author).published_on, summary="New rules."
    )
    publish_methodology(methodology=twin, by=author, now=NOW)
    update = record.published_update(by=author, of=new)
    assert update.methodology == twin
    facts = {"in_force": "2020-01-01"}
    assert due(old, "methodology_changed") == (date(2020, 6, 29), facts)
    assert due(new, "methodology_changed") is None


@pytest.mark.django_db
def test_what_rests_on_drafts_stays_at_the_desk(author: User) -> None:
    pledge = record.pledge(by=author)
    record.evidence(by=author, about=pledge)
    update = record.draft_update(by=author, of=pledge)
    assert due(pledge, "draft_abandoned") == ((NOW + 30 * DAY).date(), {"touched": "2026-03-02"})
    later = NOW + 10 * DAY
    update.reasoning = "The evidence says more."
    update = revise_status_update(update=update, evidence=None, by=author, now=later)
    assert due(pledge, "draft_abandoned") == ((NOW + 40 * DAY).date(), {"touched": "2026-03-12"})
    update = submit_status_update(update=update, by=author, now=later)
    assert due(pledge, "draft_abandoned") is None
    waiting = ((NOW + 17 * DAY).date(), {"handed_in": "2026-03-12"})
    assert due(pledge, "approval_waiting") == waiting
    actions.sweep_stale(by=author, now=NOW + 20 * DAY)
    flag = StaleFlag.objects.get()
    assert flag.reason == "approval_waiting"
    day = (NOW + 20 * DAY).date()
    assert list(StaleFlag.objects.published()) == []
    assert list(StaleFlag.objects.lasting_on(day)) == []
    assert list(Due.objects.by(day)) == []
    assert not Entry.objects.filter(event__startswith="stale_flags").exists()
    assert flag.rests_on == "handed in on 12 March 2026"


@pytest.mark.django_db
def test_a_flag_repeats_dates_and_numbers_and_nothing_else(author: User) -> None:
    record.pledge(by=author, due_on=date(2026, 3, 10))
    actions.sweep_stale(by=author, now=NOW + 900 * DAY)
    said = {flag.reason: flag.rests_on for flag in StaleFlag.objects.all()}
    assert said == {
        "no_evidence": "published here on 2 March 2026; pieces of evidence: 0",
        "never_reviewed": "published here on 2 March 2026",
        "deadline_passed": "deadline 10 March 2026",
        "review_overdue": "evidence looked at up to 2 March 2026; due again after 180 days",
    }


@pytest.mark.django_db
def test_a_rating_whose_evidence_is_withdrawn_asks_for_a_look(author: User, client: Client) -> None:
    pledge = record.pledge(by=author)
    first, second = (record.evidence(by=author, about=pledge) for _ in range(2))
    update = record.draft_update(by=author, of=pledge, cited=first)
    revise_status_update(update=update, evidence=[first, second], by=author, now=NOW)
    update = submit_status_update(update=update, by=author, now=NOW)
    approve_status_update(update=update, by=record.user(), now=NOW)
    publish_status_update(update=update, by=author, now=NOW)
    assert due(pledge, "evidence_withdrawn") is None
    retract_evidence(evidence=first, reason="Forged.", by=author, now=NOW + DAY)
    facts = {"withdrawn": 1, "first": "2026-03-03"}
    assert due(pledge, "evidence_withdrawn") == (date(2026, 3, 3), facts)
    assert "Rests on:" in words(client.get(f"/pledges/{pledge.slug}/"))
    retract_evidence(evidence=second, reason="Forged.", by=author, now=NOW + 2 * DAY)
    facts = {"withdrawn": 2, "first": "2026-03-03"}
    assert due(pledge, "evidence_withdrawn") == (date(2026, 3, 3), facts)
    actions.sweep_stale(by=author, now=NOW + 2 * DAY)
    flag = StaleFlag.objects.get(reason="evidence_withdrawn")
    assert flag.rests_on == "cited pieces of evidence withdrawn: 2; the first on 3 March 2026"
    page = words(client.get(f"/pledges/{pledge.slug}/"))
    assert "What it rests on was withdrawn." in page
    assert "Rests on:" not in page
    record_review(pledge=pledge, note="Looked again.", by=author, now=NOW + 3 * DAY)
    assert due(pledge, "evidence_withdrawn") is None
    flag.refresh_from_db()
    assert flag.closed_because == "reviewed"
