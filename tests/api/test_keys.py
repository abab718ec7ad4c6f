"""Keys: who is let in, who is not and why, how much they may ask, and who may keep the answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from promises.accounts.models import ApiKey, User
from promises.api import limits
from promises.api.callers import caller_of
from tests.api.conftest import DOCS, Api
from tests.api.keyed import bearer, key_of
from tests.api.world import World

pytestmark = pytest.mark.django_db


def test_a_key_has_a_quota_of_its_own_shared_by_the_keys_of_its_owner(
    api: Api, owner: User
) -> None:
    first, second = key_of(owner), key_of(owner)
    answer = api.ask("topics/", **bearer(first))
    assert answer["RateLimit-Policy"] == '"standard";q=10000;w=3600'
    assert answer["RateLimit"].startswith('"standard";r=9999;t=')
    # From any address, with any of the keys.
    again = Api().ask("topics/", **bearer(second))
    assert again["RateLimit"].startswith('"standard";r=9998;t=')
    assert api.ask("topics/")["RateLimit"].startswith('"anonymous";r=999;')
    wide = api.ask("topics/", **bearer(key_of(owner, tier="partner")))
    assert wide["RateLimit-Policy"] == '"partner";q=100000;w=3600'


def test_fifty_clients_of_one_key_take_exactly_what_there_is(owner: User, settings: Any) -> None:
    settings.API_TIERS = {"standard": 120, "partner": 1}
    request = RequestFactory().get("/api/v1/", headers=bearer(key_of(owner)))
    assert caller_of(request).policy == "standard"
    with ThreadPoolExecutor(50) as pool:
        quotas = list(pool.map(lambda _: limits.take(request), range(200)))
    granted = [quota.remaining for quota in quotas if quota and quota.is_granted]
    assert sorted(granted) == list(range(120))


def test_what_is_unchanged_costs_a_key_nothing(api: Api, owner: User) -> None:
    key = bearer(key_of(owner))
    etag = api.ask("topics/", **key)["ETag"]
    assert etag == api.ask("topics/")["ETag"]
    for _ in range(2):
        unchanged = api.ask("topics/", status=304, If_None_Match=etag, **key)
        assert unchanged["RateLimit"].startswith('"standard";r=9999;')


def test_without_quota_a_key_still_hears_that_nothing_has_changed(
    api: Api, owner: User, settings: Any
) -> None:
    settings.API_TIERS = {"standard": 2, "partner": 1}
    key = bearer(key_of(owner))
    etag = api.ask("topics/", **key)["ETag"]
    api.ask("topics/", **key)
    api.ask("topics/", status=429, **key)
    unchanged = api.ask("topics/", status=304, If_None_Match=etag, **key)
    assert unchanged["RateLimit"].startswith('"standard";r=0;')
    assert unchanged["ETag"] == etag
    # What has changed is not shown; and it is found out no more often than the quota is large.
    api.ask("topics/", status=429, If_None_Match='"another"', **key)
    api.ask("topics/", status=429, If_None_Match=etag, **key)


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ("Bearer ppt_aaaaaaaaaaaa_" + "a" * 40, "There is no such key."),
        ("Bearer nonsense", "There is no such key."),
        ("Bearer ", "There is no such key."),
        ("Bearer \x00\xe9", "There is no such key."),
        ("Basic amFuZTpwYXNz", "Send your key as `Authorization: Bearer` and the key."),
        ("", "Send your key as `Authorization: Bearer` and the key."),
    ],
)
@pytest.mark.parametrize("path", ["topics/", "", "/api/schema/", "/api/docs/", "nothing/"])
def test_what_is_no_key_opens_nothing_anywhere(path: str, sent: str, detail: str, api: Api) -> None:
    answer = api.ask(path, status=401, Authorization=sent)
    problem = answer.json()
    assert (problem["type"], problem["detail"]) == (f"{DOCS}unauthenticated", detail)
    assert answer["WWW-Authenticate"] == 'Bearer realm="Promise tracker", error="invalid_token"'
    assert answer["Cache-Control"] == "no-store"
    # Whoever guesses uses up their own quota.
    assert answer["RateLimit"].startswith('"anonymous";r=999;')


def test_a_key_that_was_good(api: Api, owner: User) -> None:
    now = timezone.now()
    cases = {
        "This key has expired.": {"expires_at": now - timedelta(seconds=1)},
        "This key was revoked.": {"revoked_at": now},
    }
    for detail, changed in cases.items():
        problem = api.problem("topics/", 401, **bearer(key_of(owner, **changed)))
        assert problem["detail"] == detail
    good = bearer(key_of(owner))
    assert api.ask("topics/", **good)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    problem = api.problem("topics/", 401, **good)
    assert problem["detail"] == "The login that this key belongs to is closed."


def test_a_key_without_the_scope_is_told_which(api: Api, owner: User) -> None:
    answer = api.ask("topics/", status=403, **bearer(key_of(owner, ["suggest"])))
    assert answer.json() == {
        "type": f"{DOCS}missing-scope",
        "title": "Scope missing",
        "status": 403,
        "detail": "This key lacks the scope read.",
        "instance": "/api/v1/topics/",
        "scope": "read",
    }
    assert answer["WWW-Authenticate"] == (
        'Bearer realm="Promise tracker", error="insufficient_scope", scope="read"'
    )


def test_where_a_key_is_needed_it_is_asked_for(api: Api) -> None:
    answer = api.send("suggestions/", {}, status=401)
    assert answer.json()["detail"] == "This address needs a key with the scope suggest."
    assert answer["WWW-Authenticate"] == 'Bearer realm="Promise tracker"'


def test_last_use_is_kept_to_the_minute(
    api: Api, owner: User, django_assert_num_queries: Any
) -> None:
    key = bearer(key_of(owner))
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False) as clock:
        key = bearer(key_of(owner))
        used = ApiKey.objects.order_by("-pk").values_list("last_used_at", flat=True)
        # The key; that it was used; topics.
        with django_assert_num_queries(3):
            api.ask("topics/", **key)
        first = used[0]
        assert first == timezone.now()
        clock.shift(59)
        with django_assert_num_queries(2):
            api.ask("topics/", **key)
        assert used[0] == first
        clock.shift(1)
        api.ask("topics/", **key)
        assert used[0] == timezone.now()
    assert ApiKey.pgh_event_model.objects.filter(pgh_label="update").count() == 0


def test_nobody_keeps_a_refusal_and_everybody_may_keep_what_is_public(
    api: Api, world: World, owner: User
) -> None:
    answer = api.ask("pledges/", **bearer(key_of(owner)))
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer["Vary"] == "Accept, Accept-Encoding"
    assert (
        api.ask("pledges/", status=403, **bearer(key_of(owner, ["webhooks"])))["Cache-Control"]
        == "no-store"
    )
