"""A researcher brings a file through the pages of the desk."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.imports.models import Import
from promises.imports.tasks import run_asked
from promises.imports.waiting import say_progress
from promises.pledges.models import Pledge
from tests import record
from tests.desk import sent
from tests.imports.conftest import COLUMNS, World, table

IMPORTS = "/admin/imports/import/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(person: User) -> World:
    """One official and one topic."""
    return World(person, record.term(by=person).person, record.topic(by=person, name="Open data"))


def send(browser: Client, content: bytes, name: str = "meter.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    given = {"kind": "pledge", "source": "Example meter", "file": file, **more}
    return browser.post(f"{IMPORTS}add/", given)


def uploaded(browser: Client, world: World, *rows: list[str]) -> str:
    """Upload a file; return the address of the import."""
    answer = send(browser, table(COLUMNS, *rows))
    pk = Import.objects.latest("pk").pk
    assert (answer.status_code, answer["Location"]) == (302, f"{IMPORTS}{pk}/columns/")
    return f"{IMPORTS}{pk}/"


def tried(browser: Client, world: World, *rows: list[str]) -> str:
    """Bring a file to its report; return the address of the import."""
    there = uploaded(browser, world, *rows)
    page = sent.page(browser, f"{there}columns/", **{"fixed-controlled_by": "office"})
    assert browser.post(f"{there}columns/", page)["Location"] == f"{there}words/"
    page = sent.page(browser, f"{there}words/")
    assert browser.post(f"{there}words/", page)["Location"] == f"{there}report/"
    return there


def text(browser: Client, there: str) -> str:
    answer = browser.get(there)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_from_the_file_to_the_drafts(desk: Client, world: World) -> None:
    there = tried(
        desk, world, world.row(1), world.row(2, status="Nobody knows"), world.row(3, date="x")
    )
    assert Pledge.objects.count() == 0
    report = text(desk, f"{there}report/")
    assert "Made on: “x” is not a date." in report
    assert "status" not in Import.objects.get().decisions
    desk.post(f"{there}report/", {"_import": "1", "twins": "refuse", "refused": "stop"})
    assert Pledge.objects.count() == 0
    assert "2 rows are refused. Nothing is imported" in text(desk, f"{there}report/")
    page = {"_import": "1", "twins": "refuse", "refused": "leave_out"}
    answer = desk.post(f"{there}report/", page)
    assert answer["Location"] == f"{there}report/"
    pledge = Pledge.objects.get()
    report = text(desk, f"{there}report/")
    assert "Imported as drafts. New: 1, changed: 0." in report
    assert f'<a href="/admin/pledges/pledge/{pledge.pk}/change/">Open file 1</a>' in report
    assert pledge.events.get().pgh_context.metadata["request"] == f"POST {there}report/"


def test_refused_rows_lead_to_an_upload_of_the_mended_file(desk: Client, world: World) -> None:
    there = tried(desk, world, world.row(1), world.row(2, date="x"))
    again = f"{IMPORTS}add/?kind=pledge&source=Example%20meter"
    report = text(desk, f"{there}report/")
    assert f'<a href="{again.replace("&", "&amp;")}">Upload the mended file</a>' in report
    page = sent.page(desk, again)
    assert (page["kind"], page["source"]) == ("pledge", "Example meter")
    assert "Upload the mended file" not in text(desk, f"{tried(desk, world, world.row(3))}report/")


def test_many_rows_are_left_to_a_worker(desk: Client, world: World) -> None:
    there = tried(desk, world, *(world.row(number) for number in range(1, 502)))
    desk.post(f"{there}report/", {"_import": "1", "twins": "refuse", "refused": "stop"})
    assert Pledge.objects.count() == 0
    # Tests share one Redis: an import of another one may have had this number.
    say_progress(Import.objects.get().pk, 0)
    report = text(desk, f"{there}report/")
    assert "A worker imports the file." in report
    assert "0 of 501 rows are done." in report
    assert 'name="_import"' not in report
    assert run_asked() == 1
    assert Pledge.objects.count() == 501
    assert "What was imported" in text(desk, f"{there}report/")


def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_typed(desk: Client) -> None:
    answer = send(desk, b"%PDF-1.4 x")
    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "file": ["This is a PDF. Copy its table into a spreadsheet, and save that as .csv."]
    }
    assert 'value="Example meter"' in answer.content.decode()
    assert Import.objects.count() == 0
    answer = send(desk, b"a,b\n1,2\n", source="")
    assert answer.context["form"].errors == {"source": ["This field is required."]}


def test_an_ambiguous_date_is_asked_beside_its_column(desk: Client, world: World) -> None:
    there = uploaded(desk, world, world.row(1, date="03/04/2019"))
    page = sent.page(desk, f"{there}columns/", **{"fixed-controlled_by": "office"})
    answer = desk.post(f"{there}columns/", page)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "column-made_on": ["Say whether day or month comes first: 03/04/2019 can be two days."]
    }
    answer = desk.post(f"{there}columns/", {**page, "order-made_on": "dmy"})
    assert answer.status_code == 302
    assert Import.objects.get().mapping["made_on"]["order"] == "dmy"


def test_a_file_is_read_another_way_without_losing_it(desk: Client, world: World) -> None:
    there = uploaded(desk, world, world.row(1), world.row(2))
    page = {"_read": "1", "encoding": "utf-8", "delimiter": ",", "header_row": "2"}
    assert desk.post(f"{there}columns/", page).status_code == 302
    assert Import.objects.get().row_count == 1
    answer = desk.post(f"{there}columns/", {**page, "header_row": "99"})
    assert answer.context["reading"].non_field_errors() == ["Row 99 is empty or does not exist."]
    assert Import.objects.get().row_count == 1
    assert desk.get(f"{there}file/").content == table(COLUMNS, world.row(1), world.row(2))


def test_the_report_is_paged_filtered_and_safe_as_csv(desk: Client, world: World) -> None:
    rows = [world.row(number, date="x" if number % 2 else "2020-01-01") for number in range(1, 121)]
    rows[0] = world.row(1, title="=cmd()", date="x")
    there = tried(desk, world, *rows)
    assert "Page 1 of 3" in text(desk, f"{there}report/")
    refused = text(desk, f"{there}report/?outcome=refused&page=2")
    assert "Page 2 of 2" in refused
    assert "Open file 119" in refused
    assert "Open file 120" not in refused
    answer = desk.get(f"{there}report.csv?outcome=refused")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (answer["Content-Type"], len(lines)) == ("text/csv; charset=utf-8", 61)
    assert lines[1].startswith("2,refused,E1,'=cmd(),")


def test_the_report_takes_as_many_queries_however_long_it_is(desk: Client, world: World) -> None:
    def queries(there: str) -> int:
        desk.get(there)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(there).status_code == 200
        return len(captured)

    few = tried(desk, world, world.row(1))
    many = tried(desk, world, *(world.row(number) for number in range(10, 70)))
    # Session, person, the import with its people, how many lines, the lines.
    assert (queries(f"{few}report/"), queries(f"{many}report/")) == (5, 5)


def pages_of(there: str) -> list[str]:
    pages = ("columns/", "words/", "report/", "report.csv", "file/", "change/")
    return [f"{there}{page}" for page in pages]


def of_role(person: User, role: str) -> Client:
    """Return the browser of someone with a role."""
    write_roles(by=person, now=record.NOW)
    member = record.user(f"a-{role}")
    give_role(person=member, role=role, reason="Because.", by=person, now=record.NOW)
    browser = Client()
    browser.force_login(member)
    return browser


@pytest.mark.parametrize("role", ["researcher", "editor", "administrator"])
def test_the_table_of_rights_lets_these_import(person: User, world: World, role: str) -> None:
    browser = of_role(person, role)
    there = uploaded(browser, world, world.row(1))
    assert "Example meter" in text(browser, IMPORTS)
    assert browser.get(f"{there}file/").content == table(COLUMNS, world.row(1))


def test_partners_neither_see_nor_make_imports(person: User, desk: Client, world: World) -> None:
    there = tried(desk, world, world.row(1))
    partner = of_role(person, "partner")
    pages = [IMPORTS, f"{IMPORTS}add/", *pages_of(there)]
    assert {page: partner.get(page).status_code for page in pages} == dict.fromkeys(pages, 403)
    assert send(partner, table(COLUMNS, world.row(2))).status_code == 403
    for button in ("_abandon", "_import"):
        answer = partner.post(f"{there}report/", {button: "1", "refused": "leave_out"})
        assert answer.status_code == 403
    assert (Import.objects.get().stage, Pledge.objects.count()) == ("tried", 0)
    assert "Imports" not in text(partner, "/admin/")


def test_whoever_may_add_nothing_sees_no_imports(
    client: Client, desk: Client, world: World
) -> None:
    there = uploaded(desk, world, world.row(1))
    reader = record.user("reader", is_staff=True)
    client.force_login(reader)
    own = pages_of(there)
    pages = [IMPORTS, f"{IMPORTS}add/", *own]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 403)
    # Django sends home whoever asks for the history of what is not theirs to see.
    assert client.get(f"{there}history/")["Location"] == "/admin/"
    rights = Permission.objects.filter(content_type__app_label="imports")
    reader.user_permissions.add(*rights.filter(codename__endswith="_import"))
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 403)
    reader.user_permissions.add(Permission.objects.get(codename="add_evidence"))
    assert {page: client.get(page).status_code for page in own} == dict.fromkeys(own, 403)
    assert client.get(f"{IMPORTS}add/").status_code == 200
    assert "Example meter" not in text(client, IMPORTS)
    assert send(client, b"a,b\n1,2\n").context["form"].errors["kind"] == [
        "Select a valid choice. pledge is not one of the available choices."
    ]
    assert client.post(f"{there}report/", {"_abandon": "1"}).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="add_pledge"))
    assert client.get(f"{there}columns/").status_code == 200


def test_an_import_can_be_abandoned_and_stays_to_be_read(desk: Client, world: World) -> None:
    there = tried(desk, world, world.row(1))
    desk.post(f"{there}report/", {"_abandon": "1"})
    report = text(desk, f"{there}report/")
    assert "Abandoned. The file and the report stay here." in report
    assert 'name="_import"' not in report
    assert Import.objects.get().abandoned_by == world.by
    desk.post(f"{there}report/", {"_import": "1"})
    assert Pledge.objects.count() == 0
    assert "This import is abandoned." in text(desk, f"{there}report/")
    assert desk.post(f"{there}columns/", {"column-title": "title"}).status_code == 200


def test_pages_come_in_their_order(desk: Client, world: World) -> None:
    there = uploaded(desk, world, world.row(1))
    for page in ("words/", "report/"):
        assert desk.get(f"{there}{page}")["Location"] == f"{there}columns/"
    assert "Which column holds what" in text(desk, f"{there}change/")
    assert desk.get(f"{IMPORTS}999999/columns/").status_code == 404
    assert desk.get(f"{IMPORTS}x/change/").status_code == 404
