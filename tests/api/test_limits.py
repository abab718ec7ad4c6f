"""A thousand requests an hour for each client, counted in one step; no failure without Redis."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from time import monotonic
from typing import Any

import pytest
from django.test import RequestFactory

from promises.api import limits
from promises.api.callers import caller_of
from promises.common.clients import client_address
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db
WINDOW = range(3590, 3601)


def left(response: Any) -> int:
    """Return how many requests are left, and check that the reset is an hour away."""
    name, remaining, resets = response["RateLimit"].split(";")
    assert name == '"anonymous"'
    assert int(resets.removeprefix("t=")) in WINDOW
    return int(remaining.removeprefix("r="))


def test_a_client_without_a_key_has_a_thousand_an_hour(api: Api) -> None:
    response = api.ask("topics/")
    assert response["RateLimit-Policy"] == '"anonymous";q=1000;w=3600'
    assert left(response) == 999
    assert left(api.ask("offices/")) == 998
    assert left(api.ask("nothing/", status=404)) == 997
    assert left(Api().ask("topics/")) == 999


def test_what_is_unchanged_costs_nothing(api: Api) -> None:
    etag = api.ask("topics/")["ETag"]
    unchanged = [api.ask("topics/", status=304, If_None_Match=etag) for _ in range(3)]
    assert [left(response) for response in unchanged] == [999, 999, 999]
    assert left(api.ask("topics/")) == 998


def test_without_quota_nothing_is_made_ready_to_say_that_it_is_unchanged(
    api: Api, settings: Any
) -> None:
    settings.API_REQUESTS_PER_HOUR = 1
    etag = api.ask("topics/")["ETag"]
    assert left(api.ask("topics/", status=429, If_None_Match=etag)) == 0


def test_asking_what_is_allowed_costs_nothing(api: Api) -> None:
    response = api.ask("topics/", status=204, method="options")
    assert (response["RateLimit-Policy"], left(response)) == ('"anonymous";q=1000;w=3600', 1000)
    assert left(api.ask("topics/")) == 999


@pytest.mark.parametrize("path", ["/api/docs/", "/api/docs/try/", "/api/schema/"])
def test_reading_how_to_ask_costs_nothing(path: str, api: Api, settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 1
    assert left(api.ask("topics/")) == 0
    response = api.ask(path)
    assert response["RateLimit-Policy"] == '"anonymous";q=1;w=3600'
    again = api.ask(path, status=304, If_None_Match=response["ETag"])
    assert [left(response), left(again)] == [0, 0]
    assert api.ask("topics/", status=429).json()["detail"] == (
        "The quota of the hour is used up. Wait as many seconds as `Retry-After` says. From then on"
        " send the `ETag` you hold as `If-None-Match`: answers with status 304 cost nothing."
    )


def test_one_too_many_is_told_when_to_come_back(api: Api, settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 2
    assert [left(api.ask("topics/")) for _ in range(2)] == [1, 0]
    for _ in range(3):
        response = api.ask("topics/", status=429)
        assert left(response) == 0
        assert int(response["Retry-After"]) in WINDOW
        assert response.json()["type"].endswith("too-many-requests")
        assert response["Access-Control-Allow-Origin"] == "*"
    assert left(Api().ask("topics/")) == 1


def test_every_answer_says_when_to_ask_again(api: Api, settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 4
    first = api.ask("topics/")
    unchanged = api.ask("topics/", status=304, If_None_Match=first["ETag"])
    options = api.ask("topics/", status=204, method="options")
    moved = api.ask("topics", status=301)
    told = (first, unchanged, options, moved, api.ask("/api/docs/"), api.ask("/api/schema/"))
    assert [one["Retry-After"] for one in told] == ["0"] * 6
    assert api.ask("nothing/", status=404)["Retry-After"] == "0"
    assert int(api.ask("topics/")["Retry-After"]) in WINDOW
    assert int(api.ask("topics/", status=429)["Retry-After"]) in WINDOW


def test_fifty_at_once_take_exactly_what_there_is(settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 120
    request = RequestFactory().get("/api/v1/", REMOTE_ADDR=Api().address)
    with ThreadPoolExecutor(50) as pool:
        quotas = list(pool.map(lambda _: limits.take(request), range(200)))
    granted = [quota.remaining for quota in quotas if quota and quota.is_granted]
    assert sorted(granted) == list(range(120))
    assert sum(1 for quota in quotas if quota and not quota.is_granted) == 80


def test_giving_back_after_the_hour_leaves_no_debt(api: Api) -> None:
    request = RequestFactory().get("/api/v1/", REMOTE_ADDR=api.address)
    limits.give_back(request)
    assert left(api.ask("topics/")) == 999


def test_without_redis_requests_are_served_at_once_and_not_counted(
    api: Api, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(limits, "_redis", cache(limits._redis.__wrapped__))
    began = monotonic()
    for _ in range(20):
        response = api.ask("topics/")
        assert response["RateLimit-Policy"] == '"anonymous";q=1000;w=3600'
        assert not response.has_header("RateLimit")
        assert response["Retry-After"] == "0"
    # After the first failure Redis is left alone for some seconds, so that nobody waits for it.
    assert caplog.text.count("Requests are not counted") == 1
    assert monotonic() - began < 2


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "not an address", "not an address"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_who_a_client_is(remote: str, forwarded: str, expected: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/api/v1/", REMOTE_ADDR=remote, headers=headers)
    assert client_address(request) == expected


def test_the_counter_does_not_hold_the_address() -> None:
    request = RequestFactory().get("/api/v1/", REMOTE_ADDR="192.0.2.1")
    assert "192.0.2" not in caller_of(request).counter
