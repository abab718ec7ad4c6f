"""Bodies that mean harm: each is refused and named, whichever address they are sent to."""

import json
from typing import Any

import pytest

from promises.accounts.models import User
from promises.suggestions.models import SentOnce, Suggestion
from promises.webhooks.models import Endpoint, Message
from tests.api.conftest import DOCS, Api
from tests.api.keyed import bearer, key_of
from tests.api.world import World

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/in"
# Every address that reads a body, what it takes, and by which method it is sent.
SUGGESTION = {"kind": "pledge", "explanation": "A pledge that is missing."}
DOORS: dict[str, tuple[str, dict[str, Any]]] = {
    "suggestions/": ("post", SUGGESTION),
    "webhooks/": ("post", {"url": URL}),
    "webhooks/<own>/": ("patch", {"description": "Mine"}),
    "webhooks/<own>/replay/": ("post", {"after": 0}),
}


@pytest.fixture
def key(owner: User) -> dict[str, str]:
    return bearer(key_of(owner))


@pytest.fixture(params=DOORS)
def door(request: Any, api: Api, world: World, key: dict[str, str]) -> tuple[str, str, Any]:
    """An address, the method it takes and a good body."""
    made = api.send("webhooks/", {"url": URL}, **key).json()["reference"]
    method, good = DOORS[request.param]
    return request.param.replace("<own>", made), method, good


def kept() -> list[Any]:
    """What the addresses write."""
    models = (Suggestion, SentOnce, Endpoint, Message)
    return [list(model._default_manager.order_by("pk").values()) for model in models]  # type: ignore[attr-defined]


# What may stand there all the same.
ALLOWED = {
    ("null", "pledge"), ("null", "prosecutor"), ("null", "topic"), ("a list", "event_types"),
    ("true", "is_enabled"),
}  # fmt: skip
HOSTILE = {
    "NUL": '"a\\u0000b"',
    "half of a pair": '"\\ud800"',
    "halves the wrong way round": '"\\udc00\\ud800"',
    "too large for a float": "1e400",
    "too small for one": "-1e400",
    "more digits than are read": "9" * 5000,
    "very many digits": "9" * 4000,
    "a fraction": "0.5",
    "no number": "NaN",
    "a mark of order": '"\\ufeff"',
    "null": "null",
    "a list": "[]",
    "an object": "{}",
    "an object of odd names": '{"\\ud800": 1, "": "\\u0000"}',
    "a list of halves": '["\\ud800"]',
    "true": "true",
}
NAMES = (
    "kind", "explanation", "source_url", "pledge", "prosecutor", "url", "description",
    "event_types", "topic", "is_enabled", "after", "up_to", "odd",
)  # fmt: skip


def sent(api: Api, door: tuple[str, str, Any], key: dict[str, str], **changed: str) -> Any:
    """Send a good body in which some fields are written like this; return the answer."""
    path, method, good = door
    written = {name: json.dumps(value) for name, value in good.items()} | changed
    body = "{" + ",".join(f'"{name}":{text}' for name, text in written.items()) + "}"
    send = getattr(api.client, method)
    return send(f"/api/v1/{path}", body.encode(), content_type="application/json", headers=key)


def is_refused(answer: Any, kind: str) -> bool:
    """Tell whether an answer is a problem of this kind that every program can read."""
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content.decode())
    # A program that keeps texts as UTF-8 can keep these.
    json.dumps(problem, ensure_ascii=False).encode()
    return bool((answer.status_code, problem["type"]) == (400, f"{DOCS}{kind}"))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_that_a_field_cannot_have_is_refused(
    value: str, api: Api, door: tuple[str, str, Any], key: dict[str, str]
) -> None:
    before = kept()
    for name in NAMES:
        answer = sent(api, door, key, **{name: HOSTILE[value]})
        if answer.status_code < 400:
            assert (value, name) in ALLOWED
            before = kept()
            continue
        is_unread = value in {"more digits than are read", "no number"}
        assert is_refused(answer, "bad-request" if is_unread else "invalid-body"), (name, value)
        assert kept() == before


def test_a_body_that_is_nested_deeply_is_refused(
    api: Api, door: tuple[str, str, Any], key: dict[str, str]
) -> None:
    before = kept()
    # Some can just be read, and what would show them again is a few calls too deep.
    for depth in (3, 100, *range(800, 1000, 25), 30_000):
        for name in ("kind", "event_types"):
            inner = f"{'[' * depth}{']' * depth}"
            assert is_refused(sent(api, door, key, **{name: inner}), "bad-request"), (name, depth)
    assert kept() == before


def test_a_field_that_is_half_a_character_is_named(
    api: Api, door: tuple[str, str, Any], key: dict[str, str]
) -> None:
    before = kept()
    answer = sent(api, door, key, **{"\\ud800": "1"})
    assert is_refused(answer, "invalid-body")
    assert answer.json()["errors"][0]["field"] == "\\ud800"
    assert kept() == before


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a": "\xff"}', b" "])
def test_bytes_that_are_no_json_are_refused(
    body: bytes, api: Api, door: tuple[str, str, Any], key: dict[str, str]
) -> None:
    path, method, _good = door
    before = kept()
    send = getattr(api.client, method)
    answer = send(f"/api/v1/{path}", body, content_type="application/json", headers=key)
    assert is_refused(answer, "bad-request")
    assert kept() == before


def test_a_body_in_chunks_is_asked_for_whole(
    api: Api, door: tuple[str, str, Any], key: dict[str, str]
) -> None:
    path, method, good = door
    before = kept()
    # As the server hands it on: without a length nothing of it can be read.
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    send = getattr(api.client, method)
    answer = send(
        f"/api/v1/{path}", json.dumps(good), content_type="application/json", headers=key, **chunked
    )
    assert (answer.status_code, answer.json()["type"]) == (411, f"{DOCS}length-required")
    assert kept() == before
