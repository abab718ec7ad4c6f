"""Retries at the same moment, each on a connection of its own: no world in a transaction here."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from promises.accounts.models import User
from promises.suggestions.models import Suggestion
from tests.api.conftest import Api
from tests.api.keyed import bearer, key_of
from tests.api.resources.test_suggestions import GOOD


@pytest.mark.django_db(transaction=True)
def test_eight_retries_at_once_leave_one_suggestion(owner: User) -> None:
    named = {**bearer(key_of(owner, ["suggest"])), "Idempotency-Key": "once"}

    def send(_: int) -> str:
        try:
            return str(Api().send("suggestions/", GOOD, **named).json()["reference"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(send, range(8)))
    assert references == {Suggestion.objects.get().reference}
    assert Suggestion.objects.get().times_sent == 1
