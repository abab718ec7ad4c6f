"""What the rules refuse is said on the desk, and nothing changes."""

from datetime import date

from django.contrib.admin.models import LogEntry
from django.test import Client

from promises.accounts.models import User
from promises.editorial.choices import State
from promises.evidence.actions import publish_evidence, save_evidence_link
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.officials.actions import save_official_record
from promises.officials.models import Candidacy, Election
from promises.pledges.actions import publish_pledge
from promises.pledges.models import Pledge
from promises.updates.actions import (
    approve_status_update,
    revise_status_update,
    submit_status_update,
)
from promises.updates.models import Approval, Correction, StatusUpdate
from tests import record
from tests.desk import sent
from tests.desk.conftest import metric
from tests.desk.rows import step
from tests.desk.test_front import in_review
from tests.officials.test_candidacies import stood


def test_the_author_cannot_approve(desk: Client, person: User) -> None:
    update = in_review(person)
    answer = sent.step(desk, step(update, "approve"), note="I like it.")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [
        "You wrote or edited this update; someone else has to approve it."
    ]
    assert "I like it." in answer.content.decode()
    assert Approval.objects.count() == LogEntry.objects.count() == 0
    page = desk.get(f"/admin/updates/statusupdate/{update.pk}/change/").content.decode()
    assert step(update, "approve") not in page
    assert "You wrote or edited this: others have to approve it." in page


def test_what_is_missing_is_said_before_others_approve(
    desk: Client, author: User, person: User
) -> None:
    """Not after two people have read it in vain."""
    pledge = record.draft_pledge(by=author)
    report = record.draft_evidence(by=author)
    update = record.draft_update(by=author, of=pledge, cited=report)
    no_evidence = (
        "A status update rests on at least one published piece of evidence. Cite one, or publish"
        " first what it cites."
    )
    there = f"/admin/updates/statusupdate/{update.pk}/change/"

    def still_to_do() -> list[str]:
        found = desk.get(there).context["facts"]
        return [fact.text for fact in found if fact.label == "Still to do" and fact.is_warning]

    assert still_to_do() == ["Publish the pledge before a status update of it.", no_evidence]
    publish_pledge(pledge=pledge, by=person, now=record.NOW)
    assert still_to_do() == [no_evidence]
    publish_evidence(evidence=report, by=person, now=record.NOW)
    assert still_to_do() == []


def test_nobody_publishes_without_the_approvals(
    second_desk: Client, other: User, author: User
) -> None:
    update = in_review(author, status="kept")
    approve_status_update(update=update, by=other, now=record.NOW)
    editions = Entry.objects.count()
    answer = sent.step(second_desk, step(update, "publish"))
    assert answer.context["form"].non_field_errors() == ["1 more person must approve this first."]
    update.refresh_from_db()
    assert (update.state, update.published_by) == (State.IN_REVIEW, None)
    assert Entry.objects.count() == editions


def test_all_that_is_missing_stands_on_one_page(second_desk: Client, author: User) -> None:
    draft = record.draft_pledge(by=author)
    draft.criteria.all().delete()
    update = record.draft_update(by=author, of=draft)
    update = submit_status_update(update=update, by=author, now=record.NOW)
    missing = [
        "1 more person must approve this first.",
        "Publish the pledge before a status update of it.",
        "Write the criteria of the pledge before its first status update.",
    ]
    answer = sent.step(second_desk, step(update, "publish"))
    assert answer.context["form"].non_field_errors() == missing
    there = "/admin/updates/statusupdate/"
    page = sent.previewed(second_desk, there, "publish", [update])
    assert [line.refused for line in page.context["lines"]] == [" ".join(missing)]
    update.refresh_from_db()
    assert (update.state, update.published_by) == (State.IN_REVIEW, None)


def test_a_batch_is_all_or_nothing(second_desk: Client, other: User, author: User) -> None:
    ready, lacking = in_review(author), in_review(author)
    approve_status_update(update=ready, by=other, now=record.NOW)
    there = "/admin/updates/statusupdate/"
    page = sent.previewed(second_desk, there, "publish", [ready, lacking])
    assert [(line.pk, line.refused) for line in page.context["lines"]] == [
        (lacking.pk, "1 more person must approve this first."),
        (ready.pk, ""),
    ]
    assert set(StatusUpdate.objects.values_list("state", flat=True)) == {State.IN_REVIEW}
    assert LogEntry.objects.count() == 0


