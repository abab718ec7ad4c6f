"""Callers whose answers are not kept are told the same as everybody: bytes, tags, encodings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.api import problems
from tests import record
from tests.api.keyed import key_of
from tests.serving.conftest import Ask
from tests.serving.test_conditions import lasting

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/api/v1/pledges/?page_size=2&fields=slug,title"
PAGE = "/pledges/pledge-0/"
Caller = Callable[[], dict[str, str]]
CALLERS: dict[str, Caller] = {
    "a key": lambda: {"HTTP_AUTHORIZATION": f"Bearer {key_of(record.user('owner'))}"},
    "a session": lambda: {"HTTP_COOKIE": f"session={session_of(record.user('reader'))}"},
    "a part": lambda: {"HTTP_RANGE": "bytes=0-1"},
    "a long wish": lambda: {"HTTP_ACCEPT": "image/png, " * 20 + "application/json"},
}


def session_of(person: User) -> str:
    """Return the cookie of someone who is logged in."""
    client = Client()
    client.force_login(person)
    return client.cookies["session"].value


@pytest.fixture(autouse=True)
def pledges(transactional_db: None) -> None:
    """Enough published pledges for a second page."""
    author = record.user("author")
    one = {"of": record.term(by=author), "topic": record.topic(by=author)}
    for number in range(4):
        record.pledge(by=author, slug=f"pledge-{number}", title=f"Title {number} " * 20, **one)


@pytest.fixture(params=CALLERS)
def caller(request: pytest.FixtureRequest) -> dict[str, str]:
    """What sets one caller apart from everybody."""
    return CALLERS[request.param]()


@pytest.mark.parametrize("address", [LIST, PAGE, "/updates.atom"])
@pytest.mark.parametrize("encodings", ["", "gzip, br"])
def test_every_caller_is_told_the_same(
    address: str, encodings: str, caller: dict[str, str], ask: Ask
) -> None:
    everybody = ask(address, HTTP_ACCEPT_ENCODING=encodings)
    one = ask(address, HTTP_ACCEPT_ENCODING=encodings, **caller)
    if "HTTP_COOKIE" in caller and address != LIST:
        # Pages may know who reads them: compressed, their secrets could be guessed at.
        assert (one.body, one.headers["vary"]) == (ask(address).body, "Cookie")
        return
    assert (one.status, one.body) == (200, everybody.body)
    told = lasting(one) | {"ratelimit-policy": ""}
    assert told == lasting(everybody) | {"ratelimit-policy": ""}
    assert ("content-encoding" in one.headers) is bool(encodings)


def test_the_next_page_is_named_alike_in_every_order(ask: Ask, django: Ask) -> None:
    everybody = ask(LIST)
    turned = "/api/v1/pledges/?fields=slug,title&page_size=2"
    for answer in (ask(LIST, HTTP_RANGE="bytes=0-1"), django(LIST), django(turned)):
        assert (answer.body, answer.headers["link"]) == (everybody.body, everybody.headers["link"])
    assert b"/pledges/?cursor=" in everybody.body


@pytest.mark.parametrize("address", [LIST, PAGE, "/updates.atom"])
def test_either_tag_is_known_again_from_every_caller(
    address: str, caller: dict[str, str], ask: Ask
) -> None:
    tags = [ask(address, HTTP_ACCEPT_ENCODING=one).headers["etag"] for one in ("", "gzip")]
    assert tags[1] == tags[0].removesuffix('"') + '-gzip"'
    for tag in tags:
        same = ask(address, HTTP_IF_NONE_MATCH=f'"other", {tag}', **caller)
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", tags[0])
        assert ask(address, HTTP_IF_MATCH=tag, **caller).status == 200
    packed = {"HTTP_IF_NONE_MATCH": tags[1], "HTTP_ACCEPT_ENCODING": "gzip"}
    assert ask(address, **packed, **caller).headers["etag"] == tags[1]


def test_a_tag_of_another_version_is_refused(ask: Ask) -> None:
    tag = ask(LIST).headers["etag"]
    for condition in ('"other"', '"other-gzip"', f"W/{tag}"):
        refused = ask(LIST, HTTP_IF_MATCH=condition)
        assert (refused.status, refused.headers["content-type"]) == (412, problems.MEDIA_TYPE)
    assert ask(PAGE, HTTP_IF_MATCH='"other"').status == 412


@pytest.mark.parametrize("address", [LIST, PAGE, "/updates.atom", "/sitemap.xml"])
def test_a_condition_on_a_date_is_ignored_where_there_is_none(
    address: str, ask: Ask, django: Ask
) -> None:
    past = {"HTTP_IF_UNMODIFIED_SINCE": "Sat, 01 Jan 2000 00:00:00 GMT"}
    everybody = ask(address)
    for answer in (ask(address, **past), django(address, **past)):
        assert (answer.status, answer.body) == (200, everybody.body)


def test_what_is_one_callers_own_is_never_compressed(ask: Ask) -> None:
    key = {"HTTP_AUTHORIZATION": f"Bearer {key_of(record.user('owner'))}"}
    own = ask("/api/v1/webhooks/", HTTP_ACCEPT_ENCODING="gzip", **key)
    assert (own.status, own.headers["cache-control"]) == (200, "private, no-store")
    assert "content-encoding" not in own.headers


def test_whoever_has_it_is_told_so_without_any_quota(ask: Ask, settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 2
    tag = ask(LIST).headers["etag"]
    assert [ask(LIST).status for _ in range(3)] == [200, 429, 429]
    for _ in range(3):
        same = ask(LIST, HTTP_IF_NONE_MATCH=tag)
        assert (same.status, same.body) == (304, b"")
        assert same.headers["ratelimit"].startswith('"anonymous";r=0;t=')
    assert ask(LIST).status == 429
    assert [ask("/api/docs/").status for _ in range(3)] == [200, 200, 200]
    assert ask("/api/docs/").headers["ratelimit"].startswith('"anonymous";r=0;t=')
