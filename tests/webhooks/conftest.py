"""Endpoints of someone's program, and a record for it to be told of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from promises.accounts.models import User
from promises.webhooks.actions import add_endpoint
from promises.webhooks.feeding import read_ledger
from promises.webhooks.models import Endpoint
from promises.webhooks.sending import deliver_due
from tests import record
from tests.webhooks.receiver import Receiver

NOW = record.NOW


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver that may be visited although it is at home."""
    receiver = Receiver()
    settings.FETCH_PORTS, settings.FETCH_ALLOWED_NETWORKS = [receiver.port], ["127.0.0.1/32"]
    settings.WEBHOOKS_BY_HTTP = True
    yield receiver
    receiver.close()


@pytest.fixture
def owner(db: None) -> User:
    """Whose program it is."""
    return record.user("owner")


@dataclass
class Line:
    """What a worker does at each tick, at a moment of the test's choice."""

    owner: User
    receiver: Receiver
    secrets: dict[str, str] = field(default_factory=dict)

    def opened(self, path: str = "/", **more: Any) -> Endpoint:
        """Open an endpoint and remember its secret."""
        endpoint, secret = add_endpoint(
            owner=self.owner, url=self.receiver.url(path), by=self.owner, now=NOW, **more
        )
        self.secrets[endpoint.reference] = secret
        return endpoint

    def tick(self, now: datetime = NOW) -> int:
        """Read the ledger to its end and send what is due; return how many messages went."""
        while read_ledger(by=self.owner, now=now):
            pass
        return deliver_due(by=self.owner, clock=lambda: now)

    def told(self) -> list[str]:
        """Return the types of what arrived, in order."""
        return [one.told["type"] for one in self.receiver.received]


@pytest.fixture
def line(owner: User, receiver: Receiver) -> Line:
    return Line(owner, receiver)
