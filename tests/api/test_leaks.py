"""Nothing that is not public leaves, by any address, filter, count, past day or ETag."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from promises.api.urls import RESOURCES
from promises.pledges.models import Pledge
from tests.api.conftest import Api
from tests.api.hidden import add_hidden
from tests.api.test_paging import walk
from tests.api.world import NOW, World

pytestmark = pytest.mark.django_db
LISTS = [f"{one.section}/" for one in RESOURCES]


@pytest.fixture(scope="module")
def before(built_world: World, django_db_blocker: Any) -> Iterator[dict[str, list[Any]]]:
    """Every list as it was before anything hidden was added; then the hidden is added."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        seen = {path: walk(Api(), path) for path in LISTS}
        add_hidden(built_world)
        yield seen


@pytest.mark.parametrize("path", LISTS)
def test_no_list_says_a_word_of_it(
    path: str, api: Api, world: World, before: dict[str, list[Any]]
) -> None:
    rows = walk(api, path)
    assert "secret" not in json.dumps(rows).lower()
    if not path.startswith("changes"):
        assert "withdrawn" not in json.dumps(rows)


def test_the_lists_hold_what_they_held(
    api: Api, world: World, before: dict[str, list[Any]]
) -> None:
    public_too = {
        "offices/": ["plain-da"],
        "terms/": ["earlier-term"],
        # Its copy, which ratings need, was made meanwhile and is public like itself.
        "evidence/": ["bail-report", "public-paper"],
        "responses/": ["plain-reply"],
    }
    for path in LISTS:
        section = path.split("/")[0]
        if section in ("changes", "pledges", "scorecards", "prosecutors", "stale-flags"):
            continue
        new = [row for row in walk(api, path) if row not in before[path]]
        assert [row.get("slug") for row in new] == public_too.get(path, [])
    assert [row["slug"] for row in walk(api, "pledges/")] == ["end-cash-bail"]
    assert [row["slug"] for row in walk(api, "prosecutors/")] == ["jane-example"]
    assert api.read("terms/earlier-term/")["successor"] is None
    assert api.read("evidence/public-paper/")["pledges"] == []
    assert api.read("responses/plain-reply/")["evidence"] is None
    assert {row["pledge"] for row in walk(api, "stale-flags/")} == {"end-cash-bail"}


def test_no_count_includes_it(api: Api, world: World, before: dict[str, list[Any]]) -> None:
    assert api.read("topics/bail/")["pledge_count"] == 1
    card = api.read("scorecards/jane-example/")
    assert (card["pledges"], card["statuses"]["in_the_works"]) == (1, 1)
    pledge = api.read("pledges/end-cash-bail/")
    assert pledge["status"] == "in_the_works"
    assert pledge["evidence_counts"] == {"supports": 1, "contradicts": 0, "context": 0}
    assert [one["evidence"] for one in pledge["evidence"]] == ["bail-report"]
    assert [one["slug"] for one in pledge["status_updates"]] == ["bail-update"]
    assert pledge["metrics"] == ["cash-bail-share"]


HIDDEN = [
    "prosecutors/secret-person", "prosecutors/withdrawn-person", "scorecards/secret-person",
    "scorecards/withdrawn-person", "terms/secret-term", "terms/withdrawn-term",
    "pledges/secret-pledge", "pledges/withdrawn-pledge", "pledges/withdrawn-2",
    "evidence/secret-paper", "evidence/withdrawn-paper", "status-updates/secret-draft",
    "status-updates/secret-review", "status-updates/withdrawn-update",
    "status-updates/withdrawn-child", "reviews/withdrawn-pledge/2026-03-02T12:00:00.000000Z",
    "responses/secret-reply", "responses/withdrawn-reply", "metrics/secret-metric",
    "metrics/withdrawn-series", "metrics/withdrawn-metric",
    "corrections/pledges/withdrawn-pledge/title/2026-03-02T12:00:00.000000Z",
    "corrections/evidence/withdrawn-paper/title/2026-03-02T12:00:00.000000Z",
    "corrections/status-updates/withdrawn-child/reasoning/2026-03-02T12:00:00.000000Z",
    "corrections/status-updates/withdrawn-update/reasoning/2026-03-02T12:00:00.000000Z",
]  # fmt: skip


@pytest.mark.parametrize("path", HIDDEN)
def test_its_addresses_are_like_any_that_never_was(
    path: str, api: Api, world: World, before: dict[str, list[Any]]
) -> None:
    problem = api.problem(f"{path}/", 404)
    # The fixture really made it: the same words as for an address that never was.
    stranger = api.problem("pledges/never-was/", 404)
    assert {**problem, "instance": ""} == {**stranger, "instance": ""}
    for query in ("fields=slug", "as_of=2026-03-01") if path.startswith("pledges") else ():
        api.problem(f"{path}/?{query}", 404)


