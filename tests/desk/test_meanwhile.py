"""Two editors open one page: the second to save loses nothing and overwrites nothing unseen."""

from django.test import Client

from promises.accounts.models import User
from promises.evidence.models import Evidence
from promises.pledges.models import Criterion, Pledge
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
    desk.post(f"/admin/evidence/evidence/{piece.pk}/step/publish/")
    assert second_desk.post(address, mine).status_code == 200
    assert Evidence.objects.get().title == "As it was"
