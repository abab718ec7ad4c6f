"""Webhooks by the API: made, changed, tried, read about and sent again, by their owner alone."""

from datetime import timedelta
from typing import Any

import pytest

from promises.accounts.models import User
from promises.api import whole_schema
from promises.webhooks.actions import close_endpoint
from promises.webhooks.feeding import read_ledger
from promises.webhooks.models import Attempt, Endpoint, Message
from tests import record
from tests.api.conftest import DOCS, Api
from tests.api.keyed import EVERYBODY, bearer, key_of, someone
from tests.api.test_schema import check
from tests.api.world import NOW, World

pytestmark = pytest.mark.django_db
URL = "https://watch.example.org/hook"


@pytest.fixture
def key(owner: User) -> dict[str, str]:
    return bearer(key_of(owner, ["webhooks"]))


def made(api: Api, key: dict[str, str], **more: Any) -> Any:
    return api.send("webhooks/", {"url": URL, **more}, **key).json()


def filled(by: User) -> Message:
    """Let something happen, and the worker fail to tell it once."""
    record.pledge(by=by)
    while read_ledger(by=by, now=NOW):
        pass
    message = Message.objects.filter(event_type="pledge.published").latest("pk")
    Attempt.objects.create(message=message, tried_at=NOW, status=500, excerpt="No.", milliseconds=9)
    Message.objects.filter(pk=message.pk).update(attempts=1)
    return message


def answers_like(path: str, method: str, body: Any, status: int = 200) -> None:
    """Hold an answer against the schema."""
    operation = whole_schema.schema()["paths"][f"/api/v1/webhooks/{path}"][method]
    shape = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    check(body, shape)


def test_one_is_made_and_its_secret_shown_once(
    api: Api, world: World, owner: User, key: dict[str, str]
) -> None:
    asked = {
        "description": "The newsroom",
        "event_types": ["review.saved", "pledge.published"],
        "prosecutor": "jane-example",
        "topic": "bail",
    }
    answer = api.send("webhooks/", {"url": "https://WATCH.example.org/hook", **asked}, **key)
    assert answer["Cache-Control"] == "private, no-store"
    webhook = answer.json()
    secret = webhook.pop("secret")
    assert (secret[:6], len(secret)) == ("whsec_", 50)
    endpoint = Endpoint.objects.get()
    assert webhook == {
        "reference": endpoint.reference,
        "url": URL,
        **asked,
        "event_types": ["pledge.published", "review.saved"],
        "is_enabled": True,
        "disabled_at": None,
        "disabled_reason": "",
        "disabled_note": "",
        "first_failed_at": None,
        "old_secret_expires_at": None,
        "made_at": "2026-03-02T12:00:00.000000Z",
    }
    answers_like("", "post", {**webhook, "secret": secret}, 201)
    assert (endpoint.owner, endpoint.person, endpoint.topic) == (owner, world.person, world.topic)
    shown = api.ask(f"webhooks/{endpoint.reference}/", **key)
    assert (shown.json(), shown["Cache-Control"]) == (webhook, "private, no-store")
    page = api.read("webhooks/", **key)
    assert page == {"next": None, "previous": None, "results": [webhook]}
    answers_like("", "get", page)
    assert api.ask("webhooks/", **key)["ETag"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"url": "https://example.org:8443/"}, "url"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://me:you@example.org/"}, "url"),
        ({"url": "https://0x7f000001/"}, "url"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": ""}, "url"),
        ({"event_types": ["pledge.eaten"]}, "event_types.0"),
        ({"event_types": "pledge.published"}, "event_types"),
        ({"prosecutor": "secret-person"}, "prosecutor"),
        ({"topic": "nothing"}, "topic"),
        ({"description": "a" * 201}, "description"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"is_enabled": False}, "is_enabled"),
    ],
)
def test_what_is_wrong_is_named(
    changed: dict[str, Any], field: str, api: Api, key: dict[str, str], settings: Any
) -> None:
    settings.WEBHOOKS_BY_HTTP = False
    problem = api.send("webhooks/", {"url": URL, **changed}, status=400, **key).json()
    assert problem["type"] == f"{DOCS}invalid-body"
    assert field in {one["field"] for one in problem["errors"]}
    assert Endpoint.objects.count() == 0


def test_one_is_changed_closed_and_opened(
    api: Api, world: World, owner: User, key: dict[str, str]
) -> None:
    there = f"webhooks/{made(api, key, topic='bail')['reference']}/"
    changed = api.send(there, {"description": "Mine", "topic": None}, status=200,
                       method="patch", **key).json()  # fmt: skip
    assert (changed["description"], changed["topic"], changed["url"]) == ("Mine", None, URL)
    for is_enabled, reason in ((False, "owner"), (False, "owner"), (True, ""), (True, "")):
        changed = api.send(there, {"is_enabled": is_enabled}, status=200, method="patch", **key)
        assert changed.json()["disabled_reason"] == reason
    api.send(there, {"is_enabled": "no"}, status=400, method="patch", **key)
    api.send(there, {"reference": "we_mine"}, status=400, method="patch", **key)
    chief = record.user("chief", is_superuser=True)
    close_endpoint(endpoint=Endpoint.objects.get(), reason="Floods us.", by=chief, now=NOW)
    problem = api.send(there, {"is_enabled": True}, status=409, method="patch", **key).json()
    assert problem["detail"] == "An administrator closed this endpoint. Write to them."
    assert api.read(there, **key)["disabled_note"] == "Floods us."
    api.send(f"{there}test/", b"", status=409, **key)
    assert api.ask(there, status=204, method="delete", **key).content == b""
    assert Endpoint.objects.count() == 0
    api.problem(there, 404, **key)


