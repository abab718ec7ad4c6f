"""An import that says "not yet rated" brings no rating: it is not counted among those."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from promises.accounts.models import User
from tests import record
from tests.record import NOW
from tests.site import whole
from tests.site.reading import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "is_counted"), [("not_yet_rated", False), ("stalled", True)])
def test_only_ratings_are_counted_as_imported(
    client: Client, author: User, status: str, is_counted: bool
) -> None:
    pledge = record.pledge(by=author)
    whole.imported_update(by=author, of=pledge, status=status)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.status_is_provisional) == (status, True)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        for page in (f"/prosecutors/{pledge.person.slug}/", f"/topics/{pledge.topic.slug}/"):
            for asked in ("", "?as_of=2026-03-03"):
                said = "1 rating imported, not yet confirmed" in words(client.get(page + asked))
                assert (page, asked, said) == (page, asked, is_counted)
