"""Suggestions by programs: kept once, for the editors, whatever was wrong is named."""

from typing import Any

import pytest

from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.evidence.actions import publish_evidence
from promises.evidence.models import EvidenceLink
from promises.suggestions.models import SentOnce, Suggestion
from promises.suggestions.once import KEPT_FOR
from promises.suggestions.suggesting import (
    draft_suggested_evidence,
    set_suggestion_aside,
    take_up_suggestion,
)
from promises.suggestions.tasks import erase
from tests import record
from tests.api.conftest import DOCS, Api
from tests.api.keyed import bearer, key_of
from tests.api.world import World
from tests.suggestions.suggested import evidence

GOOD = {
    "kind": "evidence",
    "explanation": "The office published its bail figures.",
    "source_url": "https://www.example.org/bail",
}


@pytest.fixture
def key(owner: User) -> dict[str, str]:
    return bearer(key_of(owner, ["suggest"]))


@pytest.mark.django_db
def test_a_suggestion_arrives_and_only_its_sender_learns_its_number(
    api: Api, world: World, key: dict[str, str]
) -> None:
    answer = api.send("suggestions/", {**GOOD, "pledge": "end-cash-bail"}, **key)
    kept = Suggestion.objects.get()
    assert answer.json() == {
        "reference": kept.reference,
        "url": f"http://127.0.0.1:8000/suggestions/{kept.reference}/",
        "received_at": "2026-03-02T12:00:00.000000Z",
    }
    assert answer["Cache-Control"] == "private, no-store"
    assert (kept.pledge, kept.explanation, kept.state) == (
        world.pledge, GOOD["explanation"], "received",
    )  # fmt: skip
    assert (kept.sender_name, kept.sender_email) == ("", "")
    # The same words about the same source, while they wait, are that suggestion.
    again = api.send("suggestions/", {**GOOD, "pledge": "end-cash-bail"}, **key)
    assert again.json()["reference"] == kept.reference
    # To another's same words it is not shown.
    stranger = bearer(key_of(record.user("stranger"), ["suggest"]))
    other = api.send("suggestions/", {**GOOD, "pledge": "end-cash-bail"}, **stranger)
    assert other.json()["reference"] != kept.reference
    kept.refresh_from_db()
    assert kept.times_sent == 2
    about = api.send("suggestions/", {**GOOD, "prosecutor": "jane-example"}, **key)
    assert Suggestion.objects.get(reference=about.json()["reference"]).person == world.person


