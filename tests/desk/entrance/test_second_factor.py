"""The second factor: set up, asked for, lost, taken away."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from promises.accounts.models import SecurityEvent, User
from promises.outbox.tasks import deliver
from tests import record
from tests.desk import sent
from tests.desk.entrance.conftest import browser, code_of, log_in, set_up_app

pytestmark = pytest.mark.django_db
STEP = "/account/second-factor/"


def later(**more: Any) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**more), tick=True)


def test_the_desk_opens_once_a_second_factor_is_set_up(required: None, jane: User) -> None:
    client = browser()
    wanted = "/admin/pledges/pledge/"
    assert log_in(client, "jane", next=wanted).status_code == 302
    led = client.get(wanted, follow=True)
    assert led.redirect_chain[-1][0] == f"{STEP}needed/?next=%2Fadmin%2Fpledges%2Fpledge%2F"
    assert "One more step before the desk opens" in led.content.decode()
    # No other address lets one in.
    for address in ("", "pledges/pledge/add/", "autocomplete/", "jsi18n/", "ledger/entry/"):
        assert client.get(f"/admin/{address}")["Location"].startswith("/admin/login/"), address
    assert client.post(f"{wanted}add/", {"title": "x"}).status_code == 302
    set_up_app(client)
    assert client.get(wanted).status_code == 200
    assert Authenticator.objects.filter(user=jane).count() == 2


def test_every_login_asks_for_the_code_and_a_code_counts_once(
    required: None, at_desk: Any, jane: User
) -> None:
    secret, _codes = set_up_app(at_desk())
    with later(minutes=2):
        client = browser()
        assert log_in(client, "jane", next="/admin/")["Location"] == STEP
        assert client.get("/admin/").status_code == 302
        assert client.get("/account/").status_code == 302
        wrong = client.post(STEP, {"code": "000000"})
        assert "This code is not right, or it has been used." in wrong.content.decode()
        code = code_of(secret)
        # As some keyboards write it: the usual refusal.
        wide = code.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})
        for odd in (wide, f"{code[:5]}é", "é" * 6):
            refused = client.post(STEP, {"code": odd})
            assert refused.status_code == 200, odd
            assert "This code is not right, or it has been used." in refused.content.decode()
        assert client.get("/admin/").status_code == 302
        assert client.post(STEP, {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200
        # The same code, somewhere else, in the same half minute.
        other = browser()
        log_in(other, "jane")
        assert other.post(STEP, {"code": code}).status_code == 200
        assert other.get("/admin/").status_code == 302
    newest = SecurityEvent.objects.order_by("-pk").values_list("kind", "means")
    assert list(newest[:3]) == [
        ("login_failed", "totp"), ("logged_in", "password+totp"), ("login_failed", "totp"),
    ]  # fmt: skip


def test_a_recovery_code_counts_once(required: None, at_desk: Any, jane: User) -> None:
    _secret, codes = set_up_app(at_desk())
    for expected in (302, 200):
        client = browser()
        log_in(client, "jane")
        assert client.post(STEP, {"code": codes[3]}).status_code == expected
    assert SecurityEvent.objects.filter(means="password+recovery_codes").count() == 1
    page = at_desk().get("/account/second-factor/codes/")
    assert page.status_code == 302


def test_recovery_codes_are_shown_once(at_desk: Any) -> None:
    client = at_desk()
    _secret, codes = set_up_app(client)
    again = client.get(f"{STEP}codes/").content.decode()
    assert "10 codes are left" in again
    assert not [code for code in codes if code in again]
    with later(hours=1):
        asked = client.post(f"{STEP}codes/new/")
        assert asked["Location"].startswith("/account/confirm/?next=")
    new = client.post(f"{STEP}codes/new/", follow=True).content.decode()
    assert new.count("<li>") >= 10
    assert not [code for code in codes if code in new]


def test_secrets_are_locked_in_the_database(at_desk: Any, jane: User, settings: Any) -> None:
    client = at_desk()
    secret, codes = set_up_app(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [word for word in (secret, *codes) if word in kept]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    with later(minutes=2):
        client = browser()
        log_in(client, "jane")
        assert client.post(STEP, {"code": code_of(secret)}).status_code == 302
        # Without the old key no code is right, least of all one that an empty key would give.
        settings.SECRET_KEY_FALLBACKS = []
        client = browser()
        log_in(client, "jane")
        assert client.post(STEP, {"code": code_of(secret)}).status_code == 200


def test_a_session_from_before_does_not_do(at_desk: Any, jane: User, settings: Any) -> None:
    old, here = at_desk(), at_desk()
    assert old.get("/admin/").status_code == 200
    secret, _codes = set_up_app(here)
    settings.SECOND_FACTOR = "required"
    assert here.get("/admin/").status_code == 200
    led = old.get("/admin/", follow=True)
    assert led.redirect_chain[-1][0].startswith(f"{STEP}confirm/?next=")
    with later(minutes=2):
        done = old.post(f"{STEP}confirm/", {"code": code_of(secret), "next": "/admin/"})
        assert done["Location"] == "/admin/"
        assert old.get("/admin/").status_code == 200
    # A session made without any login does not do either.
    forced = Client()
    forced.force_login(jane)
    assert forced.get("/admin/").status_code == 302


def test_changing_factors_asks_again_who_it_is(at_desk: Any) -> None:
    client = at_desk()
    set_up_app(client)
    with later(minutes=10):
        for address in ("second-factor/app/remove/", "second-factor/codes/new/", "passkeys/add/"):
            asked = client.get(f"/account/{address}")
            assert asked["Location"].startswith("/account/confirm/?next="), address
        wrong = client.post("/account/confirm/", {"password": "wrong"})
        assert wrong.status_code == 200
        address = f"{STEP}app/remove/"
        right = client.post(
            "/account/confirm/", {"password": "correct horse battery", "next": address}
        )
        assert right["Location"] == address
        assert client.post(address).status_code == 302
    assert Authenticator.objects.count() == 0


# allauth tells of an app once it is committed.
@pytest.mark.django_db(transaction=True)
def test_a_change_is_kept_and_its_owner_told(at_desk: Any, jane: User) -> None:
    client = at_desk()
    set_up_app(client)
    client.post(f"{STEP}app/remove/")
    kinds = list(SecurityEvent.objects.order_by("pk").values_list("kind", "means"))
    assert kinds == [
        ("logged_in", "password"), ("factor_added", "totp"), ("factor_removed", "totp"),
    ]  # fmt: skip
    assert mail.outbox == []
    assert (deliver()["sent"], deliver()["sent"]) == (2, 0)
    assert [letter.subject for letter in mail.outbox] == ["Your login was changed"] * 2
    assert mail.outbox[0].to == ["jane@example.org"]
    assert "The login jane: second factor added" in mail.outbox[0].body
    assert "From the address 198.51.100.7." in mail.outbox[0].body


def test_an_administrator_removes_a_lost_factor_and_says_why(
    at_desk: Any, jane: User, client: Client
) -> None:
    browser_of_jane = at_desk()
    set_up_app(browser_of_jane)
    chief = record.user("chief", is_staff=True, is_superuser=True)
    client.force_login(chief)
    page = client.get(f"/admin/accounts/user/{jane.pk}/change/").content.decode()
    assert "Remove the second factor" in page
    step = f"/admin/accounts/user/{jane.pk}/step/remove-second-factor/"
    assert sent.step(client, step, reason="").status_code == 200
    assert Authenticator.objects.count() == 2
    assert sent.step(client, step, reason="Lost her phone, called back.").status_code == 302
    assert Authenticator.objects.count() == 0
    assert browser_of_jane.get("/admin/").status_code == 302
    event = SecurityEvent.objects.filter(by=chief).get()
    assert (event.kind, event.person, event.reason) == (
        "factor_removed", jane, "Lost her phone, called back.",
    )  # fmt: skip
    deliver()
    assert "Done by Chief: Lost her phone, called back." in mail.outbox[-1].body
    assert "Lost her phone, called back." in at_desk().get("/account/log/").content.decode()
    again = sent.step(client, step, reason="Once more.")
    assert "This login has no second factor." in again.content.decode()


def test_nobody_takes_a_factor_from_themselves_or_from_someone_with_more_rights(
    at_desk: Any, jane: User, client: Client
) -> None:
    from django.contrib.auth.models import Permission

    own = at_desk()
    set_up_app(own)
    step = f"/admin/accounts/user/{jane.pk}/step/remove-second-factor/"
    refused = sent.step(own, step, reason="Mine.")
    assert "Change your own login on its own page" in refused.content.decode()
    clerk = record.user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client.force_login(clerk)
    for name in ("remove-second-factor", "end-sessions", "invite", "close", "open"):
        there = f"/admin/accounts/user/{jane.pk}/step/{name}/"
        assert client.post(there, {"reason": "Because."}).status_code == 403
    assert Authenticator.objects.filter(user=jane).count() == 2
