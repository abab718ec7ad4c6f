"""The database ends the session of a round in the middle of a visit."""

import pytest
from django.db import OperationalError, connection

from promises.accounts.models import User
from promises.sources.checking import check_due
from promises.sources.models import LinkCheck
from tests.beside import end_sessions
from tests.sources.conftest import Clock, due_again, entered
from tests.sources.sites import Asked, Reply, Sites, story


@pytest.mark.django_db(transaction=True)
def test_it_says_nothing_of_the_source(sites: Sites, clock: Clock, by: User) -> None:
    restarts = [end_sessions]

    def behaviour(_asked: Asked) -> Reply:
        if restarts:
            restarts.pop()()
        return Reply(200, story())

    source = entered(sites, behaviour, by=by)
    with pytest.raises(OperationalError):
        check_due(by=by, clock=clock)
    # As a worker does between two tasks.
    connection.close()
    assert LinkCheck.objects.count() == 0
    due_again(source, clock.now)
    assert dict(check_due(by=by, clock=clock).verdicts) == {"ok": 1}
