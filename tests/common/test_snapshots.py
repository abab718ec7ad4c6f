"""A moment of the database that is read for as long as it takes."""

import time

import pytest
from django.db import Error, connection, transaction

from promises.accounts.models import User
from promises.common.snapshots import snapshot
from tests import record


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_one_moment_is_not_taken_for_gone() -> None:
    record.user("author")
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = 20")
    try:
        with snapshot():
            time.sleep(0.2)
            assert User.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("20ms",)
        with pytest.raises(Error):
            _stand_idle()
    finally:
        connection.close()


def _stand_idle() -> None:
    with transaction.atomic():
        list(User.objects.all())
        time.sleep(0.2)
        list(User.objects.all())
