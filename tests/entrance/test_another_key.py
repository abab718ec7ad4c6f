"""SECRET_KEY is another one and the one before a fallback: nobody notices."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from promises.accounts.models import User
from tests import record
from tests.alerts.followed import ask, deliver, links
from tests.entrance.conftest import browser

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def change_key(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, long and with nothing in it that anybody would guess"


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
