"""popolo.json: valid Popolo, valid by our stricter profile, and only what is public."""

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from promises.officials.actions import save_person
from promises.officials.models import Person
from promises.packages.dumping import dump_package
from promises.packages.management.commands.load_seeds import SEEDS
from promises.packages.report import Report
from tests import record
from tests.packages.conftest import Load
from tests.packages.dumped import contents
from tests.packages.popolo_rules import POPOLO, PROFILE, REFERENCES

pytestmark = pytest.mark.django_db
HOME = "http://127.0.0.1:8000"
OURS = {"url": HOME, "note": "Prosecutor Promise Tracker"}


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    """The address that the expected files name."""
    settings.SITE_URL = HOME


def popolo(folder: Path) -> dict[str, Any]:
    """Return the file of a package."""
    found: dict[str, Any] = json.loads((folder / "popolo.json").read_text(encoding="utf-8"))
    return found


def faults(found: dict[str, Any], schemas: dict[str, dict[str, Any]]) -> list[str]:
    """Return everything in which the objects are not as these schemas say."""
    checked = Draft202012Validator.FORMAT_CHECKER
    return [
        f"{name} {thing.get('id')}: {error.message}"
        for name, schema in schemas.items()
        for thing in found[name]
        for error in Draft202012Validator(schema, format_checker=checked).iter_errors(thing)
    ]


def lost(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the references that name nothing."""
    known = {name: {thing["id"] for thing in found[name]} for name in PROFILE}
    return [
        (name, thing["id"], reference)
        for name in PROFILE
        for thing in found[name]
        for reference, target in REFERENCES.items()
        if reference in thing and thing[reference] not in known[target]
    ]


def test_the_officials_of_the_seeds(
    in_the_record: Callable[[Path], AbstractContextManager[Report]],
    tmp_path: Path,
    client: Client,
) -> None:
    # Without its many figures, which have nothing to do with officials.
    folder = shutil.copytree(SEEDS, tmp_path / "seeds")
    for file in (folder / "observations").glob("*.csv"):
        file.unlink()
    with in_the_record(folder):
        edition = dump_package(folder=tmp_path / "package")
        dump_package(folder=tmp_path / "again")
        found = popolo(tmp_path / "package")
        own = {
            urlsplit(thing["sources"][0]["url"]).path for name in PROFILE for thing in found[name]
        }
        answers = {path: client.get(path).status_code for path in own if "/data/" not in path}
    assert (faults(found, POPOLO), faults(found, PROFILE), lost(found)) == ([], [], [])
    counts = {name: len(found[name]) for name in PROFILE}
    assert counts == {"persons": 19, "organizations": 8, "posts": 8, "memberships": 11,
                      "events": 15, "areas": 9}  # fmt: skip
    for name in PROFILE:
        assert len({thing["id"] for thing in found[name]}) == counts[name]
    assert set(answers.values()) == {200}
    assert {name: found[name] for name in found if name not in PROFILE} == {
        "edition": str(edition),
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "cite_as": f"Prosecutor Promise Tracker, edition {edition}, {HOME}/data/, CC BY 4.0",
    }
    again = contents(tmp_path / "again")["popolo.json"]
    assert contents(tmp_path / "package")["popolo.json"] == again


TITLE = "District Attorney of Example County"
NEWS = {"url": "https://news.example.org/1", "note": "Data is out"}
OFFICE = {
    "id": "example-da",
    "area_id": "example-county",
    "sources": [{**OURS, "url": f"{HOME}/api/v1/offices/example-da/"}],
}
EXPECTED: dict[str, dict[str, Any]] = {
    "persons": {
        "id": "jane-example",
        "name": "Jane Example",
        "summary": "Public defender.",
        "sources": [{**OURS, "url": f"{HOME}/prosecutors/jane-example/"}],
    },
    "organizations": {**OFFICE, "name": TITLE, "classification": "prosecutor's office"},
    "posts": {
        **OFFICE, "label": TITLE, "role": "prosecutor", "organization_id": "example-da",
    },
    "memberships": {
        "id": "jane-term",
        "role": "prosecutor",
        "person_id": "jane-example",
        "organization_id": "example-da",
        "post_id": "example-da",
        "area_id": "example-county",
        "start_date": "2024-01-01",
        "end_date": "2028-01-03",
        "sources": [{**OURS, "url": f"{HOME}/api/v1/terms/jane-term/"}, NEWS],
    },
    "events": {
        "id": "example-da-2023",
        "name": f"{TITLE}, 2023-11-07 (general)",
        "classification": "election",
        "organization_id": "example-da",
        "start_date": "2023-11-07",
        "end_date": "2023-11-07",
        "sources": [{**OURS, "url": f"{HOME}/api/v1/elections/example-da-2023/"}, NEWS],
    },
    "areas": {
        "id": "example-county",
        "name": "Example County",
        "classification": "county",
        "identifier": "42999",
        "sources": [{**OURS, "url": f"{HOME}/data/latest/jurisdictions.csv"}],
    },
}  # fmt: skip


def test_one_of_each_class(load: Load, small: Path, tmp_path: Path) -> None:
    load(small)
    dump_package(folder=tmp_path / "package")
    found = popolo(tmp_path / "package")
    assert (faults(found, POPOLO), faults(found, PROFILE), lost(found)) == ([], [], [])
    by_id = {name: {thing["id"]: thing for thing in found[name]} for name in PROFILE}
    assert {name: by_id[name][thing["id"]] for name, thing in EXPECTED.items()} == EXPECTED


def test_nobody_is_in_it_who_is_not_public(load: Load, small: Path, tmp_path: Path) -> None:
    load(small)
    by = record.user()
    save_person(person=Person(slug="secret-example", name="Secret Example"), by=by, now=record.NOW)
    jane = Person.objects.get(slug="jane-example")
    record.withdrawn_person(person=jane, by=by)
    dump_package(folder=tmp_path / "package")
    found = popolo(tmp_path / "package")
    assert [person["id"] for person in found["persons"]] == ["john-sample"]
    assert [term["id"] for term in found["memberships"]] == ["john-term"]
    assert lost(found) == []
    text = (tmp_path / "package" / "popolo.json").read_bytes()
    assert [word for word in (b"secret", b"Secret", b"jane", b"Jane") if word in text] == []


def test_an_empty_record_is_valid_too(tmp_path: Path) -> None:
    dump_package(folder=tmp_path / "package")
    found = popolo(tmp_path / "package")
    assert {name: found[name] for name in PROFILE} == {name: [] for name in PROFILE}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"start_date": "2024-01"}, "does not match"),
        ({"sources": []}, "should be non-empty"),
        ({"id": None}, "is not of type 'string'"),
        ({"end_reason": "died"}, "Additional properties are not allowed"),
    ],
    ids=["month", "no-source", "no-id", "unknown-property"],
)
def test_the_profile_is_stricter(change: dict[str, Any], fault: str) -> None:
    term = {
        "id": "a", "role": "prosecutor", "person_id": "a", "organization_id": "a", "post_id": "a",
        "area_id": "a", "start_date": "2024-01-01", "sources": [OURS],
    }  # fmt: skip
    assert faults({"memberships": [term]}, {"memberships": PROFILE["memberships"]}) == []
    found = {"memberships": [{**term, **change}]}
    assert faults(found, {"memberships": POPOLO["memberships"]}) == []
    told = faults(found, {"memberships": PROFILE["memberships"]})
    assert [one for one in told if fault in one]
