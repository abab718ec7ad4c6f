"""Everybody against everything: who is refused, and that no key shows a byte the public lacks."""

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.urls import get_resolver

from promises.api.urls import OWN, RESOURCES
from tests.api.conftest import Api
from tests.api.hidden import add_hidden
from tests.api.keyed import ALL, EVERYBODY, bearer, key_of, someone
from tests.api.test_leaks import HIDDEN, LISTS
from tests.api.world import NOW, World

pytestmark = pytest.mark.django_db
# Everybody has keys with one scope and with all. Keys with two are held by who has least and who
# has most, and by everybody in the long form.
ONE_OR_ALL = [*combinations(ALL, 1), ALL]
TWO = list(combinations(ALL, 2))
CASES = [
    *((who, ONE_OR_ALL) for who in EVERYBODY),
    *((who, TWO) for who in (EVERYBODY[0], EVERYBODY[-1])),
    *(pytest.param(who, TWO, marks=pytest.mark.slow) for who in EVERYBODY[1:-1]),
]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
# Each address that is not read by everybody: what it takes, and the scope it asks for.
_ONE = "webhooks/we_0/"
KEYED = {
    "suggestions/": ({"post"}, "suggest"),
    "suggestions/0/": ({"get", "head"}, "suggest"),
    "webhooks/": ({"get", "head", "post"}, "webhooks"),
    _ONE: ({"get", "head", "patch", "delete"}, "webhooks"),
    f"{_ONE}secret/": ({"post"}, "webhooks"),
    f"{_ONE}test/": ({"post"}, "webhooks"),
    f"{_ONE}replay/": ({"post"}, "webhooks"),
    f"{_ONE}messages/": ({"get", "head"}, "webhooks"),
    f"{_ONE}messages/msg_0/": ({"get", "head"}, "webhooks"),
    f"{_ONE}messages/msg_0/replay/": ({"post"}, "webhooks"),
}
OPEN = ("/api/docs/", "/api/docs/try/", "/api/schema/", "/api/client.py")
READ = ("", *LISTS, "pledges/end-cash-bail/", "changes/1/")


@pytest.fixture(scope="module")
def hidden(built_world: World, django_db_blocker: Any) -> Iterator[None]:
    """What readers must not see stands beside the public record."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        add_hidden(built_world)
        yield


@pytest.fixture(scope="module")
def details(built_world: World, hidden: None, django_db_blocker: Any) -> list[str]:
    """The address of every row that the public sees."""
    found = []
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        for path in LISTS:
            for row in Api().read(f"{path}{'&' if '?' in path else '?'}page_size=200")["results"]:
                name = next(row[k] for k in ("id", "slug", "prosecutor", "edition") if k in row)
                found.append(f"{path.split('/')[0]}/{name}/")
    return found


@pytest.fixture(scope="module")
def public(details: list[str], django_db_blocker: Any) -> dict[str, Any]:
    """What everything answers whoever has no key."""
    stranger = Api()
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        return {path: stranger.ask(path) for path in (*READ, *OPEN, *details)}


def expected(path: str, method: str, scopes: tuple[str, ...] | None) -> int:
    """Return the status that a caller with these scopes, None without a key, is to get."""
    if method == "options":
        return 204
    takes, needed = KEYED.get(path, ({"get", "head"}, "read"))
    if path in OPEN:
        return 200 if method in takes else 405
    if path in KEYED and scopes is None:
        return 401
    if scopes is not None and needed not in scopes:
        return 403
    if method not in takes:
        return 405
    # There is no such webhook or suggestion; and what is sent is an empty body.
    if path.startswith((_ONE, "suggestions/0/")):
        return 404
    return 200 if method in {"get", "head"} else 400


def asked(api: Api, path: str, method: str, **headers: str) -> Any:
    there = path if path.startswith("/") else f"/api/v1/{path}"
    send = getattr(api.client, method)
    if method in {"get", "head", "options"}:
        return send(there, headers=headers)
    return send(there, b"{}", content_type="application/json", headers=headers)


def test_every_address_is_in_the_matrix() -> None:
    api = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/")
    names = {str(one.name) for one in api.url_patterns if one.name}
    read = {f"{one.section}-{kind}" for one in RESOURCES for kind in ("list", "detail")}
    others = {"api", "api-docs", "api-try", "api-schema", "api-client", "api-index"}
    own = {f"webhooks-{name}" for _route, name, _view, _does in OWN}
    assert names == read | others | own | {"suggestions", "suggestion"}
    assert len(KEYED) == len(own) + 2


def refuses_whom_it_should(api: Api, callers: dict[Any, dict[str, str]]) -> None:
    """Ask for everything as these callers: the headers by what they may, None without a key."""
    wrong = []
    for scopes, headers in callers.items():
        for path in (*READ, *KEYED, *OPEN):
            for method in METHODS:
                answer = asked(api, path, method, **headers)
                if answer.status_code != expected(path, method, scopes):
                    wrong.append((path, method, scopes, answer.status_code))
                if answer.status_code >= 400:
                    assert answer["Content-Type"] == "application/problem+json"
    assert wrong == []


def test_each_address_refuses_exactly_who_has_no_key(api: Api, world: World) -> None:
    refuses_whom_it_should(api, {None: {}})


@pytest.mark.parametrize(("who", "which"), CASES)
def test_each_address_refuses_exactly_whom_it_should(
    who: str, which: list[tuple[str, ...]], api: Api, world: World
) -> None:
    person = someone(who)
    refuses_whom_it_should(api, {scopes: bearer(key_of(person, scopes)) for scopes in which})


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_sees_a_byte_more_than_the_public(
    who: str, api: Api, world: World, public: dict[str, Any]
) -> None:
    headers = bearer(key_of(someone(who)))
    stranger = Api()
    for path, shown in public.items():
        own = api.ask(path, **headers)
        assert (own["ETag"], own.content) == (shown["ETag"], shown.content), path
        assert own["Cache-Control"] == shown["Cache-Control"]
    for path in HIDDEN:
        refused = stranger.problem(f"{path}/", 404)
        assert api.problem(f"{path}/", 404, **headers) == refused
    for path in LISTS:
        rows = api.read(f"{path}{'&' if '?' in path else '?'}page_size=200", **headers)
        assert "secret" not in json.dumps(rows).lower()


def test_no_field_tells_whose_key_it_is(api: Api, world: World, details: list[str]) -> None:
    """Every field of every object, one by one, is the same with a key and without."""
    headers, stranger = bearer(key_of(someone("superuser"))), Api()
    for one in RESOURCES:
        path = next(path for path in LISTS if path.startswith(f"{one.section}/"))
        for field in one.serializer().fields:
            asking = f"{path}{'&' if '?' in path else '?'}fields={field}"
            assert api.ask(asking, **headers).content == stranger.ask(asking).content, asking


def test_a_session_of_the_desk_opens_nothing(api: Api, world: World) -> None:
    api.client.force_login(someone("superuser"))
    for path, (methods, _scope) in KEYED.items():
        for method in methods:
            assert asked(api, path, method).status_code == 401, path
