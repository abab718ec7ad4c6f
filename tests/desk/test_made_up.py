"""Addresses and forms that no page has made are refused or passed over, and never a failure."""

import base64
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from promises.accounts.models import User
from promises.editorial.models import UnsavedWork
from promises.imports.actions import upload_file
from promises.imports.models import Import, ImportFile
from promises.ledger.models import Entry
from promises.newsroom.models import Comment
from promises.pledges.models import Pledge
from promises.record_requests.models import RecordRequest
from tests import record
from tests.desk import sent
from tests.desk.conftest import registered
from tests.desk.rows import address, change, step
from tests.imports.conftest import World
from tests.record_requests.filed import draft_request

DIGITS = "9" * 5000
# Beyond what the database counts.
TWENTY = "9" * 20
PLEDGES = "/admin/pledges/pledge/"
# Pages of one file; groups are Django's own page.
LISTS = [model for model in registered() if model._meta.label not in {"auth.Group"}]


def place(written: str) -> str:
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_lists_take_no_place_and_no_order_that_they_have_not_given(
    desk: Client, model: Any
) -> None:
    there = address(model, "changelist")
    for written in ("[" * 1500, '["\\ud800", "1"]', '["\\u0000", "1"]', DIGITS):
        answer = desk.get(f"{there}?after={place(written)}")
        assert (answer.status_code, answer["Location"]) == (302, f"{there}?e=1")
    assert desk.get(f"{there}?o={DIGITS}").status_code == 200
    assert desk.get(f"{there}?o=-{DIGITS}.1").status_code == 200


@pytest.mark.parametrize("number", [TWENTY, DIGITS])
def test_a_place_beyond_all_numbers_is_no_failure(desk: Client, author: User, number: str) -> None:
    pledge = record.draft_pledge(by=author)
    asked = {"after": place(f'["{pledge.person.name}", "{number}", "1", "1"]')}
    assert desk.get(PLEDGES, asked).status_code in {200, 302}
    assert desk.get("/admin/ledger/entry/", {"after": place(f'["{number}"]')}).status_code in {
        200,
        302,
    }


@pytest.mark.parametrize(
    "address",
    [
        f"{PLEDGES}?state__exact=%00",
        f"{PLEDGES}?stale=%00",
        f"{PLEDGES}?q=a%00b",
        "/admin/updates/statusupdate/?method=%00",
        "/admin/autocomplete/?term=%00&app_label=pledges&model_name=pledge&field_name=person",
        f"{PLEDGES}add/unsaved%00/1/discard/",
    ],
)
def test_an_address_with_a_nul_is_refused(desk: Client, address: str) -> None:
    answer = desk.get(address)
    assert answer.status_code == 400
    assert "This address makes no sense here" in answer.content.decode()


def test_a_report_is_not_asked_for_an_outcome_with_a_nul(desk: Client, person: User) -> None:
    world = World(person, record.term(by=person).person, record.topic(by=person))
    upload = world.tried(world.upload(world.row(1)))
    there = f"/admin/imports/import/{upload.pk}/"
    assert desk.get(f"{there}report/?outcome=new").status_code == 200
    for page in ("report/", "report.csv"):
        assert desk.get(f"{there}{page}?outcome=%00").status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", TWENTY, DIGITS])
def test_an_autocomplete_has_no_such_page(desk: Client, page: str) -> None:
    field = {"app_label": "pledges", "model_name": "pledge", "field_name": "person"}
    asked = {**field, "term": "", "page": page}
    assert desk.get("/admin/autocomplete/", asked).status_code == 404


@pytest.mark.parametrize("number", [TWENTY, DIGITS, "²"])
def test_a_version_that_nobody_has_seen_is_none(desk: Client, author: User, number: str) -> None:
    pledge = record.draft_pledge(by=author, title="As it was")
    assert desk.get(f"{step(pledge, 'submit')}?seen_version={quote(number)}").status_code == 200
    answer = sent.step(desk, step(pledge, "submit"), seen_version=number)
    assert answer.status_code == 200
    assert "Nothing has been done" in " ".join(answer.context["form"].non_field_errors())
    page = sent.page(desk, change(pledge), title="Mine", seen_version=number)
    answer = desk.post(change(pledge), page)
    assert answer.status_code == 200
    assert "does not say which version" in answer.content.decode()
    assert desk.get(f"{change(pledge)}?unsaved={quote(number)}").status_code == 200
    stored = Pledge.objects.get()
    assert (stored.state, stored.title, stored.version) == ("draft", "As it was", 1)
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("number", [TWENTY, DIGITS, "²"])
def test_a_batch_passes_over_what_is_no_row(desk: Client, author: User, number: str) -> None:
    pledge = record.draft_pledge(by=author)
    answer = desk.post(f"{PLEDGES}step/submit/", {"rows": f"{number},{pledge.pk}"})
    assert answer.status_code == 200
    assert [line.pk for line in answer.context["lines"]] == [pledge.pk]
    assert Pledge.objects.get().state == "draft"


