"""The page on which one makes, sees and revokes one's own keys."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from promises.accounts.models import ApiKey, SecurityEvent, User
from promises.outbox.tasks import deliver
from tests import record
from tests.desk.entrance.conftest import HOME, browser, log_in
from tests.desk.entrance.test_second_factor import later

pytestmark = pytest.mark.django_db
KEYS = "/account/keys/"
ASKED = {"name": "Nightly mirror", "scopes": ["read", "webhooks"], "days": "90"}


def test_a_key_is_shown_once_and_works(at_desk: Any, jane: User, client: Client) -> None:
    page = at_desk().post(f"{KEYS}new/", ASKED)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    (text,) = re.findall(r'id="key">([^<]+)<', page.content.decode())
    answer = client.get("/api/v1/topics/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200
    listed = at_desk().get(KEYS).content.decode()
    key = ApiKey.objects.get()
    assert (key.prefix in listed, text in listed) == (True, False)
    assert "last used" in listed
    event = SecurityEvent.objects.get(kind="key_made")
    assert (event.person, event.address, event.means) == (jane, HOME, key.prefix)
    assert "API key made" in at_desk().get("/account/log/").content.decode()
    assert deliver()["sent"] == 1
    assert "API key made" in mail.outbox[0].body
    assert text not in mail.outbox[0].body


def test_it_is_revoked_with_one_press(at_desk: Any, jane: User, client: Client) -> None:
    here = at_desk()
    here.post(f"{KEYS}new/", ASKED)
    key = ApiKey.objects.get()
    end = f"{KEYS}{key.prefix}/revoke/"
    assert here.get(end).status_code == 405
    assert "opens nothing any more" in here.post(end, follow=True).content.decode()
    assert ApiKey.objects.get().revoked_at is not None
    assert "was revoked before" in here.post(end, follow=True).content.decode()
    assert SecurityEvent.objects.filter(kind="key_revoked", person=jane).count() == 1


@pytest.mark.parametrize(
    "changed", [{"name": ""}, {"scopes": []}, {"scopes": ["write"]}, {"days": "9999"}]
)
def test_what_is_wrong_comes_back(changed: dict[str, Any], at_desk: Any) -> None:
    assert at_desk().post(f"{KEYS}new/", {**ASKED, **changed}).status_code == 422
    assert ApiKey.objects.count() == 0


def test_nobody_sees_or_ends_the_key_of_another(at_desk: Any, jane: User) -> None:
    at_desk().post(f"{KEYS}new/", ASKED)
    key = ApiKey.objects.get()
    record.user("eve", is_staff=True)
    eve = browser()
    log_in(eve, "eve")
    assert "Nightly mirror" not in eve.get(KEYS).content.decode()
    assert eve.post(f"{KEYS}{key.prefix}/revoke/").status_code == 404
    assert ApiKey.objects.get().revoked_at is None
    stranger = browser()
    for address in (KEYS, f"{KEYS}new/"):
        assert stranger.get(address)["Location"].startswith("/account/login/?next="), address


def test_making_one_asks_again_who_it_is(at_desk: Any) -> None:
    client = at_desk()
    with later(minutes=10):
        assert client.get(KEYS).status_code == 200
        for method in ("get", "post"):
            asked = getattr(client, method)(f"{KEYS}new/", ASKED)
            assert asked["Location"].startswith("/account/confirm/?next="), method
    assert ApiKey.objects.count() == 0


def test_its_forms_need_their_mark(jane: User) -> None:
    client = browser(enforce_csrf_checks=True)
    client.force_login(jane)
    for address in ("new/", "ppt_a/revoke/"):
        assert client.post(f"{KEYS}{address}").status_code == 403


def test_an_administrator_revokes_and_moves_keys_at_the_desk(
    at_desk: Any, jane: User, client: Client
) -> None:
    at_desk().post(f"{KEYS}new/", ASKED)
    key = ApiKey.objects.get()
    client.force_login(record.user("chief", is_staff=True, is_superuser=True))
    step = f"/admin/accounts/apikey/{key.pk}/step/"
    moved = client.post(f"{step}move/", {"tier": "partner", "reason": "Mirrors us."})
    assert (moved.status_code, ApiKey.objects.get().tier) == (302, "partner")
    assert client.post(f"{step}revoke/", {"reason": ""}).status_code == 200
    assert ApiKey.objects.get().revoked_at is None
    assert client.post(f"{step}revoke/", {"reason": "Published."}).status_code == 302
    assert ApiKey.objects.get().revoked_at is not None
    assert "Published." in at_desk().get("/account/log/").content.decode()
