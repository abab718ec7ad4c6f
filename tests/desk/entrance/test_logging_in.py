"""Name and password: where one is led, what is said, what is kept."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from promises.accounts.models import SecurityEvent, User
from tests import record
from tests.desk.entrance.conftest import HOME, LOGIN, browser, log_in

pytestmark = pytest.mark.django_db


def log_of(person: User | None) -> list[tuple[str, str]]:
    events = SecurityEvent.objects.filter(person=person).order_by("pk")
    return list(events.values_list("kind", "means"))


def test_the_desk_leads_to_the_form_and_back(jane: User) -> None:
    client = browser()
    wanted = "/admin/pledges/pledge/?stale=yes"
    form = client.get(wanted, follow=True)
    assert [address for address, _status in form.redirect_chain] == [
        "/admin/login/?next=/admin/pledges/pledge/%3Fstale%3Dyes",
        "/account/login/?next=%2Fadmin%2Fpledges%2Fpledge%2F%3Fstale%3Dyes",
    ]
    assert form.context["redirect_field_value"] == wanted
    answer = log_in(client, "jane", next=wanted)
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200
    [event] = SecurityEvent.objects.all()
    assert (event.kind, event.means, event.person, event.by) == (
        "logged_in",
        "password",
        jane,
        None,
    )
    assert (event.address, "Firefox" in event.browser) == (HOME, True)


def test_without_a_wish_one_comes_to_the_desk_or_to_ones_login(jane: User) -> None:
    record.user("guest")
    assert log_in(browser(), "jane")["Location"] == "/admin/"
    guest = browser()
    assert log_in(guest, "guest")["Location"] == "/account/"
    assert guest.get("/admin/", follow=True).status_code == 403


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "http://testserver/admin/",
    "/admin/login/?next=/admin/login/",
    " //evil.example",
]


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_led_elsewhere(there: str, jane: User) -> None:
    client = browser()
    assert log_in(client, "jane", next=there)["Location"] == "/admin/"
    assert client.get("/admin/login/", {"next": there})["Location"] == "/admin/"
    assert client.get(LOGIN, {"next": there})["Location"] == "/admin/"
    assert client.post("/account/logout/", {"next": there})["Location"] == LOGIN


def test_a_refusal_says_the_same_of_everybody(jane: User) -> None:
    record.user("gone", is_active=False)
    robot = record.user("robot", is_service=True)
    robot.set_unusable_password()
    robot.save()
    # Whoever sets passwords on the desk can set one here too.
    record.user("service", is_service=True)
    pages = {
        name: log_in(browser(), name, password)
        for name, password in (
            ("jane", "wrong horse battery"),
            ("nobody", "wrong horse battery"),
            ("robot", "wrong horse battery"),
            ("service", "correct horse battery"),
            ("gone", "correct horse battery"),
        )
    }
    said = {name: page.context["form"].errors.as_json() for name, page in pages.items()}
    assert len(set(said.values())) == 1
    assert "This name and password do not belong together." in said["jane"]
    assert {page.status_code for page in pages.values()} == {200}
    assert [dict(page.client.cookies) for page in pages.values() if "session" in page.cookies] == []


def test_a_failure_is_kept_without_what_was_typed(jane: User) -> None:
    log_in(browser(), "jane", "my other password")
    # A password in the field of the name is not kept either.
    log_in(browser(), "my other password", "jane")
    assert (log_of(jane), log_of(None)) == (
        [("login_failed", "password")],
        [("login_failed", "password")],
    )
    kept = [value for row in SecurityEvent.objects.values() for value in row.values()]
    assert not [value for value in kept if "my other password" in str(value)]


def test_a_session_begins_anew_at_the_login(jane: User) -> None:
    planted = browser()
    planted.get("/account/password/new/x-set-password/")
    session = planted.session
    session["planted"] = "by someone else"
    session.save()
    before = session.session_key
    planted.cookies["session"] = before
    log_in(planted, "jane")
    assert planted.cookies["session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_every_form_needs_its_mark(jane: User) -> None:
    client = browser(enforce_csrf_checks=True)
    assert log_in(client, "jane").status_code == 403
    assert SecurityEvent.objects.count() == 0
    client.force_login(jane)
    for address in ("sessions/others/end/", "sessions/1/end/", "logout/", "second-factor/app/"):
        assert client.post(f"/account/{address}").status_code == 403, address


def test_the_cookies_are_closed_to_scripts_and_other_sites(jane: User) -> None:
    client = browser()
    cookies = log_in(client, "jane").cookies
    assert {
        name: (c["httponly"], c["samesite"]) for name, c in cookies.items() if name != "csrf"
    } == {
        "session": (True, "Lax"),
        "device": (True, "Lax"),
    }
    assert cookies["session"]["max-age"] == 12 * 3600


def test_nobody_signs_up(client: Client) -> None:
    for address in ("signup/", "signup/passkey/", "email/", "login/code/", "confirm-email/"):
        assert client.get(f"/account/{address}").status_code == 404, address


def test_leaving_is_kept(at_desk: Any, jane: User) -> None:
    for address in ("/admin/logout/", "/account/logout/"):
        client = at_desk()
        assert client.post(address)["Location"] == LOGIN
        assert client.get("/account/").status_code == 302
    assert [kind for kind, _means in log_of(jane)] == ["logged_in", "logged_out"] * 2
    assert jane.usersession_set.count() == 0


def test_the_pages_of_the_library_that_show_secrets_are_not_on_the_desk(at_desk: Any) -> None:
    client = at_desk()
    for table in ("mfa/authenticator", "account/emailaddress", "usersessions/usersession"):
        assert client.get(f"/admin/{table}/").status_code == 404


def test_it_goes_on_without_redis(jane: User, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": settings.REDIS_URL,
        }
    }
    for _number in range(10):
        assert log_in(browser(), "jane", "wrong").status_code == 200
    assert "Too many attempts" in log_in(browser(), "jane").content.decode()
    assert log_in(browser("203.0.113.5"), "jane").status_code == 302
