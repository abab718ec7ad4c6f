"""The history page says who changed what, field by field, by whatever door it came."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.models import User
from promises.common.word_diff import Piece, word_diff
from promises.desk.history.events import BELONGING, GROWING, happenings
from promises.evidence.models import Evidence, EvidenceLink
from promises.pledges.models import Criterion, Pledge
from promises.updates.models import StatusUpdate
from tests import record
from tests.desk import sent


def history(browser: Client, row: Any, page: int = 1) -> Any:
    table = f"{row._meta.app_label}/{row._meta.model_name}"
    answer = browser.get(f"/admin/{table}/{row.pk}/history/", {"p": page})
    assert answer.status_code == 200
    return answer


def pieces(change: Any) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in change.pieces]


def test_a_save_of_the_desk_is_told_word_by_word(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author, statement="She said she would open all files.")
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    changes = {
        "statement": "She said she would open most files.",
        "controlled_by": "shared",
        "due_on": "2025-12-31",
    }
    assert desk.post(there, sent.page(desk, there, **changes)).status_code == 302
    answer = history(desk, pledge)
    newest = answer.context["entries"][0]
    assert (newest.who, newest.action) == ("Editor", "Saved the pledge")
    assert newest.request == f"POST {there}"
    (row,) = newest.rows
    told = {change.label: change for change in row.changes}
    assert set(told) == {"Statement", "Controlled by", "Due on"}
    assert (told["Due on"].before, told["Due on"].after) == ("", "31 December 2025")
    assert told["Controlled by"].after == str(
        Pledge(controlled_by="shared").get_controlled_by_display()
    )
    assert pieces(told["Statement"]) == [
        ("", "She said she would open "),
        ("del", "all"),
        ("ins", "most"),
        ("", " files."),
    ]
    body = answer.content.decode()
    assert '<del><span class="visually-hidden">removed: </span>all<' in body
    assert '<ins><span class="visually-hidden">added: </span>most<' in body


# In a transaction of its own, as outside of tests: what follows a write in its transaction is its.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["raw", "bulk", "queryset"])
def test_a_change_that_passed_by_the_desk_is_told_too(
    desk: Client, author: User, door: str
) -> None:
    piece = record.draft_evidence(by=author, title="As it was")
    if door == "raw":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE evidence_evidence SET title = 'As I like it'")
    elif door == "bulk":
        piece.title = "As I like it"
        Evidence.objects.bulk_update([piece], ["title"])
    else:
        Evidence.objects.update(title="As I like it")
    newest, oldest = history(desk, piece).context["entries"]
    assert (newest.who, newest.action) == (
        "Outside the desk: raw SQL or a shell",
        "Changed a row",
    )
    assert (newest.why, newest.request) == ("", "")
    (change,) = newest.rows[0].changes
    assert (change.label, change.before, change.after) == ("Title", "As it was", "As I like it")
    assert (oldest.who, oldest.action) == ("Author", "Saved the evidence")


def test_rows_that_belong_to_a_record_stand_in_its_history(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    update = record.published_update(by=author, of=pledge)
    link = EvidenceLink.objects.get()
    there = f"/admin/pledges/pledge/{pledge.pk}/change/"
    gone = {"evidence_links-0-DELETE": "on", "evidence_links-0-removal_reason": "Not about it."}
    name = str(link.evidence)
    assert desk.post(there, sent.page(desk, there, **gone)).status_code == 302
    entries = history(desk, pledge).context["entries"]
    newest = entries[0]
    assert (newest.action, newest.why) == ("Took the evidence off the pledge", "Not about it.")
    assert [(row.kind, row.name) for row in newest.rows] == [("delete", f"Evidence link: {name}")]
    assert {row.name for entry in entries for row in entry.rows} >= {
        "",
        "Criterion: The thing is done.",
        f"Evidence link: {name}",
    }
    told = history(desk, update).context["entries"]
    assert {entry.action for entry in told} == {
        "Drafted the status update",
        "Handed it in for approval",
        "Approved it",
        "Published the status update",
    }
    approved = next(entry for entry in told if entry.action == "Approved it")
    assert approved.who == StatusUpdate.objects.get().approvals.get().approved_by.display_name
    drafted = next(entry for entry in told if entry.action == "Drafted the status update")
    assert f"Citation: {name}" in [row.name for row in drafted.rows]


def test_hostile_text_is_shown_as_text(desk: Client, author: User) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    pledge = record.draft_pledge(by=author, statement=f"Before. {evil}", title="Plain")
    Pledge.objects.update(statement=f"After. {evil}", title=evil)
    Criterion.objects.update(text=evil)
    body = history(desk, pledge).content.decode()
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


def test_history_comes_in_pages_and_in_as_many_queries_however_long_it_is(
    desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    piece = record.draft_evidence(by=author)
    EvidenceLink.objects.create(pledge=pledge, evidence=piece, stance="context")
    Pledge.objects.update(topic=record.topic(by=author))

    def queries(page: int = 1) -> int:
        with CaptureQueriesContext(connection) as captured:
            history(desk, pledge, page)
        return len(captured)

    def change(times: range) -> None:
        for number in times:
            Pledge.objects.update(title=f"Title {number}")
            Criterion.objects.update(text=f"Text {number}")
            EvidenceLink.objects.update(note=f"Note {number}")

    history(desk, pledge)
    # Session, person, record, how many, which; then two a table, and one for each table named.
    assert queries() == 15
    change(range(2))
    few = queries()
    change(range(2, 40))
    assert queries() <= few
    page = history(desk, pledge).context["page"]
    assert (page.paginator.count, page.paginator.num_pages) == (124, 3)
    seen = [
        (entry.when, change.after)
        for number in (1, 2, 3)
        for entry in history(desk, pledge, number).context["entries"]
        for row in entry.rows
        for change in row.changes
    ]
    assert {f"Title {number}" for number in range(40)} <= {text for _when, text in seen}
    assert history(desk, pledge, 99).context["page"].number == 3


def test_whoever_may_not_look_sees_no_history(client: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    client.force_login(record.user("nobody", is_staff=True))
    # Who has no role reaches nothing, not even that it is there.
    assert client.get(f"/admin/pledges/pledge/{pledge.pk}/history/").status_code == 404


def test_every_row_that_belongs_is_a_table_with_that_key() -> None:
    from django.apps import apps

    for label, belonging in BELONGING.items():
        for other, link in belonging:
            field = apps.get_model(other)._meta.get_field(link)
            assert field.related_model is apps.get_model(label), (label, other)
            has_events = hasattr(apps.get_model(other), "pgh_event_models")
            assert has_events is (other not in GROWING)


@pytest.mark.django_db
def test_a_record_without_events_has_an_empty_history(author: User) -> None:
    pledge = record.draft_pledge(by=author)
    other = Pledge(pk=pledge.pk + 1000)
    page, found = happenings(other, 1, author)
    assert (page.paginator.count, found) == (0, [])


def test_words_are_compared_as_words() -> None:
    assert word_diff("a b c", "a x y c") == [
        Piece("", "a "),
        Piece("del", "b"),
        Piece("ins", "x y"),
        Piece("", " c"),
    ]
    assert word_diff("one two", "uno dos") == [Piece("del", "one two"), Piece("ins", "uno dos")]
    assert word_diff("same", "same") == [Piece("", "same")]


def test_long_stretches_that_stayed_are_shortened_and_huge_texts_compared_by_lines() -> None:
    start, middle, end = "s " * 300, "m " * 300, "e " * 300
    before, after = f"{start}one {middle}two {end}", f"{start}uno {middle}dos {end}"
    found = word_diff(before, after)
    assert [piece.kind for piece in found] == ["", "del", "ins", "", "del", "ins", ""]
    assert max(len(piece.text) for piece in found) <= 323
    lines = "".join(f"{'word ' * 50}{number}\n" for number in range(100))
    changed = word_diff(lines, lines.replace("word 50\n", "word fifty\n"))
    assert [piece.kind for piece in changed] == ["", "del", "ins", ""]
    assert changed[2].text.endswith("word fifty\n")
    huge = "x\n" * 3000
    assert word_diff(huge, "y\n" * 3000) == [Piece("del", huge), Piece("ins", "y\n" * 3000)]


@pytest.mark.django_db(transaction=True)
def test_a_draft_gets_an_older_versions_words_back(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author, title="First")
    there = f"/admin/pledges/pledge/{pledge.pk}/"
    desk.post(f"{there}change/", sent.page(desk, f"{there}change/", title="Second"))
    entries = history(desk, pledge).context["entries"]
    oldest = entries[-1]
    own = next(entry for entry in reversed(entries) if entry.event_id)
    body = history(desk, pledge).content.decode()
    assert body.count("Put this version's words back") == 1
    restore = f"{there}restore/{own.event_id}/"
    stale = desk.post(restore, {"seen_version": "1"}, follow=True)
    assert "Someone else saved this after you opened it." in stale.content.decode()
    assert desk.post(restore, follow=True).status_code == 200
    assert desk.get(restore).status_code == 405
    assert Pledge.objects.get().title == "Second"
    answer = desk.post(restore, sent.fields_of(body) | {"seen_version": "2"}, follow=True)
    assert "stand again" in answer.content.decode()
    assert Pledge.objects.get().title == "First"
    newest = answer.context["entries"][0]
    assert (newest.action, newest.who) == ("Put the words of an older version back", "Editor")
    assert newest.why.startswith("Put back the words of ")
    assert oldest == answer.context["entries"][-1]


def test_what_is_published_is_not_put_back(desk: Client, author: User) -> None:
    piece = record.draft_evidence(by=author, title="First")
    Evidence.objects.update(title="Second")
    there = f"/admin/evidence/evidence/{piece.pk}/"
    own = history(desk, piece).context["entries"][-1].event_id
    sent.step(desk, f"{there}step/publish/")
    page = history(desk, piece)
    assert "words back" not in page.content.decode()
    answer = desk.post(f"{there}restore/{own}/", {"seen_version": "3"}, follow=True)
    assert "it must be draft for that." in answer.content.decode()
    assert Evidence.objects.get().title == "Second"
    assert desk.post(f"{there}restore/0/").status_code == 404