@pytest.mark.parametrize("number", ["²", TWENTY, DIGITS])
def test_an_import_of_no_number_is_not_there(desk: Client, number: str) -> None:
    assert desk.get(f"/admin/imports/import/{quote(number)}/change/").status_code == 404


@pytest.mark.parametrize(
    "fields", ['{"a":["\\ud800"]}', '{"\\udc00":["a"]}', '{"a":["\\u0000"]}', "[" * 5000, DIGITS]
)
def test_what_cannot_be_kept_is_malformed(desk: Client, author: User, fields: str) -> None:
    there = f"{PLEDGES}{record.draft_pledge(by=author).pk}/unsaved/"
    answer = desk.post(there, {"session": "0123456789abcdef", "fields": fields})
    assert (answer.status_code, answer.json()) == (400, {"refused": "malformed"})
    answer = desk.post(there, {"session": "01234567\x009abcdef", "fields": "{}"})
    assert (answer.status_code, answer.json()) == (400, {"refused": "malformed"})
    assert UnsavedWork.objects.count() == 0


def test_a_session_with_a_nul_is_no_session(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    page = sent.page(desk, change(pledge), title="Mine", unsaved_session="01234567\x009abcdef")
    assert desk.post(change(pledge), page).status_code == 302
    assert Pledge.objects.get().title == "Mine"


@pytest.mark.parametrize("days", ["calendar", "business"])
def test_no_day_is_counted_beyond_the_calendar(desk: Client, author: User, days: str) -> None:
    filed = draft_request(by=author, about=record.pledge(by=author))
    filed.law.days_counted = days
    filed.law.save()
    page = sent.page(desk, change(filed), filed_on="9999-12-30", due_basis="counted")
    before = Entry.objects.count()
    answer = desk.post(change(filed), page)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["due_basis"] == [
        "The calendar ends before the day that this law names. Check the day of filing."
    ]
    assert RecordRequest.objects.get().filed_on == filed.filed_on != date(9999, 12, 30)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"a,b\n1\x00,2\n3,4\n", "0000"),
        ("a.json", b'[{"a": "\\ud800x", "b": "2"}, {"a": "3", "b": "4"}]', "D800"),
        ("a.json", b'[{"a": "1\\u0000", "b": "2"}, {"a": "3", "b": "4"}]', "0000"),
    ],
)
def test_a_file_with_signs_that_nothing_can_hold_says_where(
    desk: Client, person: User, name: str, content: bytes, code: str
) -> None:
    file = SimpleUploadedFile(name, content)
    given = {"kind": "pledge", "source": "Example meter", "file": file}
    answer = desk.post("/admin/imports/import/add/", given)
    upload = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/admin/imports/import/{upload.pk}/columns/",
    )
    assert desk.get(answer["Location"]).status_code == 200
    kept = ImportFile.objects.get()
    assert bytes(kept.content) == content
    assert [row["faults"] for row in kept.sheet["rows"]] == [
        [f"Column A holds an invisible control character (U+{code})."],
        [],
    ]
    assert kept.sheet["rows"][1]["cells"] == ["3", "4"]


def test_names_of_columns_lose_what_nothing_can_hold(person: User) -> None:
    content = b'[{"\\ud800a": "1", "b\\u0000": "2"}]'
    upload = upload_file(
        name="a.json", content=content, kind="pledge", source="x", by=person, now=record.NOW
    )
    assert upload.file.sheet["columns"] == ["a", "b"]


def test_a_field_given_twice_is_named_without_them(desk: Client) -> None:
    file = SimpleUploadedFile("a.json", b'[{"\\ud800a": "1", "\\ud800a": "2"}]')
    given = {"kind": "pledge", "source": "Example meter", "file": file}
    answer = desk.post("/admin/imports/import/add/", given)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "file": ["A record gives the field “\ufffda” twice. Remove one."]
    }
    assert Import.objects.count() == 0


def test_a_comment_with_a_nul_is_asked_for_again(desk: Client, author: User) -> None:
    pledge = record.draft_pledge(by=author)
    answer = sent.step(desk, step(pledge, "comment"), text="a\x00b")
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"text": ["Null characters are not allowed."]}
    assert Comment.objects.count() == 0
