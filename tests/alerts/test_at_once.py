"""Workers that tell followers at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from promises.alerts.models import News
from promises.outbox.models import Delivery
from promises.pledges.models import Pledge
from tests import record
from tests.alerts.followed import following, told


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Pledge]:
    """A pledge with 250 followers, each from a mailbox of its own, and one new rating."""
    author = record.user("author")
    made = record.pledge(by=author)
    for _ in range(250):
        following(made)
    record.published_update(by=author, of=made)
    return made


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_write_one_mail_each(committed: Pledge) -> None:
    def run(_: int) -> int:
        try:
            return told()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 250
    waiting = Delivery.objects.waiting()
    assert waiting.count() == 250
    assert len({delivery.address for delivery in waiting}) == 250
    assert News.objects.count() == 0
