"""The pages of steps keep what is typed on them, as the pages of records do."""

from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.editorial.models import UnsavedWork
from promises.newsroom.models import Comment
from tests import record
from tests.desk import sent
from tests.desk.rows import change, step
from tests.desk.saving.test_unsaved import SESSION, keep, of_pledge


def of_step(row: Any, name: str) -> tuple[str, str]:
    """The address of a step's page, and where that sends what is typed."""
    return step(row, name), f"{change(row).removesuffix('change/')}unsaved/?step={name}"


def test_what_was_typed_on_the_page_of_a_step_is_kept_too(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    there, unsaved = of_step(pledge, "comment")
    page = desk.get(there).content.decode()
    assert f'data-address="{unsaved}"' in page
    assert "You have unsaved text" not in page
    answer = keep(desk, unsaved, sent.page(desk, there, text="Which me"))
    assert (answer.status_code, Comment.objects.count()) == (200, 0)
    work = UnsavedWork.objects.get()
    assert (work.table, work.object_id) == ("pledges.Pledge:comment", str(pledge.pk))

    # It is offered there, to nobody else, and on no other page.
    assert "You have unsaved text from " in desk.get(there).content.decode()
    others = ((second_desk, there), (desk, of_step(pledge, "assign")[0]),
        (desk, of_pledge(pledge, "change")))  # fmt: skip
    for browser, address in others:
        assert "You have unsaved text" not in browser.get(address).content.decode()
        body = browser.get(f"{address}?unsaved={work.pk}").content.decode()
        assert "Which me" not in body
    body = desk.get(f"{there}?unsaved={work.pk}").content.decode()
    fields = sent.fields_of(body)
    assert (fields["text"], fields["unsaved_session"]) == ("Which me", SESSION)
    assert "This is your unsaved text from " in body
    assert "errornote" not in body

    # A refused answer keeps it; one that is accepted takes it away.
    answer = desk.post(there, {**fields, "text": ""})
    assert sent.fields_of(answer.content.decode())["unsaved_session"] == SESSION
    assert UnsavedWork.objects.count() == 1
    assert desk.post(there, {**fields, "text": "Which memo?"}).status_code == 302
    assert (Comment.objects.get().text, UnsavedWork.objects.count()) == ("Which memo?", 0)


def test_answers_of_a_step_are_discarded_on_its_page(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    there, unsaved = of_step(pledge, "comment")
    keep(desk, unsaved, {"text": "Which me"})
    discard = unsaved.replace("/unsaved/", f"/unsaved/{UnsavedWork.objects.get().pk}/discard/")
    assert discard in desk.get(there).content.decode()
    assert second_desk.post(discard).status_code == 404
    assert desk.post(discard.partition("?")[0]).status_code == 404
    assert UnsavedWork.objects.count() == 1
    answer = desk.post(discard, follow=True)
    assert answer.redirect_chain == [("../../../step/comment/", 302)]
    assert answer.request["PATH_INFO"] == there
    assert "The unsaved text is gone." in answer.content.decode()
    assert UnsavedWork.objects.count() == 0


def test_answers_are_kept_of_steps_that_one_may_take(desk: Client, author: User) -> None:
    pledge = record.pledge(by=author)
    unsaved = of_step(pledge, "comment")[1]
    assert keep(desk, unsaved.replace("comment", "nothing"), {"text": "x"}).status_code == 404
    reader = record.user("reader", is_staff=True)
    theirs = Client()
    theirs.force_login(reader)
    assert keep(theirs, unsaved, {"text": "x"}).status_code == 404
    assert UnsavedWork.objects.count() == 0


def test_a_step_that_asks_nothing_keeps_nothing(desk: Client, author: User) -> None:
    page = desk.get(of_step(record.draft_pledge(by=author), "submit")[0]).content.decode()
    assert "desk-kept" not in page
    assert "unsaved_session" not in page


@pytest.mark.parametrize("name", ["comment", "assign"])
def test_what_stands_beside_the_discussion_saves_nothing(
    desk: Client, person: User, name: str
) -> None:
    """Else whoever comments on what is public would publish what stands half typed above."""
    pledge = record.pledge(by=person)
    body = desk.get(change(pledge)).content.decode()
    assert f'<a class="button desk-step" href="{step(pledge, name)}">' in body
    assert f'value="{name}"' not in body
