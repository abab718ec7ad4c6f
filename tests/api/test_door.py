"""What every answer of the API has: an ETag, the same for all, and a door open to scripts."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from promises.api.urls import RESOURCES
from tests.api.conftest import Api
from tests.api.world import NOW, World
from tests.record import record_review

pytestmark = pytest.mark.django_db
EVERYWHERE = [
    "", "/api/schema/", "/api/docs/", "/api/docs/try/", "pledges/end-cash-bail/",
    *(
        f"{one.section}/" for one in RESOURCES
    ),
]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_a_strong_etag_of_its_bytes(path: str, api: Api, world: World) -> None:
    first = api.ask(path)
    assert first["ETag"] == f'"{hashlib.sha256(first.content).hexdigest()[:32]}"'
    unchanged = api.ask(path, status=304, If_None_Match=first["ETag"])
    assert unchanged.content == b""
    assert unchanged["ETag"] == first["ETag"]
    for name in ("Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert unchanged[name] == first[name]
    several = f'"other", W/{first["ETag"]}'
    assert api.ask(path, status=304, If_None_Match=several)["ETag"] == first["ETag"]
    assert api.ask(path, If_None_Match='"other"').content == first.content


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_caller_gets_the_same_bytes(path: str, api: Api, world: World) -> None:
    first = api.ask(path)
    stranger = Api()
    stranger.client.force_login(world.author)
    headers = {
        "Accept-Language": "es",
        "Cookie": "session=x",
        "User-Agent": "y",
        "Host": "localhost",
    }
    other = stranger.ask(path, **headers)
    assert (other["ETag"], other.content) == (first["ETag"], first.content)
    for response in (first, other):
        assert response["Vary"] == "Accept, Accept-Encoding"
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert not response.cookies
        assert response["Content-Language"] == "en"


def test_the_etag_changes_with_the_body_and_only_then(api: Api, world: World) -> None:
    first = api.ask("pledges/")["ETag"]
    with time_machine.travel(NOW + timedelta(hours=11), tick=False):
        assert api.ask("pledges/")["ETag"] == first
    record_review(pledge=world.pledge, note="Again.", by=world.author, now=NOW + timedelta(hours=1))
    reviewed = api.ask("pledges/")["ETag"]
    assert reviewed != first
    with time_machine.travel("2026-05-31T00:00:00Z", tick=False):
        second = api.ask("pledges/")["ETag"]
    # A copy of its evidence is missed a week after its rating.
    assert second != reviewed
    # The deadline passes at midnight without any write.
    with time_machine.travel("2026-06-01T23:59:59Z", tick=False):
        assert api.ask("pledges/")["ETag"] == second
    with time_machine.travel("2026-06-02T00:00:00Z", tick=False):
        assert api.ask("pledges/", If_None_Match=second)["ETag"] != second


def test_a_condition_that_does_not_hold(api: Api, world: World) -> None:
    problem = api.problem("pledges/", 412, If_Match='"other"')
    assert problem["type"].endswith("precondition-failed")
    etag = api.ask("pledges/")["ETag"]
    assert api.ask("pledges/", If_Match=etag)["ETag"] == etag


@pytest.mark.parametrize("path", ["", "pledges/", "pledges/end-cash-bail/", "/api/docs/"])
def test_head_answers_like_get_without_a_body(path: str, api: Api, world: World) -> None:
    got, head = api.ask(path), api.ask(path, method="head")
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head[name] == got[name]


def test_scripts_of_other_sites_may_read_everything_without_credentials(
    api: Api, world: World
) -> None:
    answers = [
        api.ask("pledges/", Origin="https://watch.example.org"),
        api.ask("nothing/", status=404, Origin="https://watch.example.org"),
        api.ask("pledges/?a=b", status=400, Origin="https://watch.example.org"),
    ]
    for response in answers:
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.has_header("Access-Control-Allow-Credentials")
        assert response["Access-Control-Expose-Headers"] == (
            "Link, ETag, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset"
        )


@pytest.mark.parametrize("path", ["", "pledges/", "pledges/end-cash-bail/", "/api/schema/"])
def test_a_browser_that_asks_first_is_told_what_is_allowed(path: str, api: Api) -> None:
    response = api.ask(
        path,
        status=204,
        method="options",
        Origin="https://watch.example.org",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="if-none-match",
    )
    assert response.content == b""
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]
    assert response["Access-Control-Max-Age"] == "86400"


def test_other_pages_are_left_alone(db: None) -> None:
    response = Client().get("/admin/login/")
    assert not response.has_header("Access-Control-Allow-Origin")
    assert not response.has_header("RateLimit-Policy")


def test_failures_are_not_kept_by_anyone(api: Api) -> None:
    assert api.ask("nothing/", status=404)["Cache-Control"] == "no-store"


def test_the_index_lists_every_resource(api: Api, world: World) -> None:
    index = api.read("")
    assert [one["name"] for one in index["resources"]] == [one.section for one in RESOURCES]
    assert index["edition"] == api.read("changes/?ordering=-edition")["results"][0]["edition"]
    for one in index["resources"]:
        assert "results" in api.read(one["url"])


def test_the_root_leads_to_the_documentation(api: Api) -> None:
    assert api.ask("/api/", status=302)["Location"] == "/api/docs/"
