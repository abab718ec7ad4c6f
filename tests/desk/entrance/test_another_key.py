"""SECRET_KEY is another one and the one before a fallback: nobody notices.

Processes start again one after the other, so for some minutes two of them have different keys.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from promises.accounts.models import User
from tests import record
from tests.alerts.followed import ask, deliver, links
from tests.desk.entrance.conftest import browser

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def change_key(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, long and with nothing in it that anybody would guess"


OLD, NEW = "the key so far, long and random", "the key from now on, long and random"
# The keys of a process at each step: docs/operations.md.
BEFORE, KNOWN, CHANGED = (OLD, []), (OLD, [NEW]), (NEW, [OLD])
SIDE_BY_SIDE = [(BEFORE, KNOWN), (KNOWN, BEFORE), (KNOWN, CHANGED), (CHANGED, KNOWN)]
Keys = tuple[str, list[str]]


def be(settings: Any, keys: Keys) -> None:
    """Act as a process that started with these keys."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys


@pytest.mark.parametrize(("one", "other"), SIDE_BY_SIDE)
def test_whoever_is_served_by_both_in_turn_stays_in(
    at_desk: Any, settings: Any, one: Keys, other: Keys
) -> None:
    be(settings, BEFORE)
    client = at_desk()
    for keys in (one, other, one, other):
        be(settings, keys)
        assert client.get("/admin/").status_code == 200


def test_whoever_is_served_by_one_that_does_not_know_the_new_key_is_out(
    at_desk: Any, settings: Any
) -> None:
    """Why it takes two steps."""
    be(settings, BEFORE)
    client = at_desk()
    for keys, status in ((CHANGED, 200), (BEFORE, 302)):
        be(settings, keys)
        assert client.get("/admin/").status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), SIDE_BY_SIDE)
def test_links_of_a_worker_with_the_one_keys_open_at_a_web_with_the_others(
    client: Client, author: User, settings: Any, one: Keys, other: Keys
) -> None:
    be(settings, one)
    ask(record.pledge(by=author), address="jane@example.org")
    deliver()
    be(settings, other)
    deliver()
    (letter,) = mail.outbox
    for address in links(str(letter.body)).values():
        assert client.get(urlsplit(address).path).status_code == 200


def test_sessions_and_open_forms_go_on(at_desk: Any, settings: Any) -> None:
    entered = at_desk()
    client = browser(enforce_csrf_checks=True)
    client.cookies = entered.cookies
    form = TOKEN.search(client.get("/admin/").content.decode())
    assert form is not None
    change_key(settings)
    assert client.get("/admin/").status_code == 200
    given = {"csrfmiddlewaretoken": form[1]}
    assert client.post("/account/logout/", given).status_code == 302


@pytest.mark.parametrize("has_left", [True, False])
def test_links_of_mails_work_whether_they_left_before_or_after(
    client: Client, author: User, settings: Any, has_left: bool
) -> None:
    ask(record.pledge(by=author), address="jane@example.org")
    if has_left:
        deliver()
    change_key(settings)
    if not has_left:
        deliver()
    (letter,) = mail.outbox
    found = links(str(letter.body))
    assert found
    for address in found.values():
        assert client.get(urlsplit(address).path).status_code == 200
