"""The pages of the desk keep what is typed, offer it again, and forget it once it is saved."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from promises.accounts.models import User
from promises.editorial.models import UnsavedWork
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence, EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.models import Criterion, Pledge
from tests import record
from tests.desk import sent

SESSION = "0123456789abcdef"
ADD = "/admin/pledges/pledge/add/unsaved/"


def keep(browser: Client, there: str, typed: dict[str, Any], session: str = SESSION) -> Any:
    """Send what the script of the page sends."""
    fields = {
        name: value if isinstance(value, list) else [value]
        for name, value in typed.items()
        if name != "csrfmiddlewaretoken"
    }
    return browser.post(there, {"session": session, "fields": json.dumps(fields)})


def test_words_are_kept_by_a_host_whose_clock_is_behind_that_of_the_one_before(
    desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    for words, minutes in (("Typed", 10), ("Typed on", -10)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            typed = {"title": words}
            assert keep(desk, of_pledge(pledge, "unsaved"), typed).status_code == 200
        assert UnsavedWork.objects.get().fields == {"title": [words]}


def of_pledge(pledge: Pledge, view: str) -> str:
    return f"/admin/pledges/pledge/{pledge.pk}/{view}/"


def test_what_was_typed_is_offered_taken_up_and_gone_once_saved(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    there = of_pledge(pledge, "change")
    typed = sent.page(desk, there, title="Half a sen", **{"criteria-0-text": "Half a crit"})
    history, entries = Pledge.pgh_event_models["update"].objects, Entry.objects.count()  # type: ignore[attr-defined]
    answer = keep(desk, of_pledge(pledge, "unsaved"), typed)
    assert answer.status_code == 200
    assert answer.json()["kept"].startswith("Kept at ")
    stored = Pledge.objects.get()
    assert (stored.title, stored.version, history.count()) == ("As it was", 1, 1)
    assert Entry.objects.count() == entries

    work = UnsavedWork.objects.get()
    page = desk.get(there).content.decode()
    assert "You have unsaved text from " in page
    assert sent.fields_of(page)["title"] == "As it was"
    taken = desk.get(f"{there}?unsaved={work.pk}")
    assert taken.status_code == 200
    body = taken.content.decode()
    fields = sent.fields_of(body)
    assert (fields["title"], fields["criteria-0-text"]) == ("Half a sen", "Half a crit")
    assert fields["unsaved_session"] == SESSION
    assert "errornote" not in body
    assert taken.context["meanwhile"] == []
    assert UnsavedWork.objects.count() == 1

    # A refused save keeps it; one that is accepted takes it away.
    assert desk.post(there, {**fields, "title": ""}).status_code == 200
    assert UnsavedWork.objects.count() == 1
    assert desk.post(there, fields).status_code == 302
    assert UnsavedWork.objects.count() == 0
    assert (Pledge.objects.get().title, Criterion.objects.get().text) == (
        "Half a sen",
        "Half a crit",
    )
    assert "You have unsaved text" not in desk.get(there).content.decode()


def test_rows_that_were_added_on_the_page_are_kept_too(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    piece = record.draft_evidence(by=author)
    there = of_pledge(pledge, "change")
    typed = sent.page(desk, there)
    typed |= {
        "criteria-TOTAL_FORMS": "3",
        "criteria-1-text": "A second one.",
        "criteria-2-text": "A third one.",
        "evidence_links-2-0-evidence": str(piece.pk),
    }
    keep(desk, of_pledge(pledge, "unsaved"), typed)
    body = desk.get(f"{there}?unsaved={UnsavedWork.objects.get().pk}").content.decode()
    fields = sent.fields_of(body)
    assert fields["criteria-1-text"] == "A second one."
    assert fields["criteria-2-text"] == "A third one."
    assert Criterion.objects.count() == 1


def test_a_new_record_is_kept_and_belongs_to_no_other_page(desk: Client, author: User) -> None:
    there = "/admin/evidence/evidence/add/"
    typed = sent.page(desk, there, title="A new memo", summary="It sa")
    assert keep(desk, f"{there}unsaved/", typed).status_code == 200
    work = UnsavedWork.objects.get()
    assert (work.table, work.object_id, work.seen_version) == ("evidence.Evidence", "", None)
    fields = sent.fields_of(desk.get(f"{there}?unsaved={work.pk}").content.decode())
    assert (fields["title"], fields["summary"]) == ("A new memo", "It sa")
    assert "unsaved text" not in desk.get("/admin/pledges/pledge/add/").content.decode()
    fields |= {
        "slug": "a-new-memo",
        "summary": "It says so.",
        "kind": "policy_memo",
        "provenance": "independent",
        "checked": "excerpt",
        "date_precision": "unknown",
    }
    assert desk.post(there, fields).status_code == 302
    assert Evidence.objects.get().title == "A new memo"
    assert UnsavedWork.objects.count() == 0


def test_what_someone_saved_meanwhile_is_shown_beside_it(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    there = of_pledge(pledge, "change")
    keep(desk, of_pledge(pledge, "unsaved"), sent.page(desk, there, title="As I say"))
    second_desk.post(there, sent.page(second_desk, there, title="As they say"))
    assert "Someone has saved this record since" in desk.get(there).content.decode()
    taken = desk.get(f"{there}?unsaved={UnsavedWork.objects.get().pk}")
    rows = {row.label: (row.before, row.mine, row.theirs) for row in taken.context["meanwhile"]}
    assert rows == {"Title": ("As it was", "As I say", "As they say")}
    assert desk.post(there, sent.fields_of(taken.content.decode())).status_code == 302
    assert Pledge.objects.get().title == "As I say"


def test_nobody_else_sees_takes_or_discards_it(
    desk: Client, second_desk: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    there = of_pledge(pledge, "change")
    keep(desk, of_pledge(pledge, "unsaved"), sent.page(desk, there, title="My secret thought"))
    work = UnsavedWork.objects.get()
    for address in (there, f"{there}?unsaved={work.pk}"):
        body = second_desk.get(address).content.decode()
        assert "unsaved text" not in body
        assert "My secret thought" not in body
    discard = f"{of_pledge(pledge, 'unsaved')}{work.pk}/discard/"
    assert second_desk.post(discard).status_code == 404
    # Whoever saves with the key of another's session takes nothing from them.
    stolen = sent.page(second_desk, there, title="Theirs", unsaved_session=SESSION)
    assert second_desk.post(there, stolen).status_code == 302
    assert UnsavedWork.objects.count() == 1
    answer = desk.post(discard)
    assert (answer.status_code, answer["Location"]) == (302, "../../../change/")
    assert UnsavedWork.objects.count() == 0


def test_discarding_what_was_new_goes_back_to_the_page_of_a_new_record(desk: Client) -> None:
    there = "/admin/pledges/pledge/add/"
    keep(desk, f"{there}unsaved/", {"title": "Never mind"})
    work = UnsavedWork.objects.get()
    page = desk.post(f"{there}unsaved/{work.pk}/discard/", follow=True)
    assert page.request["PATH_INFO"] == there
    assert "The unsaved text is gone." in page.content.decode()


def test_nothing_is_kept_for_a_record_that_one_may_not_edit(
    desk: Client, client: Client, author: User
) -> None:
    pledge = record.draft_pledge(by=author)
    piece = record.evidence(by=author, about=pledge)
    retract_evidence(evidence=piece, reason="Wrong.", by=author, now=record.NOW)
    fixed = f"/admin/evidence/evidence/{piece.pk}/unsaved/"
    assert keep(desk, fixed, {"title": "Mine"}).status_code == 403
    shown = desk.get(f"/admin/evidence/evidence/{piece.pk}/change/")
    assert (shown.status_code, "autosave.js" in shown.content.decode()) == (200, False)
    reader = record.user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(reader)
    # A record is not even shown to who has no role.
    for address, status in ((of_pledge(pledge, "unsaved"), 404), (ADD, 403)):
        assert keep(client, address, {"title": "Mine"}).status_code == status
    assert client.get(of_pledge(pledge, "change")).status_code == 302
    assert keep(Client(), of_pledge(pledge, "unsaved"), {"title": "Mine"}).status_code == 302
    assert keep(desk, "/admin/pledges/pledge/0/unsaved/", {}).status_code == 404
    assert UnsavedWork.objects.count() == 0


def test_what_can_no_longer_be_put_into_the_page_can_still_be_read(
    desk: Client, second_desk: Client, author: User
) -> None:
    piece = record.draft_evidence(by=author)
    there = f"/admin/evidence/evidence/{piece.pk}/"
    keep(desk, f"{there}unsaved/", sent.page(desk, f"{there}change/", summary="My <b>words</b>"))
    sent.step(second_desk, f"{there}step/publish/")
    sent.step(second_desk, f"{there}step/retract/", reason="Wrong.")
    body = desk.get(f"{there}change/").content.decode()
    assert "It cannot be put into this page any more" in body
    assert "My &lt;b&gt;words&lt;/b&gt;" in body
    work = UnsavedWork.objects.get()
    assert desk.get(f"{there}change/?unsaved={work.pk}").status_code == 403


def test_the_door_wants_post_a_token_and_fields(desk: Client, person: User, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    there = of_pledge(pledge, "unsaved")
    assert desk.put(there).status_code == 405
    assert len(desk.get(there).json()["token"]) == 64
    assert desk.post(there, {"session": SESSION, "fields": "not json"}).status_code == 400
    assert desk.post(there, {"session": SESSION, "fields": '{"a": 1}'}).status_code == 400
    assert keep(desk, there, {"title": "Mine"}, session="short").status_code == 400
    assert keep(desk, there, {"title": "Mine"}, session="x" * 41).status_code == 400
    too_long = keep(desk, there, {"title": "x" * 400_000})
    assert too_long.status_code == 413
    assert too_long.json() == {"refused": "This is too long to be kept without saving. Save it."}
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert keep(strict, there, {"title": "Mine"}).status_code == 403
    assert UnsavedWork.objects.count() == 0


@pytest.mark.parametrize("number", ["0", "x", "999999", "-1"])
def test_an_unsaved_text_that_is_not_there_is_not_asked_for(
    desk: Client, author: User, number: str
) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    page = desk.get(f"{of_pledge(pledge, 'change')}?unsaved={number}")
    assert page.status_code == 200
    assert sent.fields_of(page.content.decode())["title"] == "As it was"


def test_opening_unsaved_text_never_saves_it(desk: Client, author: User) -> None:
    """The page is made like one that was sent and refused: even a faultless text stays unsaved."""
    pledge = record.draft_pledge(by=author, title="As it was")
    piece = record.evidence(by=author, about=pledge)
    there = of_pledge(pledge, "change")
    typed = sent.page(desk, there, title="Faultless", _save="Save")
    typed["evidence_links-0-DELETE"] = "on"
    keep(desk, of_pledge(pledge, "unsaved"), typed)
    desk.get(f"{there}?unsaved={UnsavedWork.objects.get().pk}")
    assert Pledge.objects.get().title == "As it was"
    assert EvidenceLink.objects.get().evidence == piece
