"""Wherever the status of a stale pledge stands, the page says that it may be out of date."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from tests import record
from tests.record import NOW
from tests.record_requests.filed import request
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("due_on", "is_stale"), [(date(2026, 2, 1), True), (None, False)])
def test_it_stands_on_the_pages_of_what_bears_on_a_pledge(
    client: Client, author: User, due_on: date | None, is_stale: bool
) -> None:
    pledge = record.pledge(by=author, due_on=due_on)
    piece = record.evidence(by=author, about=pledge)
    record.published_update(by=author, of=pledge, assessed_on=NOW.date(), cited=piece)
    metric = whole.metric(by=author, about=pledge)
    asked = request(by=author, about=pledge)
    addresses = (
        f"/prosecutors/{pledge.person.slug}/",
        f"/evidence/{piece.slug}/",
        f"/metrics/{metric.slug}/",
        f"/record-requests/{asked.slug}/",
    )
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        said = {
            address: "may be out of date" in words(client.get(address)) for address in addresses
        }
    assert said == dict.fromkeys(addresses, is_stale)
