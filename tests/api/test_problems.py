"""Every error is a problem of RFC 9457 that names what is wrong and what is possible."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from rest_framework import exceptions
from rest_framework.request import Request

from promises.api import problems
from promises.api.resources.topics import Topics
from promises.api.urls import RESOURCES
from promises.pledges.choices import Status
from tests.api.conftest import DOCS, Api
from tests.api.world import World

pytestmark = pytest.mark.django_db


def test_an_unknown_parameter_is_named_with_the_nearest_one(api: Api) -> None:
    assert api.problem("pledges/?statsu=kept") == {
        "type": f"{DOCS}unknown-parameter",
        "title": "Unknown parameter",
        "status": 400,
        "detail": "There is no parameter 'statsu' here. Did you mean status?",
        "instance": "/api/v1/pledges/?statsu=kept",
        "parameter": "statsu",
        "nearest": "status",
        "allowed": [parameter.name for parameter in resource("pledges").list_parameters()],
    }


@pytest.mark.parametrize("written", ["", "zzz", "9"])
def test_what_is_like_nothing_is_not_taken_for_anything(written: str, api: Api) -> None:
    problem = api.problem(f"pledges/?status={written}")
    assert problem["detail"] == (
        f"status cannot be {written!r}. {written!r} is not allowed. Take one of those allowed."
    )
    assert problem["allowed"] == list(Status.values)
    problem = api.problem("pledges/?zzz=1")
    assert (problem["detail"], problem["nearest"]) == ("There is no parameter 'zzz' here.", None)


def test_an_address_that_is_no_text_is_named_as_it_was_asked_for(api: Api) -> None:
    assert api.problem("/api/v1/%ff/", 404)["instance"] == "/api/v1/%FF/"
    assert api.problem("/api/v1/a%20b/", 404)["instance"] == "/api/v1/a%20b/"


def test_every_list_and_detail_refuses_what_it_does_not_know(api: Api, world: World) -> None:
    for one in RESOURCES:
        problem = api.problem(f"{one.section}/?no_such_thing=1")
        assert (problem["parameter"], problem["status"]) == ("no_such_thing", 400)
    for path in ("pledges/end-cash-bail/?status=kept", "?page_size=1", "offices/example-da/?q=a"):
        assert api.problem(path)["type"] == f"{DOCS}unknown-parameter"
    assert api.problem("/api/schema/?format=yaml")["parameter"] == "format"


def test_a_value_is_named_with_what_is_allowed(api: Api) -> None:
    assert api.problem("pledges/?status=kept,brokn") == {
        "type": f"{DOCS}bad-value",
        "title": "Value not allowed",
        "status": 400,
        "detail": "status cannot be 'kept,brokn'. 'brokn' is not allowed. Did you mean broken?",
        "instance": "/api/v1/pledges/?status=kept,brokn",
        "parameter": "status",
        "value": "kept,brokn",
        "allowed": list(Status.values),
    }


@pytest.mark.parametrize(
    ("path", "name", "allowed"),
    [
        ("pledges/?stale=yes", "stale", ["true", "false"]),
        ("pledges/?stale=", "stale", ["true", "false"]),
        ("pledges/?stale=True", "stale", ["true", "false"]),
        ("pledges/?topic=", "topic", None),
        ("pledges/?topic=a,", "topic", None),
        ("pledges/?topic=a%20b", "topic", None),
        ("pledges/?topic=" + ",".join(["a"] * 101), "topic", None),
        ("pledges/?topic=" + "a" * 201, "topic", None),
        ("pledges/?topic=%F0%9F%92%A9", "topic", None),
        ("pledges/?made_after=2026-02-30", "made_after", None),
        ("pledges/?made_after=20260201", "made_after", None),
        ("pledges/?made_after=2026-W05-1", "made_after", None),
        ("pledges/?made_after=0000-01-01", "made_after", None),
        ("pledges/?made_after=%D9%A2026-01-01", "made_after", None),
        ("pledges/?updated_since=yesterday", "updated_since", None),
        ("pledges/?updated_since=2026-01-01T00:00:00", "updated_since", None),
        ("pledges/?updated_since=2026-01-01T00:00:00+01:00", "updated_since", None),
        ("pledges/?updated_since=0001-01-01T00:00:00%2B23:00", "updated_since", None),
        ("pledges/?as_of=2026-03-03", "as_of", None),
        ("pledges/?as_of=2026-03-01&updated_since=2026-01-01", "as_of", None),
        ("pledges/?as_of=2026-03-01&ordering=title", "as_of", None),
        ("pledges/end-cash-bail/?as_of=2026-03-01&fields=metrics", "as_of", None),
        ("pledges/?q=", "q", None),
        ("pledges/?q=%20", "q", None),
        ("pledges/?q=%00", "q", None),
        ("pledges/?q=" + "a" * 201, "q", None),
        ("pledges/?ordering=popularity", "ordering", True),
        ("pledges/?ordering=slug,title", "ordering", True),
        ("pledges/?fields=slug,id", "fields", True),
        ("pledges/?fields=", "fields", True),
        ("topics/?principle=22", "principle", None),
        ("topics/?principle=%C2%B2", "principle", None),
        ("changes/?after=-1", "after", None),
        ("changes/?after=" + "9" * 19, "after", None),
        ("changes/?event=pledge:eaten", "event", True),
        ("observations/?metric=a,b", "metric", None),
        ("pledges/?status=kept&status=broken", "status", None),
    ],
)
def test_a_bad_value_is_refused(
    path: str, name: str, allowed: Any, api: Api, frozen_day: None
) -> None:
    problem = api.problem(path)
    assert (problem["type"], problem["parameter"]) == (f"{DOCS}bad-value", name)
    if allowed is True:
        assert len(problem["allowed"]) > 1
    else:
        assert problem.get("allowed") == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing/", "/api/v2/pledges/", "/api/v1/nothing/", "/api/v1/pledges/a/b/",
        "/api/v1/pledges/no-such-pledge/", "/api/v1/changes/999999999999999999999999/",
        "/api/v1/changes/-1/", "/api/v1/reviews/a/2026-02-30T00:00:00.000000Z/",
        "/api/v1/reviews/a/2026-02-20T00:00:00Z/", "/api/v1/observations/a/2026-02-30/month/a/b/",
        "/api/v1/pledges/%00/", "/api/docs/nothing",
    ],
)  # fmt: skip
def test_an_unknown_address_is_a_problem_and_not_a_page(path: str, api: Api) -> None:
    problem = api.problem(path, 404)
    assert (problem["type"], problem["instance"]) == (f"{DOCS}not-found", path)


@pytest.mark.parametrize("section", ["%00", "a%00", "%ff", "%0a", "pledge", "%ed%a0%80"])
def test_a_part_of_an_address_that_no_text_can_be_is_not_found(section: str, api: Api) -> None:
    moment = "2026-03-02T12:01:00.000000Z"
    path = f"/api/v1/corrections/{section}/end-cash-bail/title/{moment}/"
    assert api.problem(path, 404)["type"] == f"{DOCS}not-found"


def test_only_the_last_slash_may_be_missing(api: Api) -> None:
    response = api.ask("/api/v1/pledges?status=kept", status=301)
    assert response["Location"] == "/api/v1/pledges/?status=kept"
    assert api.problem("/api/v1/pledges", 404, method="post")["type"] == f"{DOCS}not-found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_the_api_is_read_only(method: str, api: Api, world: World) -> None:
    for path in ("pledges/", "pledges/end-cash-bail/", "", "/api/schema/", "/api/docs/"):
        response = api.ask(path, status=405, method=method)
        assert response["Content-Type"] == problems.MEDIA_TYPE
        assert set(response["Allow"].split(", ")) <= {"GET", "HEAD", "OPTIONS"}
    problem = api.problem("pledges/", 405, method=method)
    assert problem["allowed"] == ["GET", "HEAD", "OPTIONS"]


def test_a_format_there_is_not(api: Api) -> None:
    oai = "application/vnd.oai.openapi"
    for path, available in (
        ("/api/schema/", ["application/json", f"{oai}+json", "application/yaml", oai]),
        ("pledges/", ["application/json", "text/csv"]),
        ("pledges/end-cash-bail/", ["application/json"]),
    ):
        problem = api.problem(path, 406, Accept="application/xml")
        assert (problem["type"], problem["available"]) == (f"{DOCS}not-acceptable", available)
    for accept in ("*/*", "application/*", "text/html, */*;q=0.1", "application/json; q=0.5"):
        assert api.ask("pledges/", Accept=accept)["Content-Type"] == "application/json"


def test_a_host_that_is_not_ours(api: Api) -> None:
    problem = api.problem("pledges/", 400, Host="elsewhere.example.org")
    assert problem["type"] == f"{DOCS}bad-request"


def test_too_many_parameters(api: Api) -> None:
    query = "&".join(f"a{number}=1" for number in range(20_001))
    assert api.problem(f"pledges/?{query}", 400)["type"] == f"{DOCS}bad-request"


class Broken:
    """Makes the topics fail in a way of the test's choice."""

    error: Exception = Exception()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broken]:
    broken = Broken()

    def rows(self: Topics) -> Any:
        raise broken.error

    monkeypatch.setattr(Topics, "rows", rows)
    return broken


