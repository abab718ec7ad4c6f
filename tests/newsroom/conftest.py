"""Items of all three kinds, on a day long past: the server's clock is asked about embargoes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.newsroom.models import Item
from promises.updates.actions import approve_status_update, submit_status_update
from promises.updates.models import StatusUpdate
from tests import record

NOW = datetime(2024, 5, 6, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS = ("pledge", "evidence", "status_update")


def draft(kind: str, by: User, **more: str) -> Item:
    """A draft of this kind."""
    match kind:
        case "pledge":
            return record.draft_pledge(by=by, now=NOW, **more)
        case "evidence":
            return record.draft_evidence(by=by, now=NOW, **more)
        case _:
            of = record.pledge(by=by, now=NOW)
            return record.draft_update(by=by, of=of, now=NOW, **more)


def approved_update(by: User, **more: str) -> StatusUpdate:
    """A status update that could be published at once."""
    update = record.draft_update(by=by, of=record.pledge(by=by, now=NOW), now=NOW, **more)
    update = submit_status_update(update=update, by=by, now=NOW)
    approve_status_update(update=update, by=record.user(), now=NOW)
    return update


def ready(kind: str, by: User) -> Item:
    """An item of this kind that could be published at once."""
    return approved_update(by) if kind == "status_update" else draft(kind, by)


@pytest.fixture
def editor(db: None) -> User:
    """A person beside the author, with every right of the desk."""
    return record.user("editor", is_staff=True, is_superuser=True)


@pytest.fixture
def clock(db: None) -> User:
    """Who signs what is set aside."""
    return service_account(name="publication-clock", display_name="Planned publication")


@pytest.fixture(params=KINDS)
def item(request: pytest.FixtureRequest, author: User) -> Item:
    """One item of each kind that could be published at once."""
    return ready(request.param, author)


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Callable[[User], Item]:
    """Make an item of each kind."""
    return lambda by: ready(request.param, by)