@pytest.mark.parametrize(
    "path",
    [
        "observations/?metric=secret-metric", "observations/?metric=withdrawn-series",
        "evidence/?pledge=secret-pledge,withdrawn-pledge,withdrawn-2",
        "evidence/?prosecutor=withdrawn-person", "status-updates/?pledge=withdrawn-pledge",
        "reviews/?pledge=withdrawn-pledge", "corrections/?evidence=withdrawn-paper",
        "corrections/?status_update=withdrawn-update,withdrawn-child",
        "metrics/?pledge=secret-pledge,withdrawn-pledge,withdrawn-2",
        "elections/?candidate=secret-person",
        "stale-flags/?pledge=withdrawn-pledge", "terms/?prosecutor=secret-person",
        "pledges/?q=secret", "evidence/?q=secret", "status-updates/?q=secret",
        "responses/?q=secret", "prosecutors/?q=secret", "metrics/?q=secret",
        "offices/?q=secret", "topics/?q=secret",
        "pledges/?prosecutor=withdrawn-person", "changes/?pledge=secret-pledge",
    ],
)  # fmt: skip
def test_no_filter_finds_it(
    path: str, api: Api, world: World, before: dict[str, list[Any]]
) -> None:
    assert api.rows(path) == []


def test_no_past_day_shows_it(api: Api, world: World, before: dict[str, list[Any]]) -> None:
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        rows = api.rows("pledges/?as_of=2026-03-02")
        alone = api.read("pledges/end-cash-bail/?as_of=2026-03-02")
        assert api.rows("pledges/?as_of=2026-03-02&q=secret") == []
        for path in ("secret-pledge", "withdrawn-pledge", "withdrawn-2"):
            api.problem(f"pledges/{path}/?as_of=2026-03-02", 404)
    assert [row["slug"] for row in rows] == ["end-cash-bail"]
    assert (rows[0]["status"], rows[0]["evidence_counts"]["supports"]) == ("in_the_works", 1)
    assert alone == rows[0]


def test_of_what_was_withdrawn_the_feed_keeps_the_tombstones(
    api: Api, world: World, before: dict[str, list[Any]]
) -> None:
    entries = walk(api, "changes/?page_size=200")
    assert [row["edition"] for row in entries] == list(range(1, len(entries) + 1))
    told = [row for row in entries if "withdrawn" in json.dumps(row)]
    assert [(row["event"], row["subject"], row["data"], row["is_withheld"]) for row in told] == [
        (f"{kind}:retracted", f"{table}/{slug}", {"slug": slug, "reason": "Wrong."}, False)
        for kind, table, slug in (
            ("status_update", "status_updates", "withdrawn-update"),
            ("evidence", "evidence", "withdrawn-paper"),
            ("pledge", "pledges", "withdrawn-pledge"),
            ("pledge", "pledges", "withdrawn-2"),
            ("person", "people", "withdrawn-person"),
            ("term", "terms", "withdrawn-term"),
        )
    ]
    withheld = [row for row in entries if row["is_withheld"]]
    assert len(withheld) > 20
    # Rows that stay public without the one column that names what is not.
    emptied = {"terms/earlier-term": "successor", "responses/plain-reply": "evidence"}
    found = {row["subject"]: row for row in withheld if row["subject"] in emptied}
    assert {name: row["data"][emptied[name]] for name, row in found.items()} == dict.fromkeys(
        emptied
    )
    for row in withheld:
        if row["subject"] in emptied:
            continue
        if row["event"].startswith("stale_flags"):
            assert {flag["pledge"] for flag in row["data"]["stale_flags"]} == {"end-cash-bail"}
        else:
            assert (row["subject"], row["pledge"], row["data"]) == (None, None, None)
    assert api.read(f"changes/{withheld[0]['edition']}/") == withheld[0]


def test_of_a_withdrawn_pledge_its_tombstone_can_be_asked_for(
    api: Api, world: World, before: dict[str, list[Any]]
) -> None:
    (row,) = api.rows("changes/?pledge=withdrawn-pledge")
    assert (row["event"], row["pledge"]) == ("pledge:retracted", "withdrawn-pledge")


def test_the_hidden_record_is_really_there(world: World, before: dict[str, list[Any]]) -> None:
    slugs = set(Pledge.objects.values_list("slug", flat=True))
    assert {"secret-pledge", "withdrawn-pledge", "withdrawn-2"} <= slugs
