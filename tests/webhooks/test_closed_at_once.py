"""Whose login is closed in the same moment has no open webhook either, whoever comes first."""

from contextlib import suppress

import pytest

from promises.accounts.actions import close_login
from promises.webhooks.actions import add_endpoint, close_endpoint, open_endpoint
from promises.webhooks.guards import LoginClosed
from promises.webhooks.models import Endpoint
from tests import record
from tests.ledger.test_told_at_once import at_once
from tests.record import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("closes_first", [False, True], ids=["webhook", "login"])
@pytest.mark.parametrize("is_new", [False, True], ids=["again", "new"])
def test_a_webhook_opened_while_its_login_is_closed(is_new: bool, closes_first: bool) -> None:
    owner, administrator = record.user(), record.user(is_superuser=True)
    url = "https://hooks.example.org/told"
    kept, _secret = add_endpoint(owner=owner, url=url, by=owner, now=NOW)
    close_endpoint(endpoint=kept, by=owner, now=NOW)

    def open_one() -> None:
        with suppress(LoginClosed):
            if is_new:
                add_endpoint(owner=owner, url=f"{url}/too", by=owner, now=NOW)
            else:
                open_endpoint(endpoint=kept, by=owner, now=NOW)

    def close() -> None:
        close_login(person=owner, reason="Left.", by=administrator, now=NOW)

    at_once(*((close, open_one) if closes_first else (open_one, close)))
    owner.refresh_from_db()
    assert not owner.is_active
    assert not Endpoint.objects.open().filter(owner=owner).exists()
    # Refused where the login was closed first; else opened, and closed with it.
    assert Endpoint.objects.filter(owner=owner).count() == 1 + (is_new and not closes_first)