def test_a_fault_of_ours_is_logged_and_says_nothing(
    api: Api, broken: Broken, caplog: pytest.LogCaptureFixture
) -> None:
    broken.error = ZeroDivisionError("the inside")
    problem = api.problem("topics/", 500)
    assert problem["type"] == f"{DOCS}server-error"
    assert "inside" not in str(problem)
    assert "the inside" in caplog.text


def test_without_a_database_the_answer_is_to_come_back(
    api: Api, broken: Broken, caplog: pytest.LogCaptureFixture
) -> None:
    broken.error = OperationalError("connection refused")
    response = api.ask("topics/", status=503)
    assert (response["Retry-After"], response.json()["type"]) == ("5", f"{DOCS}unavailable")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "name", "status"),
    [
        (exceptions.UnsupportedMediaType("text/csv"), "unsupported-media-type", 415),
        (exceptions.PermissionDenied(), "forbidden", 403),
        (exceptions.Throttled(wait=3), "too-many-requests", 429),
        (exceptions.ParseError("bad"), "bad-request", 400),
    ],
)
def test_errors_of_the_framework_have_the_same_shape(
    error: Exception, name: str, status: int
) -> None:
    request = Request(RequestFactory().get("/api/v1/topics/"))
    response = problems.respond(error, {"request": request, "view": Topics()})
    assert (response.status_code, response["Content-Type"]) == (status, problems.MEDIA_TYPE)
    assert problems.json.loads(response.content)["type"] == f"{DOCS}{name}"


def resource(section: str) -> Any:
    return next(one for one in RESOURCES if one.section == section)
