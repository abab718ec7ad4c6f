"""A feed server on one local address, and settings that let readers go there and nowhere else."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings

from promises.accounts.models import User
from tests import record
from tests.fetching.servers import Hostile, started


@pytest.fixture
def reader(db: None) -> User:
    """The account that reads feeds."""
    return record.user("reader")


@pytest.fixture
def serve(settings: LazySettings) -> Iterator[Callable[..., Hostile]]:
    """Start servers that are gone after the test, and may be visited."""
    settings.FETCH_PORTS = [80, 443]
    yield from started(settings)
