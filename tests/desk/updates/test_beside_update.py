"""What stands beside a rating on the desk: the promise, its criteria, the status, sources."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import publish
from promises.officials.actions import declare_conflict
from promises.pledges.actions import save_criterion
from promises.pledges.models import Criterion
from promises.updates.actions import approve_status_update, submit_status_update
from promises.updates.correcting import correct_status_update
from tests import record
from tests.desk import sent
from tests.desk.rows import change
from tests.site.whole import imported_update

PROMISE = "Jane Example promised to open every file."
OWN = "You have declared a conflict of interest in %s: others judge there."


def test_whoever_approves_reads_the_promise_its_criteria_and_what_readers_see_now(
    desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author, statement=PROMISE)
    shown = record.published_update(by=author, of=pledge, effective_on=date(2025, 3, 1))
    cited = record.evidence(
        by=author, about=pledge, published_on=date(2025, 4, 1), date_precision="month"
    )
    link = cited.links.get()
    link.locator = "page 3"
    record.save_evidence_link(link=link, by=author, now=record.NOW)
    update = record.draft_update(by=author, of=pledge, status="kept", cited=cited, has_copy=False)
    submit_status_update(update=update, by=author, now=record.NOW)

    page = desk.get(change(update)).content.decode()
    assert PROMISE in page
    criterion = pledge.criteria.get()
    assert f"<li>{criterion.text} <span" in page
    assert f'<a href="{change(shown)}">In the works, since 1 March 2025</a>' in page
    assert "April 2025 · page 3 · no copy yet" in page


def test_whoever_drafts_opens_the_evidence_beside_its_box(desk: Client, person: User) -> None:
    pledge = record.pledge(by=person)
    piece = record.evidence(by=person, about=pledge, title="A <b> memo")
    page = desk.get(change(record.draft_update(by=person, of=pledge, cited=piece)))
    link = f'<a href="{change(piece)}" target="_blank">A &lt;b&gt; memo</a> · supports · '
    assert link in page.content.decode()


def test_a_draft_without_criteria_and_a_rating_before_it_says_so(
    desk: Client, person: User
) -> None:
    pledge = record.draft_pledge(by=person)
    Criterion.objects.filter(pledge=pledge).delete()
    save_criterion(
        criterion=Criterion(pledge=pledge, position=1, aspect="effect", text="Files opened."),
        by=person,
        now=record.NOW,
    )
    page = desk.get(change(record.draft_update(by=person, of=pledge))).content.decode()
    assert "threshold not written yet · effect" in page
    assert "not assessed" in page
    assert "not rated yet" in page


def test_an_imported_rating_is_called_one_where_the_next_is_written(
    desk: Client, person: User, author: User
) -> None:
    pledge = record.pledge(by=author)
    imported = record.draft_update(by=author, of=pledge, is_imported=True)
    publish(record=imported, by=author, now=record.NOW)
    page = desk.get(change(record.draft_update(by=person, of=pledge))).content.decode()
    assert "since 1 June 2025</a> (imported, not confirmed here yet): The evidence" in page


def test_a_corrected_rating_shows_the_words_that_stand_and_where_readers_see_them(
    desk: Client, person: User, author: User
) -> None:
    update = record.published_update(by=author, of=record.pledge(by=author))
    there = f"/pledges/{update.pledge.slug}/#update-{update.slug}"
    before = desk.get(change(update)).content.decode()
    assert there in before.replace("&#x27;", "'")
    assert "Corrected, it now says" not in before
    correct_status_update(
        update=update,
        new_text="The evidence says half of it.",
        kind="correction",
        note="Half.",
        by=person,
        now=record.NOW,
    )
    page = desk.get(change(update)).content.decode()
    assert "<dt>Corrected, it now says</dt><dd>The evidence says half of it.</dd>" in page


def test_publish_is_offered_once_it_can_succeed_and_until_then_the_page_says_what_is_missing(
    desk: Client, author: User, other: User
) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author), status="broken")
    submit_status_update(update=update, by=author, now=record.NOW)
    for approver, missing in (
        (None, ["2 more people must approve this first."]),
        (other, ["1 more person must approve this first."]),
        (record.user("third-editor"), []),
    ):
        if approver is not None:
            approve_status_update(update=update, by=approver, now=record.NOW)
        shown = desk.get(change(update)).context
        facts = [fact.text for fact in shown["facts"] if fact.label == "Still to do"]
        offered = [step.name for step, _address in shown["steps"] if not step.is_aside]
        assert (facts, "publish" in offered) == (missing, not missing)


def test_more_approvals_than_are_needed_are_not_said_to_be_of_so_many(
    desk: Client, author: User, other: User
) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    submit_status_update(update=update, by=author, now=record.NOW)
    said = []
    for approver in (other, record.user("third-editor")):
        approve_status_update(update=update, by=approver, now=record.NOW)
        facts = desk.get(change(update)).context["facts"]
        said += [fact.text for fact in facts if fact.label == "Approvals"]
    assert said == ["1 of 1", "2, 1 needed"]


def test_whoever_could_approve_a_draft_reads_that_editing_it_ends_that(
    desk: Client, person: User, author: User
) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))

    def told() -> list[str]:
        facts = desk.get(change(update)).context["facts"]
        return [fact.text for fact in facts if fact.label == "Before you edit"]

    said = "If you save a change of it, you wrote it too: others have to approve it."
    assert told() == [said]
    typed = sent.page(desk, change(update), reasoning="The evidence says more.")
    assert desk.post(change(update), typed).status_code == 302
    assert told() == []


def test_publish_is_not_offered_to_whoever_declared_a_conflict(
    desk: Client, person: User, author: User, other: User
) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    submit_status_update(update=update, by=author, now=record.NOW)
    approve_status_update(update=update, by=other, now=record.NOW)
    term = update.pledge.term
    assert term is not None
    assert term.office is not None
    declare_conflict(
        person=person, jurisdiction=term.office.jurisdiction, nature="Worked there.",
        by=person, now=record.NOW,
    )  # fmt: skip
    shown = desk.get(change(update)).context
    assert "publish" not in [step.name for step, _address in shown["steps"]]
    assert warned_of(shown) == [("Conflict of interest", OWN % term.office.jurisdiction)]


def warned_of(shown: Any) -> list[tuple[str, str]]:
    """Return the warnings of the panel of a page."""
    return [(str(fact.label), fact.text) for fact in shown["facts"] if fact.is_warning]


@pytest.mark.parametrize("is_imported", [False, True])
def test_who_declared_a_conflict_reads_why_not_to_approve(
    desk: Client, person: User, author: User, other: User, is_imported: bool
) -> None:
    pledge = record.pledge(by=author)
    if is_imported:
        update = imported_update(
            by=author, of=pledge, status="stalled", effective_on=date(2025, 1, 8)
        )
    else:
        update = record.draft_update(by=author, of=pledge)
        submit_status_update(update=update, by=author, now=record.NOW)
        approve_status_update(update=update, by=other, now=record.NOW)
    before = desk.get(change(update)).context
    assert "approve" in [step.name for step, _address in before["steps"]]
    assert "Conflict of interest" not in [label for label, _text in warned_of(before)]
    assert pledge.term is not None
    place = pledge.term.office.jurisdiction
    for declares in (person, other):
        declare_conflict(
            person=declares, jurisdiction=place, nature="Kin.", by=declares, now=record.NOW
        )
    shown = desk.get(change(update)).context
    assert "approve" not in [step.name for step, _address in shown["steps"]]
    # Of others only who already stands behind what is still to be published.
    told = [("Conflict of interest", OWN % place)]
    if not is_imported:
        told.append(("Conflict of interest", f"{other}: {place}"))
    assert [line for line in warned_of(shown) if line[0] == "Conflict of interest"] == told
    refused = sent.step(desk, f"/admin/updates/statusupdate/{update.pk}/step/approve/")
    assert OWN % place in unescape(refused.content.decode())
    assert update.approvals.filter(approved_by=person).count() == 0