def test_what_is_published_is_never_deleted(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    assert desk.get(f"/admin/pledges/pledge/{pledge.pk}/delete/").status_code == 403
    assert (
        desk.post(f"/admin/pledges/pledge/{pledge.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert Pledge.objects.count() == 1


def test_a_draft_is_deleted_once_nothing_hangs_on_it(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    record.evidence(by=author, about=pledge)
    there = f"/admin/pledges/pledge/{pledge.pk}/delete/"
    assert "Cannot delete" in desk.post(there, {"post": "yes"}).content.decode()
    assert Pledge.objects.count() == 1
    EvidenceLink.objects.all().delete()
    assert desk.post(there, {"post": "yes"}).status_code == 302
    assert Pledge.objects.count() == 0
    assert LogEntry.objects.get().is_deletion()


def test_an_election_has_one_winner(desk: Client, author: User) -> None:
    term = record.term(by=author)
    election = Election(slug="vote", office=term.office, held_on=date(2023, 11, 7), stage="general")
    save_official_record(record=election, by=author, now=record.NOW)
    runner_up = record.term(by=author).person
    editions = Entry.objects.count()
    there = f"/admin/officials/election/{election.pk}/change/"
    both = sent.page(desk, there) | {"candidacies-TOTAL_FORMS": 2}
    for number, (candidate, party) in enumerate([(term.person, "Example"), (runner_up, "Sample")]):
        row = {"election": election.pk, "person": candidate.pk, "party": party, "is_winner": "on"}
        both |= {f"candidacies-{number}-{name}": value for name, value in row.items()}
    answer = desk.post(there, both)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.non_field_errors() == [
        "An election has one winner at most."
    ]
    assert Candidacy.objects.count() == 0
    assert Entry.objects.count() == editions
    assert "Sample" in answer.content.decode()

    both.pop("candidacies-1-is_winner")
    assert desk.post(there, both).status_code == 302
    winners = Candidacy.objects.order_by("pk").values_list("person", "is_winner")
    assert list(winners) == [(term.person_id, True), (runner_up.pk, False)]


def test_a_page_sent_back_unchanged_changes_nothing(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author, statement="She said it.\nTwice.")
    record.published_update(by=author, of=pledge)
    editions = Entry.objects.count()
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    page = sent.page(desk, there)
    assert page["statement"] == "She said it.\r\nTwice."
    answer = desk.post(there, page)
    assert answer.status_code == 302, answer.context["errors"]
    assert Entry.objects.count() == editions
    assert LogEntry.objects.count() == Correction.objects.count() == 0


def test_taking_public_evidence_off_a_pledge_leaves_a_tombstone_with_the_reason(
    desk: Client, author: User
) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    row = "evidence_links-0"
    for reason in ("", "  "):
        removal = {f"{row}-DELETE": "on", f"{row}-removal_reason": reason}
        answer = desk.post(there, sent.page(desk, there, **removal))
        assert "Say why this evidence is taken off the pledge." in answer.content.decode()
    assert EvidenceLink.objects.count() == 1
    removal = {f"{row}-DELETE": "on", f"{row}-removal_reason": "It is about another office."}
    page = sent.page(desk, there, **removal)
    assert page[f"{row}-id"] == str(piece.links.get().pk)
    answer = desk.post(there, page)
    assert answer.status_code == 302, answer.context["errors"]
    assert EvidenceLink.objects.count() == 0
    newest = Entry.objects.latest("edition")
    assert newest.event == "evidence_link:retracted"
    assert "It is about another office." in newest.data


def test_who_approves_finds_the_evidence_a_rating_rests_on(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    piece = record.evidence(by=author, about=pledge, title="Order <1>", kind="court_filing")
    draft = record.draft_evidence(by=author, title="A memo", kind="policy_memo", publisher="")
    save_evidence_link(
        link=EvidenceLink(pledge=pledge, evidence=draft, stance="contradicts"),
        by=author,
        now=record.NOW,
    )
    update = record.draft_update(by=author, of=pledge, cited=piece)
    revise_status_update(update=update, evidence=[piece, draft], by=author, now=record.NOW)
    submit_status_update(update=update, by=author, now=record.NOW)
    page = desk.get(f"/admin/updates/statusupdate/{update.pk}/change/").content.decode()
    listed = page.split('<ul class="desk-rests-on">')[1].split("</ul>")[0]
    there = "/admin/evidence/evidence/{}/change/"
    assert listed == (
        f'<li><a href="{there.format(piece.pk)}">Order &lt;1&gt;</a> <span class="quiet">'
        "supports · court filing · The Example Times · 1 May 2025 · no copy yet</span></li>"
        f'<li><a href="{there.format(draft.pk)}">A memo</a> <span class="quiet">'
        "contradicts · policy memo · 1 May 2025 · draft · no copy yet</span></li>"
    )
    assert f"{pledge.person}: {update}" in page


def test_a_candidacy_typed_by_mistake_is_removed_on_the_page_of_its_election(
    desk: Client, author: User
) -> None:
    candidacy = stood(record.term(by=author).person, author)
    there = f"/admin/officials/election/{candidacy.election_id}/change/"
    row = "candidacies-0"
    answer = desk.post(there, sent.page(desk, there, **{f"{row}-DELETE": "on"}))
    assert answer.status_code == 200
    assert "Say why this candidacy is removed." in answer.content.decode()
    assert Candidacy.objects.count() == 1
    removal = {f"{row}-DELETE": "on", f"{row}-removal_reason": "Another person of that name."}
    assert desk.post(there, sent.page(desk, there, **removal)).status_code == 302
    assert Candidacy.objects.count() == 0
    assert Entry.objects.latest("edition").event == "candidacy:retracted"


def test_the_page_of_a_term_says_which_rating_stands_on_its_end(desk: Client, author: User) -> None:
    term = record.term(by=author, ends_on=date(2025, 6, 1))
    pledge = record.pledge(by=author, of=term, kind="standing")
    given = {"status": "kept", "effective_on": date(2025, 6, 1)}
    record.published_update(by=author, of=pledge, **given)
    there = f"/admin/officials/term/{term.pk}/change/"
    answer = desk.post(there, sent.page(desk, there, ends_on="2027-01-01"))
    assert answer.status_code == 200
    assert "rated kept because this term is over" in answer.content.decode()
    term.refresh_from_db()
    assert term.ends_on == date(2025, 6, 1)


def test_a_value_of_a_metric_cannot_be_changed(desk: Client, author: User) -> None:
    value = metric(record.pledge(by=author), author).observations.get()
    there = f"/admin/metrics/observation/{value.pk}/change/"
    assert desk.get(there).status_code == 200
    assert desk.post(there, {"value": "31"}).status_code == 403
    value.refresh_from_db()
    assert value.value == 30
