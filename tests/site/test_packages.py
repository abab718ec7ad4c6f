"""Packages handed out: as they were prepared, tagged with their hash, in words before the first."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from promises.ledger.chain import current_edition
from promises.packages.keeping import keep_package, kept_packages
from tests import record
from tests.packages.dumped import FILES
from tests.site import pseudo
from tests.site.test_markup import faults_of
from tests.site.test_no_hard_coded_words import NAMES

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = "2026-11-26"
TYPES = {
    "pledges.csv": "text/csv; charset=utf-8; header=present",
    "pledges.jsonl": "application/jsonl; charset=utf-8",
    "datapackage.json": "application/json",
    "tracker.sqlite": "application/vnd.sqlite3",
    "package.zip": "application/zip",
    "SHA256SUMS": "text/plain; charset=utf-8",
    "README.txt": "text/plain; charset=utf-8",
    "CITATION.cff": "application/yaml",
}


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    """A folder for the packages of one test."""
    settings.PACKAGES = str(tmp_path / "packages")
    return tmp_path / "packages"


@pytest.fixture
def package(author: User, root: Path) -> Path:
    """A package of a small record, made today."""
    record.pledge(by=author, slug="bail")
    assert keep_package(now=NOW)
    (kept,) = kept_packages()
    assert kept.folder.name.startswith(f"{DAY}.{current_edition()}.")
    return kept.folder


def test_before_the_first_package_it_is_said_in_words(client: Client) -> None:
    assert "No package has been prepared yet" in client.get("/data/latest/").content.decode()
    assert "Todavía no se ha preparado" in client.get("/es/data/latest/").content.decode()
    for address, words in (
        ("/data/latest/pledges.csv", "No package has been prepared yet."),
        (f"/data/{DAY}/pledges.csv", "There is no package of this day."),
        (f"/data/{DAY}/", "There is no package of this day."),
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert words in answer.content.decode()


def test_the_page_lists_every_file_with_size_and_hash(client: Client, package: Path) -> None:
    days = {"": "26 November 2026", "/es": "26 de noviembre de 2026"}
    for start in days:
        for day in ("latest", DAY):
            with time_machine.travel(NOW):
                html = client.get(f"{start}/data/{day}/").content.decode()
            assert faults_of(html.replace('lang="es"', 'lang="en"')) == []
            assert f">{days[start]}</a>" in html
            assert f"{current_edition()}" in html
            assert f'href="{start}/data/{DAY}/"' in html
            for name in FILES:
                data = (package / name).read_bytes()
                assert f'href="/data/{day}/{name}"' in html
                assert hashlib.sha256(data).hexdigest() in html
                assert f">{len(data):,} bytes" in html
            assert '<li id="popolo.json">' in html
    for start in days:
        there = f'href="{start}/data/latest/#popolo.json"'
        assert there in client.get(f"{start}/data/").content.decode()
    assert 'href="/data/latest/"' in client.get("/data/").content.decode()


def test_every_word_of_the_page_can_be_translated(
    client: Client, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language = pseudo.speak(monkeypatch)
    page = pseudo.Outside(client.get("/es/data/latest/").content.decode())
    assert pseudo.unknown(page.bare, NAMES) == []
    assert language.missing == set()


def test_a_file_is_the_prepared_one_with_its_hash_as_tag(
    client: Client, package: Path, django_assert_num_queries: Any
) -> None:
    for name, media_type in TYPES.items():
        address = f"/data/latest/{name}"
        # Whether the ledger knows the package.
        with django_assert_num_queries(1):
            answer = client.get(address)
            body = b"".join(answer.streaming_content)
        assert body == (package / name).read_bytes()
        assert answer["Content-Type"] == media_type
        assert answer["Content-Length"] == str(len(body))
        assert answer["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
        changed = client.get(address, headers={"if-none-match": '"other"'})
        assert b"".join(changed.streaming_content) == body


def test_a_file_is_only_read_and_saved_under_its_name(client: Client, package: Path) -> None:
    head = client.head("/data/latest/pledges.csv")
    assert (head.status_code, b"".join(head.streaming_content)) == (200, b"")
    assert head["Content-Disposition"] == 'attachment; filename="pledges.csv"'
    assert head["Content-Length"] == str((package / "pledges.csv").stat().st_size)
    assert client.post("/data/latest/pledges.csv").status_code == 405


def test_only_what_the_package_lists_is_handed_out(client: Client, package: Path) -> None:
    (package / "secret.txt").write_text("secret", encoding="utf-8")
    for name in ("secret.txt", "..", "%2e%2e%2f.lock", "pledges"):
        answer = client.get(f"/data/latest/{name}")
        assert answer.status_code == 404, name
    assert client.get(f"/data/../../{package.name}/pledges.csv").status_code == 404


def test_an_older_day_stays_what_it_was(client: Client, author: User, package: Path) -> None:
    old = (package / "pledges.csv").read_bytes()
    record.pledge(by=author, slug="newer")
    assert keep_package(now=NOW + timedelta(days=1))
    dated = client.get(f"/data/{DAY}/pledges.csv")
    latest = client.get("/data/latest/pledges.csv")
    assert b"".join(dated.streaming_content) == old
    assert b"newer" in b"".join(latest.streaming_content)
    page = client.get(f"/data/{DAY}/")
    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex")