def test_twenty_are_the_most(api: Api, key: dict[str, str]) -> None:
    for _ in range(20):
        made(api, key)
    assert api.send("webhooks/", {"url": URL}, status=409, **key).json()["type"] == (
        f"{DOCS}conflict"
    )


def test_a_new_secret_leaves_the_old_one_a_day(api: Api, world: World, key: dict[str, str]) -> None:
    first = made(api, key)
    there = f"webhooks/{first['reference']}/"
    second = api.send(f"{there}secret/", b"", status=200, **key)
    assert second["Cache-Control"] == "private, no-store"
    assert second.json()["secret"] != first["secret"]
    assert second.json()["old_secret_expires_at"] == "2026-03-03T12:00:00.000000Z"
    answers_like("{reference}/secret/", "post", second.json())


def test_the_log_shows_every_message_and_try(
    api: Api, world: World, owner: User, key: dict[str, str]
) -> None:
    there = f"webhooks/{made(api, key)['reference']}/"
    message = filled(world.author)
    test = api.send(f"{there}test/", b"", status=202, **key).json()
    log = api.read(f"{there}messages/?page_size=200", **key)
    answers_like("{reference}/messages/", "get", log)
    assert log["results"][0] == {
        "id": test["id"],
        "event_type": "webhook.test",
        "edition": None,
        "state": "waiting",
        "made_at": "2026-03-02T12:00:00.000000Z",
        "tries": 0,
        "next_try_at": "2026-03-02T12:00:00.000000Z",
        "accepted_at": None,
        "set_aside_at": None,
        "set_aside_reason": "",
    }
    one = api.read(f"{there}messages/{message.name}/", **key)
    answers_like("{reference}/messages/{message}/", "get", one)
    assert (one["tries"], one["attempts"]) == (
        1,
        [{"tried_at": "2026-03-02T12:00:00.000000Z", "status": 500, "fault": "",
          "excerpt": "No.", "milliseconds": 9}],
    )  # fmt: skip
    names = {row["id"] for row in api.read(f"{there}messages/?state=waiting", **key)["results"]}
    assert {test["id"], message.name} <= names
    assert api.read(f"{there}messages/?state=accepted", **key)["results"] == []
    of_kind = api.read(f"{there}messages/?event_type=webhook.test", **key)["results"]
    assert [row["id"] for row in of_kind] == [test["id"]]
    assert api.problem(f"{there}messages/?stat=x", **key)["nearest"] == "state"
    api.problem(f"{there}messages/msg_none/", 404, **key)


def test_messages_are_sent_again_by_name_and_by_range(
    api: Api, world: World, owner: User, key: dict[str, str]
) -> None:
    there = f"webhooks/{made(api, key, event_types=['pledge.published'])['reference']}/"
    start = api.read("")["edition"]
    message = filled(world.author)
    settled = {"next_try_at": None, "accepted_at": NOW + timedelta(minutes=1)}
    Message.objects.update(**settled)
    again = api.send(f"{there}messages/{message.name}/replay/", b"", status=202, **key)
    assert again.json() == {"id": message.name}
    assert list(Message.objects.waiting()) == [message]
    Message.objects.update(**settled)
    done = api.send(f"{there}replay/", {"after": start}, status=202, **key)
    assert done.json() == {"messages": 1}
    answers_like("{reference}/replay/", "post", done.json(), 202)
    message.refresh_from_db()
    assert (message.attempts, message.accepted_at) == (0, None)
    # What happened before it was made can be asked for too, and its log stays.
    assert api.send(f"{there}replay/", {"after": 0}, status=202, **key).json() == {"messages": 2}
    assert Attempt.objects.filter(message=message).count() == 1
    wrong: tuple[Any, ...] = (-1, "x", "0", True, 0.5, None, [0])
    for body in ({}, {"after": 0, "before": 3}, *({"after": value} for value in wrong)):
        api.send(f"{there}replay/", body, status=400, **key)
    api.send(f"{there}replay/", {"after": 0, "up_to": "9"}, status=400, **key)


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_reaches_the_webhook_of_another(
    who: str, api: Api, world: World, owner: User, key: dict[str, str]
) -> None:
    """Every address of it, as every role, is like one that never was; and nothing changes."""
    reference = made(api, key)["reference"]
    message = filled(world.author)
    before = (list(Endpoint.objects.values()), list(Message.objects.order_by("pk").values()))
    stranger = bearer(key_of(someone(who)))
    assert api.read("webhooks/", **stranger)["results"] == []
    there, never = f"webhooks/{reference}/", "webhooks/we_never/"
    for rest, methods in {
        "": ("get", "patch", "delete"),
        "secret/": ("post",),
        "test/": ("post",),
        "replay/": ("post",),
        "messages/": ("get",),
        f"messages/{message.name}/": ("get",),
        f"messages/{message.name}/replay/": ("post",),
    }.items():
        for method in methods:
            found = [
                api.send(f"{one}{rest}", {"after": 0}, status=404, method=method, **stranger)
                if method in {"post", "patch"}
                else api.ask(f"{one}{rest}", status=404, method=method, **stranger)
                for one in (there, never)
            ]
            first, second = ({**one.json(), "instance": ""} for one in found)
            assert first == second, (rest, method)
    after = (list(Endpoint.objects.values()), list(Message.objects.order_by("pk").values()))
    assert after == before
