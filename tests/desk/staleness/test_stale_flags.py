"""Stale work on the desk: whose it is, until when it can wait, who looked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.ledger.models import Entry
from promises.pledges.models import Pledge
from promises.staleness.actions import sweep_stale
from promises.staleness.models import ReviewPolicy, StaleFlag
from promises.updates.models import Review
from tests import record
from tests.desk import rows, sent

LIST = "/admin/staleness/staleflag/"
LATER = record.NOW + timedelta(days=200)
AS_IT_IS = "Nothing would change: it stands like that already."


@pytest.fixture
def flags(author: User) -> list[StaleFlag]:
    """Two flags of one pledge and one of another, found 200 days after publication."""
    both = record.pledge(by=author)
    rated = record.pledge(by=author)
    record.evidence(by=author, about=rated)
    record.evidence(by=author, about=both)
    sweep_stale(by=author, now=LATER)
    return list(StaleFlag.objects.order_by("pledge", "reason"))


def act(browser: Client, name: str, flags: list[StaleFlag], **answers: Any) -> Any:
    with time_machine.travel(LATER, tick=False):
        page = sent.previewed(browser, LIST, name, flags, **answers)
        return sent.confirmed(browser, page) if page.context["is_answered"] else page


def shown(browser: Client, **filters: str) -> set[int]:
    with time_machine.travel(LATER, tick=False):
        page = browser.get(LIST, filters)
    return {flag.pk for flag in page.context["cl"].result_list}


def test_the_flags_of_the_story(flags: list[StaleFlag]) -> None:
    assert [flag.reason for flag in flags] == ["never_reviewed", "review_overdue"] * 2


def test_the_way_back_from_a_flag_is_not_called_closing_it(
    desk: Client, flags: list[StaleFlag]
) -> None:
    with time_machine.travel(LATER, tick=False):
        page = desk.get(f"{LIST}{flags[0].pk}/change/").content.decode()
    assert f'<a href="{LIST}" class="closelink">Back to the list</a>' in page
    assert ">Close<" not in page


def test_the_page_of_a_flag_leads_to_the_status_update_that_would_clear_it(
    desk: Client, flags: list[StaleFlag]
) -> None:
    with time_machine.travel(LATER, tick=False):
        facts = desk.get(f"{LIST}{flags[0].pk}/change/").context["facts"]
        pledge = flags[0].pledge
        there = f"/admin/updates/statusupdate/add/?pledge={pledge.pk}"
        said = [(fact.text, fact.address) for fact in facts if fact.label == "Next"]
        assert said == [("Draft a status update", there)]
        page = desk.get(there)
    assert page.context["adminform"].form.initial["pledge"] == str(pledge.pk)


def test_what_happened_names_whom_a_flag_was_handed_to(
    desk: Client, other: User, flags: list[StaleFlag]
) -> None:
    there = f"{LIST}{flags[0].pk}/"
    assert sent.step(desk, f"{there}step/hand-over/", to=other.pk).status_code == 302
    happened = desk.get(f"{there}change/").context["happened"]
    assert [entry.get_change_message() for entry in happened] == [f"Handed over: {other}"]


def test_flags_are_taken_on_and_let_go(
    desk: Client, second_desk: Client, person: User, flags: list[StaleFlag]
) -> None:
    assert act(desk, "assign", flags[:2]).status_code == 302
    assert [flag.assigned_to for flag in StaleFlag.objects.order_by("pledge", "reason")] == [
        person,
        person,
        None,
        None,
    ]
    assert shown(desk, hands="mine") == {flag.pk for flag in flags[:2]}
    assert shown(second_desk, hands="mine") == set()
    assert shown(second_desk, hands="nobody") == {flag.pk for flag in flags[2:]}
    assert act(desk, "release", flags[:1]).status_code == 302
    assert shown(desk, hands="mine") == {flags[1].pk}


def test_the_preview_names_the_flags_for_which_nothing_would_change(
    desk: Client, person: User, flags: list[StaleFlag]
) -> None:
    assert act(desk, "assign", flags[:1]).status_code == 302
    snoozed = {"until": "2026-10-01", "reason": "The court decides."}
    assert act(desk, "snooze", flags[:1], **snoozed).status_code == 302
    # What each would change, of a flag that stands like that already and of one that does not.
    for step, same, other, answers in (
        ("assign", flags[0], flags[1], {}),
        ("hand-over", flags[0], flags[1], {"to": str(person.pk)}),
        ("release", flags[1], flags[0], {}),
        ("snooze", flags[0], flags[1], snoozed),
    ):
        with time_machine.travel(LATER, tick=False):
            page = sent.previewed(desk, f"{LIST}?episode=all", step, [same, other], **answers)
        shown_lines = [(line.pk, line.refused) for line in page.context["lines"]]
        assert shown_lines == [(same.pk, AS_IT_IS), (other.pk, "")], step
        assert page.context["left"] == 1
    with time_machine.travel(LATER, tick=False):
        page = sent.previewed(desk, LIST, "release", flags[1:])
    assert page.context["left"] == 0
    assert StaleFlag.objects.get(assigned_to=person) == flags[0]


def test_what_is_mine_already_is_not_offered_to_me_but_to_others(
    desk: Client, second_desk: Client, flags: list[StaleFlag]
) -> None:
    act(desk, "assign", flags[:1])
    there = f"{LIST}{flags[0].pk}/change/"
    with time_machine.travel(LATER, tick=False):
        offered = [
            [step.name for step, _address in browser.get(there).context["steps"]]
            for browser in (desk, second_desk)
        ]
    mine = ["hand-over", "release", "snooze", "review"]
    assert offered == [mine, ["assign", *mine]]


def test_a_snoozed_flag_leaves_the_list_until_its_day(desk: Client, flags: list[StaleFlag]) -> None:
    until = (LATER + timedelta(days=10)).date()
    answers = {"until": until.isoformat(), "reason": "The court decides on Friday."}
    assert act(desk, "snooze", flags[:1], **answers).status_code == 302
    flag = StaleFlag.objects.get(pk=flags[0].pk)
    assert flag.snoozed_until == datetime(until.year, until.month, until.day, tzinfo=UTC)
    assert flag.snooze_reason == "The court decides on Friday."
    assert shown(desk) == {flag.pk for flag in flags[1:]}
    assert shown(desk, episode="snoozed") == {flags[0].pk}
    assert shown(desk, episode="all") == {flag.pk for flag in flags}


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"until": "2026-03-03", "reason": "Later."}, "Choose a day that is still to come."),
        ({"until": "9999-12-31", "reason": "Later."}, "Choose a day within a year"),
        ({"until": "2027-03-03", "reason": " "}, "This field is required."),
        ({"until": "", "reason": "Later."}, "This field is required."),
    ],
)
def test_a_snooze_needs_a_day_to_come_and_a_reason(
    desk: Client, flags: list[StaleFlag], answers: dict[str, str], fault: str
) -> None:
    answer = act(desk, "snooze", flags, **answers)
    assert answer.status_code == 200
    assert fault in str(answer.context["form"].errors)
    assert answers["until"] in answer.content.decode()
    assert StaleFlag.objects.filter(snoozed_until=None).count() == 4


def test_one_look_clears_both_flags_of_a_pledge_with_one_review(
    desk: Client, person: User, flags: list[StaleFlag]
) -> None:
    assert act(desk, "review", flags, note="Read the news.").status_code == 302
    reviews = Review.objects.order_by("pledge").values_list("pledge", "reviewed_by", "note")
    assert list(reviews) == [
        (flags[0].pledge_id, person.pk, "Read the news."),
        (flags[2].pledge_id, person.pk, "Read the news."),
    ]
    closed = StaleFlag.objects.order_by().values_list("closed_by", "closed_because").distinct()
    assert list(closed) == [(person.pk, "reviewed")]
    assert shown(desk) == set()


def test_a_look_without_a_note_is_refused_for_all(desk: Client, flags: list[StaleFlag]) -> None:
    editions = Entry.objects.count()
    assert act(desk, "review", flags, note="").status_code == 200
    assert Review.objects.count() == 0
    assert Entry.objects.count() == editions


def test_an_ended_episode_cannot_be_taken_on(desk: Client, flags: list[StaleFlag]) -> None:
    act(desk, "review", flags[:1], note="Read the news.")
    with time_machine.travel(LATER, tick=False):
        answer = desk.post(f"{LIST}{flags[0].pk}/step/assign/")
    assert answer.context["form"].non_field_errors() == ["This episode has ended already."]


def test_a_flag_has_no_form(desk: Client, flags: list[StaleFlag]) -> None:
    there = f"{LIST}{flags[0].pk}/change/"
    page = desk.get(there).content.decode()
    assert 'name="_save"' not in page
    assert f"{LIST}{flags[0].pk}/step/snooze/" in page
    assert desk.post(there, {"reason": "no_evidence"}).status_code == 403


def test_a_policy_moves_all_due_dates_at_once(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    policy = ReviewPolicy.objects.get(status="not_yet_rated")
    there = f"/admin/staleness/reviewpolicy/{policy.pk}/change/"
    answer = desk.post(there, sent.page(desk, there, days_in_term="30", days_after_term="30"))
    assert answer.status_code == 302
    due = Pledge.objects.get(pk=pledge.pk).review_due_on
    assert due == (record.NOW + timedelta(days=30)).date()


@pytest.mark.parametrize("column", ["owner", "escalation_to"])
def test_a_policy_offers_people_and_no_service_accounts(
    column: str, desk: Client, author: User
) -> None:
    service_account(name="test-sweep", display_name="Test sweep")
    asked = {"app_label": "staleness", "model_name": "reviewpolicy", "field_name": column}
    found = desk.get("/admin/autocomplete/", {**asked, "term": ""}).json()["results"]
    people = User.objects.filter(is_service=False)
    assert {int(each["id"]) for each in found} == {person.pk for person in people}
    assert author.pk in {person.pk for person in people}


def test_the_list_of_pledges_says_what_is_stale_without_any_sweep(
    desk: Client, author: User
) -> None:
    stale = record.pledge(by=author, due_on=record.NOW.date())
    record.evidence(by=author, about=stale)
    fresh = record.pledge(by=author)
    record.evidence(by=author, about=fresh)
    there = "/admin/pledges/pledge/"
    with time_machine.travel(record.NOW + timedelta(days=2), tick=False):
        page = desk.get(there)
        rows = {row.pk: [due.reason for due in row.stale] for row in page.context["cl"].result_list}
        assert rows == {stale.pk: ["deadline_passed"], fresh.pk: []}
        for value, found in (("yes", stale), ("no", fresh), ("deadline_passed", stale)):
            listed = desk.get(there, {"stale": value}).context["cl"].result_list
            assert [row.pk for row in listed] == [found.pk]
        assert list(desk.get(there, {"stale": "no_evidence"}).context["cl"].result_list) == []
        panel = desk.get(f"{there}{stale.pk}/change/").content.decode()
    assert "its deadline has passed without an outcome, since 3 March 2026." in panel
    assert "a rating that says what came of it" in panel


def test_whoever_looked_again_hears_what_is_still_open_and_why(desk: Client, author: User) -> None:
    of = record.term(by=author, who={"name": "Jane Example", "slug": "jane-example"})
    passed = record.pledge(by=author, of=of, title="Open the files", due_on=date(2026, 2, 1))
    record.evidence(by=author, about=passed)
    done = record.pledge(by=author, of=of, title="Close the files")
    record.evidence(by=author, about=done)
    left = (
        "Your look is recorded, and this is still open. Jane Example: Open the files: its deadline"
        " has passed without an outcome, since 2 February 2026. What clears it:"
    )
    with time_machine.travel(record.NOW + timedelta(days=90)):
        for row, expected in ((passed, [left]), (done, [])):
            sent.step(desk, rows.step(row, "review"), note="Read the site of the office.")
            told = [str(one) for one in desk.get(rows.change(row)).context["messages"]]
            assert told[0] == f"Looked again: {row.title}"
            assert [words[: len(left)] for words in told[1:]] == expected
        there = "/admin/pledges/pledge/"
        shown = sent.previewed(desk, there, "review", [passed, done], note="Read it again.")
        sent.confirmed(desk, shown)
        told = [str(one) for one in desk.get(there).context["messages"]]
    assert told[0] == "Looked again: 2 pledges"
    assert [words[: len(left)] for words in told[1:]] == [left]
