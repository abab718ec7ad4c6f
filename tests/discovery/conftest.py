"""A feed server on one local address, and settings that let readers go there and nowhere else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from promises.accounts.models import User
from tests import record
from tests.fetching.servers import HERE, Hostile


@pytest.fixture
def reader(db: None) -> User:
    """The account that reads feeds."""
    return record.user("reader")


@pytest.fixture
def serve(settings: LazySettings) -> Iterator[Callable[..., Hostile]]:
    """Start servers that are gone after the test, and may be visited."""
    running: list[Hostile] = []
    settings.FETCH_ALLOWED_NETWORKS = [f"{HERE}/32"]
    settings.FETCH_PORTS = [80, 443]

    def start(answer: Any) -> Hostile:
        running.append(Hostile(answer))
        settings.FETCH_PORTS = [*settings.FETCH_PORTS, running[-1].port]
        return running[-1]

    yield start
    for server in running:
        server.close()
