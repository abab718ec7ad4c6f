"""Lists as CSV: the rows and fields of the JSON, and nothing that a spreadsheet would run."""

import csv
import io
import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from promises.api import resource
from promises.pledges.models import Pledge
from tests import record
from tests.api.conftest import Api
from tests.api.expected import EXPECTED
from tests.api.keyed import key_of
from tests.api.world import World

pytestmark = pytest.mark.django_db


def table(response: HttpResponse) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.reader(io.StringIO(response.content.decode())))


def flat(row: dict[str, Any], objects: set[str]) -> dict[str, str]:
    """Return a row of JSON as the cells it should have."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        if name in objects:
            cells |= {f"{name}.{part}": text(inner) for part, inner in (value or {}).items()}
        else:
            cells[name] = text(value)
    return cells


def in_order(cell: str) -> str:
    """Return a cell; the keys of JSON in it have no order of their own."""
    return text(json.loads(cell)) if cell.startswith(("[", "{")) else cell


def text(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("path", EXPECTED)
def test_the_cells_are_those_of_the_json(path: str, api: Api, world: World) -> None:
    sign = "&" if "?" in path else "?"
    with CaptureQueriesContext(connection) as as_json:
        api.read(path)
    with CaptureQueriesContext(connection) as as_csv:
        response = api.ask(f"{path}{sign}format=csv")
    assert len(as_csv) == len(as_json)
    head, *rows = table(response)
    objects = {name.partition(".")[0] for name in head if "." in name}
    found = [dict(zip(head, map(in_order, row), strict=True)) for row in rows]
    # An object that is nothing has columns all the same.
    expected = [{**dict.fromkeys(head, ""), **flat(row, objects)} for row in EXPECTED[path]]
    assert found == expected
    assert set().union(*map(set, expected)) == set(head)
    section = path.partition("/")[0]
    assert response["Content-Disposition"] == f'attachment; filename="{section}.csv"'


def test_a_list_of_nothing_has_its_columns(api: Api, world: World) -> None:
    asked = "pledges/?status=broken&fields=slug,evidence_counts,stale_reasons&format=csv"
    assert api.ask(asked).content == (
        b"slug,stale_reasons,"
        b"evidence_counts.supports,evidence_counts.contradicts,evidence_counts.context\r\n"
    )


def test_what_accepts_csv_alone_gets_it(api: Api, world: World) -> None:
    by_parameter = api.ask("pledges/?format=csv")
    found = api.ask("pledges/", Accept="text/csv")
    assert (found.content, found["ETag"]) == (by_parameter.content, by_parameter["ETag"])
    for path, accept in (("pledges/", "*/*"), ("pledges/?format=json", "text/csv")):
        assert api.ask(path, Accept=accept)["Content-Type"] == "application/json", path
    api.ask("pledges/end-cash-bail/", status=406, Accept="text/csv")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("application/json;q=0.4, text/csv;q=0.5", "text/csv"),
        ("application/json, text/csv", "application/json"),
        ("text/csv;q=0.9, application/json", "application/json"),
        ("text/*, application/*;q=0.1", "text/csv"),
        ("text/csv;q=0, */*;q=0.1", "application/json"),
        ("image/png, */*;q=0.1", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("text/csv; header=present", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
    ],
)
def test_what_is_liked_best_is_given(api: Api, world: World, accept: str, kind: str) -> None:
    found = api.ask("pledges/", Accept=accept)["Content-Type"]
    assert found.partition(";")[0] == kind


def test_a_long_accept_is_read_to_its_end(api: Api, world: World) -> None:
    others = ", ".join(f"image/x-{number}" for number in range(40))
    for kind in ("text/csv", "application/json") * 2:
        found = api.ask("pledges/", Accept=f"{others}, {kind}")
        assert found["Content-Type"].partition(";")[0] == kind
    api.ask("pledges/", status=406, Accept="image/png, " * 900 + "text/csv")


def test_who_has_it_is_told_so(api: Api, world: World) -> None:
    etag = api.ask("pledges/?format=csv")["ETag"]
    assert etag != api.ask("pledges/")["ETag"]
    assert api.ask("pledges/?format=csv", status=304, If_None_Match=etag).content == b""


def test_no_cell_is_a_formula(api: Api, world: World) -> None:
    for title in ('=HYPERLINK("x")', "+1 more judge", "-2", "@all", "\tout"):
        record.pledge(by=world.author, title=title, statement=f"{title}\nand, “so” on")
    rows = table(api.ask("pledges/?format=csv&fields=title,statement"))
    assert sorted(rows[1:])[:4] == [
        ["'\tout", "'\tout\nand, “so” on"],
        ["'+1 more judge", "'+1 more judge\nand, “so” on"],
        ['\'=HYPERLINK("x")', '\'=HYPERLINK("x")\nand, “so” on'],
        ["'@all", "'@all\nand, “so” on"],
    ]
    assert ["-2", "'-2\nand, “so” on"] in rows


def test_too_many_rows_come_by_pages(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        record.pledge(by=world.author)
    everything = table(api.ask("pledges/?format=csv&fields=slug"))
    assert len(everything) == 1 + Pledge.objects.published().count()
    monkeypatch.setattr(resource, "MOST_ROWS", 2)
    problem = api.problem("pledges/?format=csv")
    assert (problem["parameter"], problem["value"]) == ("format", "csv")
    assert "take it by pages (page_size)" in problem["detail"]
    found, there = [], "pledges/?format=csv&fields=slug&page_size=2"
    while there:
        response = api.ask(there)
        head, *rows = table(response)
        found += rows
        links = response.headers.get("Link", "").split(", ")
        there = next((one[1:].partition(">")[0] for one in links if 'rel="next"' in one), "")
    assert [head, *found] == everything


def test_a_past_day(api: Api, world: World) -> None:
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        expected = api.rows("pledges/?as_of=2026-03-10&fields=slug,status")
        head, *rows = table(api.ask("pledges/?as_of=2026-03-10&fields=slug,status&format=csv"))
    assert expected
    assert [dict(zip(head, map(str, row), strict=True)) for row in rows] == [
        {name: text(value) for name, value in row.items()} for row in expected
    ]


def test_other_formats_and_other_lists_have_none(api: Api, world: World) -> None:
    assert api.problem("pledges/?format=xml")["allowed"] == ["json", "csv"]
    assert api.problem("pledges/end-cash-bail/?format=csv")["parameter"] == "format"
    key = {"Authorization": f"Bearer {key_of(record.user('asker'))}"}
    assert api.problem("webhooks/?format=csv", **key)["parameter"] == "format"
