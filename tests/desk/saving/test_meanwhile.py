"""Two editors open one page: the second to save loses nothing and overwrites nothing unseen."""

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.editorial.actions import Gone, locked
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Criterion, Pledge
from promises.updates.models import StatusUpdate
from tests import record
from tests.desk import sent


def test_the_second_sees_before_mine_and_theirs_and_keeps_the_typed_text(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    theirs = sent.page(desk, address, title="As they say")
    mine = sent.page(second_desk, address, title="As I say", statement="My long text.")
    assert desk.post(address, theirs).status_code == 302
    answer = second_desk.post(address, mine)
    assert answer.status_code == 200
    assert Pledge.objects.get().title == "As they say"
    rows = {row.label: (row.before, row.mine, row.theirs) for row in answer.context["meanwhile"]}
    assert rows["Title"] == ("As it was", "As I say", "As they say")
    body = answer.content.decode()
    assert "Someone else saved this after you opened it." in body
    assert "My long text." in body
    again = sent.fields_of(body)
    assert second_desk.post(address, again).status_code == 302
    pledge.refresh_from_db()
    assert (pledge.title, pledge.statement) == ("As I say", "My long text.")


def test_whoever_saved_it_themselves_is_told_so(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    page = sent.page(desk, address, title="At first")
    assert desk.post(address, page).status_code == 302
    # Back, and saved again from the page as it was.
    answer = desk.post(address, {**page, "title": "Then"})
    assert answer.status_code == 200
    body = answer.content.decode()
    assert answer.context["adminform"].form.non_field_errors() == [
        "You saved this yourself after you opened this page: in another window, or before you went"
        " back. Compare the two and save again: nothing of either is lost."
    ]
    assert "Someone else" not in body
    assert "Theirs" not in body
    assert "Saved by you" in body
    assert "save again to put it over what you saved." in body
    rows = {row.label: (row.before, row.mine, row.theirs) for row in answer.context["meanwhile"]}
    assert rows == {"Title": ("As it was", "Then", "At first")}
    assert Pledge.objects.get().title == "At first"
    # Where another has saved between the two, it is not oneself alone.
    theirs = sent.page(second_desk, address, title="As they say")
    assert second_desk.post(address, theirs).status_code == 302
    answer = desk.post(address, {**page, "title": "Then"})
    assert "Someone else saved this after you opened it." in answer.content.decode()
    assert Pledge.objects.get().title == "As they say"


def test_a_row_of_the_page_is_guarded_too(desk: Client, second_desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    theirs = sent.page(desk, address, **{"criteria-0-text": "Theirs."})
    mine = sent.page(second_desk, address, **{"criteria-0-text": "Mine."})
    desk.post(address, theirs)
    answer = second_desk.post(address, mine)
    assert Criterion.objects.get().text == "Theirs."
    (row,) = answer.context["meanwhile"]
    assert (row.before, row.mine, row.theirs) == ("The thing is done.", "Mine.", "Theirs.")


def test_what_is_chosen_is_compared_in_the_words_of_the_page(
    desk: Client, second_desk: Client, author: User
) -> None:
    """And a row is named: the page has many that ask the same."""
    pledge = record.draft_pledge(by=author, kind="outcome")
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    theirs = sent.page(desk, address, **{"criteria-0-is_met": "true"})
    mine = sent.page(second_desk, address, **{"criteria-0-is_met": "false"})
    assert desk.post(address, theirs).status_code == 302
    (row,) = second_desk.post(address, mine).context["meanwhile"]
    assert (row.label, row.before, row.mine, row.theirs) == (
        f"Met ({Criterion.objects.get()})", "Unknown", "No", "Yes",
    )  # fmt: skip
    theirs = sent.page(desk, address, controlled_by="shared", kind="standing")
    mine = sent.page(second_desk, address, controlled_by="others")
    assert desk.post(address, theirs).status_code == 302
    (row,) = second_desk.post(address, mine).context["meanwhile"]
    labels = dict(Pledge._meta.get_field("controlled_by").flatchoices)
    words = ("Controlled by", labels["office"], labels["others"], labels["shared"])
    assert (row.label, row.before, row.mine, row.theirs) == words


def test_a_ticked_box_is_compared_as_yes_or_no(
    desk: Client, second_desk: Client, author: User
) -> None:
    piece = record.draft_evidence(by=author, is_title_exact=True)
    address = f"/admin/evidence/evidence/{piece.pk}/change/"
    theirs = sent.page(desk, address, title="Other")
    mine = sent.page(second_desk, address)
    del mine["is_title_exact"]
    assert desk.post(address, theirs).status_code == 302
    rows = second_desk.post(address, mine).context["meanwhile"]
    assert [(row.label, row.before, row.mine, row.theirs) for row in rows] == [
        ("Title is exact", "yes", "no", "yes")
    ]


def test_what_i_did_not_touch_does_not_stand_in_my_way(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    theirs = sent.page(desk, address, **{"criteria-0-text": "Theirs."})
    mine = sent.page(second_desk, address, title="Mine")
    desk.post(address, theirs)
    assert second_desk.post(address, mine).status_code == 302
    assert (Pledge.objects.get().title, Criterion.objects.get().text) == ("Mine", "Theirs.")


def test_a_state_changed_meanwhile_is_seen_as_well(
    desk: Client, second_desk: Client, author: User
) -> None:
    piece = record.draft_evidence(by=author, title="As it was")
    address = f"/admin/evidence/evidence/{piece.pk}/change/"
    mine = sent.page(second_desk, address, title="As I say")
    assert sent.step(desk, f"/admin/evidence/evidence/{piece.pk}/step/publish/").status_code == 302
    assert second_desk.post(address, mine).status_code == 200
    assert Evidence.objects.get().title == "As it was"


@pytest.mark.parametrize("sent_version", [None, "", "first", "-1"])
def test_a_page_that_does_not_say_what_it_was_made_from_saves_over_nothing(
    desk: Client, author: User, sent_version: str | None
) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    mine = sent.page(desk, address, title="As I say", statement="My long text.")
    mine["seen_version"] = sent_version
    if sent_version is None:
        del mine["seen_version"]
    answer = desk.post(address, mine)
    assert answer.status_code == 200
    stored = Pledge.objects.get()
    assert (stored.title, stored.version) == ("As it was", 1)
    body = answer.content.decode()
    assert "does not say which version of the record it was made from" in body
    rows = {row.label: (row.mine, row.theirs) for row in answer.context["meanwhile"]}
    assert rows["Title"] == ("As I say", "As it was")
    # The page that shows the two carries the version: it can be saved.
    assert desk.post(address, sent.fields_of(body)).status_code == 302
    stored.refresh_from_db()
    assert (stored.title, stored.statement) == ("As I say", "My long text.")


def test_a_row_that_does_not_say_what_it_was_made_from_is_refused(
    desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    mine = sent.page(desk, address, **{"criteria-0-text": "Mine."})
    del mine["criteria-0-seen_version"]
    answer = desk.post(address, mine)
    assert answer.status_code == 200
    assert Criterion.objects.get().text == "The thing is done."
    assert "Mine." in answer.content.decode()


# The first piece of evidence is taken off its pledge.
OFF = {"evidence_links-0-DELETE": "on", "evidence_links-0-removal_reason": "Not about it."}


def test_what_someone_else_changed_is_not_removed_unseen(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    record.evidence(by=author, about=pledge)
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    theirs = sent.page(desk, address, **{"evidence_links-0-note": "On page 3."})
    mine = sent.page(second_desk, address, **OFF)
    assert desk.post(address, theirs).status_code == 302
    answer = second_desk.post(address, mine)
    assert answer.status_code == 200
    assert EvidenceLink.objects.get().note == "On page 3."
    again = sent.fields_of(answer.content.decode())
    assert second_desk.post(address, again).status_code == 302
    assert EvidenceLink.objects.count() == 0


def test_what_someone_else_removed_is_said(desk: Client, second_desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    record.evidence(by=author, about=pledge)
    address = f"/admin/pledges/pledge/{pledge.pk}/change/"
    theirs = sent.page(desk, address, **OFF)
    mine = sent.page(second_desk, address, **{"evidence_links-0-note": "My note."})
    assert desk.post(address, theirs).status_code == 302
    assert second_desk.post(address, mine).status_code == 200
    assert EvidenceLink.objects.count() == 0
    link = EvidenceLink(pk=1, pledge=pledge)
    with pytest.raises(Gone):
        locked(link)


def cited(update: StatusUpdate) -> list[int]:
    return list(update.citations.order_by("pk").values_list("evidence_id", flat=True))


def test_the_choice_of_evidence_is_not_overwritten_unseen(
    desk: Client, second_desk: Client, person: User
) -> None:
    pledge = record.draft_pledge(by=person)
    first, second = (record.evidence(by=person, about=pledge) for _ in range(2))
    update = record.draft_update(by=person, of=pledge, cited=first)
    links = {link.evidence_id: str(link.pk) for link in EvidenceLink.objects.all()}
    address = f"/admin/updates/statusupdate/{update.pk}/change/"
    # The author's own change of the choice leaves the row itself as it was.
    theirs = sent.page(desk, address, cited=list(links.values()))
    mine = sent.page(second_desk, address, cited=[links[second.pk]], reasoning="My reasoning.")
    untouched = sent.page(second_desk, address, reasoning="My reasoning.")
    assert desk.post(address, theirs).status_code == 302
    assert cited(update) == [first.pk, second.pk]

    answer = second_desk.post(address, mine)
    assert answer.status_code == 200
    assert cited(update) == [first.pk, second.pk]
    rows = {row.label: (row.before, row.mine, row.theirs) for row in answer.context["meanwhile"]}
    assert rows["Rests on"] == (str(first), str(second), f"{first}\n{second}")

    assert second_desk.post(address, untouched).status_code == 302
    assert cited(update) == [first.pk, second.pk]
    again = sent.page(second_desk, address, cited=[links[second.pk]])
    assert second_desk.post(address, again).status_code == 302
    assert cited(update) == [second.pk]
