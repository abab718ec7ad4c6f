"""What checks of links run in: sites on loopback that may be visited, and a clock of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from promises.accounts.models import User
from promises.sources.entering import follow_evidence
from promises.sources.models import Host, Source
from tests import record
from tests.sources.sites import NETWORK, Behaviour, Sites, put_up


@dataclass
class Clock:
    """The time of a simulation."""

    now: datetime = record.NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def by(db: None) -> User:
    return record.user()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sites(settings: Any) -> Iterator[Sites]:
    """Sites that may be visited although they are on this machine."""
    with put_up() as sites:
        settings.FETCH_ALLOWED_NETWORKS = [NETWORK]
        settings.FETCH_PORTS = [80, 443, sites.port]
        yield sites


def entered(
    sites: Sites, behaviour: Behaviour, *, by: User, url: str = "", **more: object
) -> Source:
    """Put up a site, and enter evidence with its address as a draft."""
    piece = record.draft_evidence(by=by, url=url or sites.add(behaviour), **more)
    follow_evidence(by=by, now=record.NOW)
    return Source.objects.select_related("host").get(evidence=piece)


def due_again(source: Source, now: datetime) -> None:
    """Let a source be due, and its server free, whatever was planned."""
    Source.objects.filter(pk=source.pk).update(next_check_at=now)
    Host.objects.filter(pk=source.host_id).update(next_visit_at=now, leased_until=None)
