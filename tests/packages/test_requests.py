"""Requests for records travel with their laws, pledges, documents and extensions."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from promises.accounts.actions import service_account
from promises.editorial.actions import retract
from promises.evidence.models import Evidence
from promises.ledger.chain import current_edition
from promises.ledger.models import Entry
from promises.packages.actions import load_package
from promises.packages.dumping import dump_package
from promises.packages.rows import Verdict
from promises.packages.tables import REQUESTS
from promises.pledges.models import Pledge
from promises.record_requests.actions import publish_record_request, save_request_document
from promises.record_requests.models import Extension, RecordRequest, RecordsLaw, RequestDocument
from promises.record_requests.stages import answer_request, extend_request
from tests import record
from tests.packages.conftest import FaultsOf, Hold, Load, nothing_changes
from tests.packages.dumped import TRAVEL, contents
from tests.packages.folder import ROWS, add, drop, edit, replace, rows_of, small_package
from tests.packages.test_again import entries_after
from tests.packages.test_frictionless import report_on
from tests.record_requests import filed

pytestmark = pytest.mark.django_db
FILES = {
    "records_laws.csv": """\
slug,name,citation,state,url,answer_days,days_counted,days_off,days_off_end_on,note
example-law,Example Act,Example Code 1,PA,,5,business,"2026-07-03,2026-12-25",2026-12-31,
silent-law,Silent Act,Example Code 2,PA,,,calendar,,,
""",
    "record_requests.csv": """\
slug,office,agency,subject,law,statute,filed_on,filed_by,reference,due_basis,due_by_law_on,\
acknowledged_on,answered_on,outcome,answer,not_recorded,withdrawn_on,appealed_on,appealed_to,\
appeal_due_on,appeal_decided_on,appeal_decision,note
bail-figures,example-da,,Bail asked for.,example-law,,2026-03-02,email,A-1,counted,2026-03-09,\
2026-03-03,,,,,,,,,,,
police-figures,,Example Police,Stops.,,Example Code 9,2026-03-02,post,,none,,\
,2026-03-20,not_recorded,They have none.,why they stop people,,,,,,,
""",
    "record_request_pledges.csv": """\
record_request,pledge
bail-figures,jane-no-bail
bail-figures,jane-open-data
police-figures,john-diversion
""",
    "record_request_documents.csv": """\
record_request,evidence
bail-figures,ev-memo
""",
    "record_request_extensions.csv": """\
