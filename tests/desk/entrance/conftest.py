"""People before the desk, each with a browser, an address and perhaps an app with codes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from promises.accounts.models import User
from promises.accounts.rules import totp_code, totp_step
from tests import record

PASSWORD = "correct horse battery"  # what tests.record gives everybody
HOME = "198.51.100.7"
LOGIN = "/account/login/"


def browser(address: str = HOME, **more: Any) -> Client:
    """A browser at an address."""
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent, **more)


def log_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the form."""
    return client.post(LOGIN, {"login": name, "password": password, **more})


def code_of(secret: str) -> str:
    """What an app shows now."""
    return totp_code(secret, totp_step(datetime.now(UTC)))


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up an app as the page asks; return its key and the recovery codes."""
    page = client.get("/account/second-factor/app/")
    assert page.status_code == 200
    secret = "".join(page.context["groups"])
    done = client.post("/account/second-factor/app/", {"code": code_of(secret)}, follow=True)
    found = re.findall(r"<li>(\d{10})</li>", done.content.decode())
    assert len(found) == 10
    return secret, found


@pytest.fixture
def jane(db: None) -> User:
    """Someone who works on the record."""
    return record.user("jane", is_staff=True, is_superuser=True)


@pytest.fixture
def required(settings: Any) -> None:
    """As in production."""
    settings.SECOND_FACTOR = "required"


@pytest.fixture
def at_desk(jane: User) -> Callable[..., Client]:
    """Log Jane in, by password."""

    def entered(address: str = HOME) -> Client:
        client = browser(address)
        assert log_in(client, "jane").status_code == 302
        return client

    return entered
