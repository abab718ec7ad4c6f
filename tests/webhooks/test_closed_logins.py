"""Whoever cannot log in any more is told nothing, nor again by coming back."""

from datetime import timedelta

import pytest

from promises.accounts.actions import close_login
from promises.accounts.models import User
from promises.accounts.security import MoreRightsThanYours
from promises.ledger.models import Entry
from promises.outbox.models import Delivery
from promises.webhooks.actions import add_endpoint, close_endpoint, open_endpoint
from promises.webhooks.feeding import read_ledger
from promises.webhooks.guards import LoginClosed
from promises.webhooks.models import Endpoint, Message
from tests import record
from tests.webhooks.conftest import NOW, Line

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def administrator(db: None) -> User:
    return record.user("administrator", is_superuser=True)


def closed_because(endpoint: Endpoint) -> tuple[object, str, str]:
    endpoint.refresh_from_db()
    return endpoint.disabled_at, endpoint.disabled_reason, endpoint.disabled_note


def test_a_closed_login_closes_its_webhooks_and_gives_up_what_waits(
    line: Line, author: User, administrator: User
) -> None:
    endpoint, other = line.opened(), line.opened("/other/")
    close_endpoint(endpoint=other, by=line.owner, now=NOW)
    theirs, _secret = add_endpoint(
        owner=author, url=line.receiver.url("/theirs/"), by=author, now=NOW
    )
    record.pledge(by=author)
    read_ledger(by=author, now=NOW)
    waiting = endpoint.messages.waiting().count()
    assert waiting > 0
    mails = Delivery.objects.count()
    stands = close_login(person=line.owner, reason="Left.", by=administrator, now=LATER)
    assert (stands.pk, stands.is_active) == (line.owner.pk, False)
    assert closed_because(endpoint) == (LATER, "login_closed", "")
    assert closed_because(other) == (NOW, "owner", "")
    assert closed_because(theirs) == (None, "", "")
    given_up = Message.objects.filter(endpoint=endpoint, set_aside_reason="closed")
    assert (endpoint.messages.waiting().count(), given_up.count()) == (0, waiting)
    # Nobody is written to at a login that is closed.
    assert Delivery.objects.count() == mails
    # Once more, it changes nothing.
    close_login(person=line.owner, reason="Left.", by=administrator, now=LATER + timedelta(hours=1))
    assert closed_because(endpoint) == (LATER, "login_closed", "")
    line.tick(LATER)
    assert {one.path for one in line.receiver.received} == {"/theirs/"}


def test_coming_back_opens_nothing_until_the_owner_does(
    line: Line, author: User, administrator: User
) -> None:
    endpoint = line.opened()
    close_login(person=line.owner, reason="Left.", by=administrator, now=NOW)
    for act in (
        lambda: open_endpoint(endpoint=endpoint, by=line.owner, now=LATER),
        lambda: line.opened("/another/"),
    ):
        with pytest.raises(LoginClosed) as error:
            act()
        assert str(error.value) == "Your login is closed: nothing is sent to you."
    assert Endpoint.objects.get() == endpoint
    assert closed_because(endpoint) == (NOW, "login_closed", "")
    User.objects.filter(pk=line.owner.pk).update(is_active=True)
    record.pledge(by=author)
    line.tick(LATER)
    assert line.told() == []
    assert closed_because(endpoint) == (NOW, "login_closed", "")
    open_endpoint(endpoint=endpoint, by=line.owner, now=LATER)
    edition = Entry.objects.count()
    record.pledge(by=author)
    line.tick(LATER)
    editions = [int(one.name.rpartition("_")[2]) for one in line.receiver.received]
    assert (line.told()[-1], min(editions) > edition) == ("pledge.published", True)


def test_who_has_fewer_rights_closes_nothing(line: Line, administrator: User) -> None:
    endpoint, _secret = add_endpoint(
        owner=administrator, url=line.receiver.url(), by=administrator, now=NOW
    )
    with pytest.raises(MoreRightsThanYours):
        close_login(person=administrator, reason="Left.", by=line.owner, now=LATER)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert closed_because(endpoint) == (None, "", "")