record_request,due_on,announced_on,reason
bail-figures,2026-03-23,2026-03-09,Many files.
bail-figures,2026-04-06,2026-03-20,Very many files.
""",
}
MORE_ROWS = 2 + 2 + 3 + 1 + 2


@pytest.fixture
def asked(small: Path) -> Path:
    """The small package with two requests for records."""
    return _with_requests(small)


def _with_requests(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_column_arrives_and_the_clock_runs(asked: Path, load: Load) -> None:
    assert load(asked).totals == {Verdict.NEW: ROWS + MORE_ROWS}
    request = RecordRequest.objects.published().get(slug="bail-figures")
    assert (request.state, request.published_at, str(request.published_by)) == (
        "published", record.NOW, "Seed import",
    )  # fmt: skip
    assert (request.due_by_law_on, request.answer_due_on, request.next_due_on) == (
        date(2026, 3, 9), date(2026, 4, 6), date(2026, 4, 6),
    )  # fmt: skip
    law = RecordsLaw.objects.get(slug="example-law")
    assert law.days_off == [date(2026, 7, 3), date(2026, 12, 25)]
    assert law.counted_due(date(2026, 7, 1)) == date(2026, 7, 9)
    assert RecordsLaw.objects.get(slug="silent-law").days_off == []
    assert [str(one.recorded_by) for one in Extension.objects.all()] == ["Seed import"] * 2
    about = Entry.objects.filter(event="record_request_pledge:imported").order_by("edition")
    assert list(about.values_list("pledge", flat=True)) == [
        "jane-no-bail", "jane-open-data", "john-diversion",
    ]  # fmt: skip


def test_it_comes_back_byte_for_byte(in_the_record: Hold, tmp_path: Path) -> None:
    with in_the_record(_with_requests(small_package(tmp_path / "asked"))):
        dump_package(folder=tmp_path / "once")
    with in_the_record(tmp_path / "once") as report:
        assert report.totals == {Verdict.NEW: ROWS + MORE_ROWS}
        dump_package(folder=tmp_path / "twice")
    once, twice = contents(tmp_path / "once"), contents(tmp_path / "twice")
    assert {name: twice[name] for name in TRAVEL} == {name: once[name] for name in TRAVEL}
    assert {name: once[name].decode() for name in FILES} == FILES


def test_what_was_filed_here_comes_back_and_what_was_withdrawn_does_not(
    in_the_record: Hold, tmp_path: Path
) -> None:
    with transaction.atomic():
        by = service_account(name="import", display_name="Seed import")
        load_package(folder=small_package(tmp_path / "small"), by=by, now=record.NOW)
        pledge = Pledge.objects.get(slug="jane-no-bail")
        steps: dict[str, Any] = {"by": by, "now": record.NOW}
        draft = filed.draft_request(by=by, about=pledge, slug="filed-here")
        extension: dict[str, Any] = {"announced_on": date(2026, 3, 5), "due_on": date(2026, 3, 30)}
        extend_request(record_request=draft, **extension, reason="Illness.", **steps)
        publish_record_request(record_request=draft, **steps)
        paper = RequestDocument(record_request=draft, evidence=Evidence.objects.get(slug="ev-memo"))
        save_request_document(link=paper, **steps)
        answered: dict[str, Any] = {
            "on": date(2026, 3, 20),
            "outcome": "granted",
            "answer": "Here they are.",
        }
        answer_request(record_request=draft, **answered, not_recorded="", **steps)
        withdrawn = filed.request(by=by, about=pledge, slug="withdrawn")
        retract(record=withdrawn, reason="Never sent.", **steps)
        dump_package(folder=tmp_path / "once")
        transaction.set_rollback(True)
    assert RecordRequest.objects.count() == 0
    with in_the_record(tmp_path / "once"):
        dump_package(folder=tmp_path / "twice")
    once, twice = contents(tmp_path / "once"), contents(tmp_path / "twice")
    assert {name: twice[name] for name in TRAVEL} == {name: once[name] for name in TRAVEL}
    requests = rows_of(tmp_path / "once", "record_requests.csv")
    assert [(row["slug"], row["answer"]) for row in requests] == [("filed-here", "Here they are.")]
    assert rows_of(tmp_path / "once", "record_request_documents.csv") == [
        {"record_request": "filed-here", "evidence": "ev-memo"}
    ]
    [extended] = rows_of(tmp_path / "once", "record_request_extensions.csv")
    assert extended["reason"] == "Illness."


def test_the_descriptor_says_what_the_tables_hold(asked: Path, load: Load, tmp_path: Path) -> None:
    load(asked)
    dump_package(folder=tmp_path / "package")
    package = json.loads((tmp_path / "package" / "datapackage.json").read_bytes())
    schemas = {one["name"]: one["schema"] for one in package["resources"]}
    assert [schemas[table.name]["primaryKey"] for table in REQUESTS] == [
        ["slug"], ["slug"], ["record_request", "pledge"], ["record_request", "evidence"],
        ["record_request", "due_on"],
    ]  # fmt: skip
    [days_off] = [one for one in schemas["records_laws"]["fields"] if one["name"] == "days_off"]
    assert (days_off["type"], days_off["itemType"]) == ("list", "date")
    report = report_on(tmp_path / "package" / "datapackage.json")
    assert [(task["name"], error) for task in report["tasks"] for error in task["errors"]] == []
    assert report["valid"] is True


def test_a_second_run_changes_nothing(asked: Path, load: Load) -> None:
    load(asked)
    with nothing_changes():
        assert load(asked).totals == {Verdict.UNCHANGED: ROWS + MORE_ROWS}


def test_an_answer_that_came_since_is_told_with_the_pledges(asked: Path, load: Load) -> None:
    load(asked)
    edition = current_edition()
    edit(asked, "record_requests.csv", 2, answered_on="2026-04-01", outcome="granted")
    assert load(asked).totals == {Verdict.CHANGED: 1, Verdict.UNCHANGED: ROWS + MORE_ROWS - 1}
    request = RecordRequest.objects.get(slug="bail-figures")
    assert (request.outcome, request.next_due_on) == ("granted", None)
    assert entries_after(edition) == [
        ("record_request:saved", "record_requests/bail-figures", ""),
        *(
            ("record_request_pledge:saved", f"record_request_pledges/bail-figures/{slug}", slug)
            for slug in ("jane-no-bail", "jane-open-data")
        ),
    ]


def test_a_document_that_came_since_is_told_with_the_request(asked: Path, load: Load) -> None:
    load(asked)
    edition = current_edition()
    add(asked, "record_request_documents.csv", record_request="police-figures", evidence="ev-news")
    load(asked)
    name = "record_request_documents/police-figures/ev-news"
    assert entries_after(edition) == [
        ("record_request_document:imported", name, ""),
        ("record_request:saved", "record_requests/police-figures", ""),
        ("record_request_pledge:saved", "record_request_pledges/police-figures/john-diversion",
            "john-diversion"),
    ]  # fmt: skip


def test_what_was_told_stays(asked: Path, load: Load, faults_of: FaultsOf) -> None:
    load(asked)
    edit(asked, "record_request_extensions.csv", 2, reason="Few files.")
    assert faults_of(asked) == [
        "record_request_extensions.csv, row 2: An extension stays as it was announced. Add a later"
        " one. The record differs in “reason”."
    ]
    edit(asked, "record_request_extensions.csv", 2, reason="Many files.")
    edit(asked, "record_requests.csv", 2, subject="Something else.")
    assert faults_of(asked) == [
        "record_requests.csv, row 2: The database refuses it: What was asked, of whom, when and"
        " under which law stays as published."
    ]


def test_a_request_about_no_pledge_is_refused(asked: Path, faults_of: FaultsOf) -> None:
    drop(asked, "record_request_pledges.csv", 4)
    assert faults_of(asked) == [
        "record_requests.csv, row 3: The database refuses it: A request is published with the"
        " pledge it is about."
    ]


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ("2026-07-03,", "“” is not a date. Write it like 2018-07-31."),
        ("2026-07-32", "“2026-07-32” is not a day of the calendar."),
    ],
)
def test_days_off_are_days(asked: Path, faults_of: FaultsOf, days: str, reason: str) -> None:
    edit(asked, "records_laws.csv", 2, days_off=days)
    assert faults_of(asked) == [f"records_laws.csv, row 2: Column “days_off”: {reason}"]


def test_a_package_from_before_days_off_travelled_loads_if_it_has_no_law(
    small: Path, load: Load, faults_of: FaultsOf
) -> None:
    """Without them a law would count days off as days."""
    file = small / "records_laws.csv"
    file.write_text(FILES["records_laws.csv"], encoding="utf-8")
    replace(small, "records_laws.csv", b"days_off,", b"")
    replace(small, "records_laws.csv", b'"2026-07-03,2026-12-25",', b"")
    replace(small, "records_laws.csv", b",calendar,,,", b",calendar,,")
    assert faults_of(small) == ["records_laws.csv, row 1: The column “days_off” is missing."]
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    assert load(small).totals == {Verdict.NEW: ROWS}