@pytest.mark.django_db
def test_its_sender_reads_what_became_of_it(api: Api, world: World, key: dict[str, str]) -> None:
    by: dict[str, Any] = {"by": world.author, "now": record.NOW}
    made = api.send("suggestions/", GOOD, **key).json()
    path = f"suggestions/{made['reference']}/"
    fate = {
        "reference": made["reference"],
        "state": "received",
        "received_at": made["received_at"],
        "set_aside_reason": "",
        "evidence": None,
        "pledge": None,
    }
    assert api.read(path, **key) == fate
    suggestion = take_up_suggestion(suggestion=Suggestion.objects.get(), **by)
    assert api.read(path, **key) == {**fate, "state": "being_looked_at"}
    link = EvidenceLink(pledge=world.pledge, stance="supports")
    draft = draft_suggested_evidence(suggestion=suggestion, evidence=evidence(), link=link, **by)
    # A draft is nobody's to see.
    assert api.read(path, **key) == {**fate, "state": "drafted"}
    publish_evidence(evidence=draft, **by)
    answer = api.ask(path, **key)
    assert answer.json() == {**fate, "state": "drafted", "evidence": draft.slug}
    assert answer["Cache-Control"] == "private, no-store"
    assert api.problem("suggestions/0/", 404, **key)["type"] == f"{DOCS}not-found"
    other = api.send("suggestions/", {**GOOD, "explanation": "Another."}, **key).json()
    unfit = Suggestion.objects.get(reference=other["reference"])
    set_suggestion_aside(suggestion=unfit, reason="Known already.", **by)
    told = api.read(f"suggestions/{other['reference']}/", **key)
    assert (told["state"], told["set_aside_reason"]) == ("set_aside", "Known already.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"kind": None}, "kind"),
        ({"explanation": ""}, "explanation"),
        ({"explanation": 5}, "explanation"),
        ({"explanation": "a" * 4001}, "explanation"),
        ({"explanation": "a\u0007b"}, "explanation"),
        ({"explanation": "a\u202eb"}, "explanation"),
        ({"explanation": "\ufeffa"}, "explanation"),
        ({"source_url": ""}, "source_url"),
        ({"source_url": "ftp://example.org/a"}, "source_url"),
        ({"source_url": "https://me:secret@example.org/"}, "source_url"),
        ({"pledge": "secret-pledge"}, "pledge"),
        ({"pledge": "a b"}, "pledge"),
        ({"prosecutor": "nobody"}, "prosecutor"),
        ({"pledge": "end-cash-bail", "prosecutor": "jane-example"}, "prosecutor"),
        ({"kind": "pledge", "pledge": "end-cash-bail"}, "pledge"),
        ({"sender_email": "jane@example.org"}, "sender_email"),
    ],
)
def test_what_is_wrong_with_a_body_is_named(
    changed: dict[str, Any], field: str, api: Api, world: World, key: dict[str, str]
) -> None:
    problem = api.send("suggestions/", {**GOOD, **changed}, status=400, **key).json()
    assert problem["type"] == f"{DOCS}invalid-body"
    assert [one["field"] for one in problem["errors"]] == [field]
    if "rumour" in changed.values():
        said = "There is no such value. There are: evidence, pledge."
        assert problem["errors"] == [{"field": "kind", "detail": said}]
    assert Suggestion.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind", "status", "name"),
    [
        (b"{", "application/json", 400, "bad-request"),
        (b"[]", "application/json", 400, "bad-request"),
        (b"\xff", "application/json", 400, "bad-request"),
        (b'{"kind": "pledge", "kind": "pledge"}', "application/json", 400, "bad-request"),
        (b'{"kind": NaN}', "application/json", 400, "bad-request"),
        (b"[" * 50_000, "application/json", 400, "bad-request"),
        (b" " * 64_001, "application/json", 413, "too-large"),
        (b" " * 3_000_000, "application/json", 413, "too-large"),
        (b"kind=pledge", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b"{}", "text/plain", 415, "unsupported-media-type"),
    ],
)
def test_a_body_that_cannot_be_read(
    body: bytes, kind: str, status: int, name: str, api: Api, key: dict[str, str]
) -> None:
    answer = api.send("suggestions/", body, status=status, Content_Type=kind, **key)
    assert answer.json()["type"] == f"{DOCS}{name}"
    assert Suggestion.objects.count() == 0


@pytest.mark.django_db
def test_a_retry_with_its_name_sends_nothing_twice(
    api: Api, world: World, key: dict[str, str]
) -> None:
    named = {**key, "Idempotency-Key": "first"}
    first = api.send("suggestions/", GOOD, **named)
    # Whatever has become of it meanwhile.
    Suggestion.objects.update(
        state="set_aside", set_aside_at=record.NOW, set_aside_by=world.author,
        set_aside_reason="Known.",
    )  # fmt: skip
    assert api.send("suggestions/", GOOD, **named).content == first.content
    assert Suggestion.objects.count() == 1
    other = {**GOOD, "explanation": "Something else."}
    problem = api.send("suggestions/", other, status=422, **named).json()
    assert problem["type"] == f"{DOCS}idempotency-key-reused"
    # What is no suggestion is that first, whatever the name; the name stays with what it named.
    problem = api.send("suggestions/", {**GOOD, "kind": "rumour"}, status=400, **named).json()
    assert problem["type"] == f"{DOCS}invalid-body"
    assert api.send("suggestions/", GOOD, **named).content == first.content
    # A refusal uses up no name, and names of others are others.
    fresh = {**key, "Idempotency-Key": "second"}
    api.send("suggestions/", {**GOOD, "kind": "rumour"}, status=400, **fresh)
    assert api.send("suggestions/", other, **fresh)
    stranger = bearer(key_of(record.user("stranger"), ["suggest"]))
    assert api.send("suggestions/", other, **{**stranger, "Idempotency-Key": "first"})
    api.send("suggestions/", GOOD, status=400, **{**key, "Idempotency-Key": "a" * 256})
    SentOnce.objects.update(sent_at=database_clock() - KEPT_FOR)
    erase()
    assert SentOnce.objects.count() == 0


@pytest.mark.django_db
def test_one_person_sends_so_many_in_a_day(
    api: Api, world: World, key: dict[str, str], settings: Any
) -> None:
    settings.CHALLENGES_PER_DAY = 2
    for number in range(2):
        api.send("suggestions/", {**GOOD, "explanation": f"Number {number}."}, **key)
    answer = api.send("suggestions/", {**GOOD, "explanation": "Three."}, status=429, **key)
    assert answer["Retry-After"] == "3600"
    assert Suggestion.objects.count() == 2
