"""A client of the API, and a small world of records to ask it for."""

import json
from collections.abc import Iterator
from copy import deepcopy
from secrets import randbelow, token_hex
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from promises.accounts.models import User
from tests import record
from tests.api.world import World, build_world

# Where each kind of problem is explained.
DOCS = "http://127.0.0.1:8000/api/docs/#problem-"


class Api:
    """Asks the API as one client with an address of its own, so that no quota is shared."""

    def __init__(self) -> None:
        # By chance, not from the tests' seed: Redis outlives the tests and counts by network.
        self.address = f"2001:{token_hex(2)}:{token_hex(2)}:{token_hex(2)}::1"
        self.client = Client(REMOTE_ADDR=self.address)

    def ask(self, path: str, *, status: int = 200, method: str = "get", **headers: str) -> Any:
        """Return the answer to a request, which must have this status."""
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        response: HttpResponse = getattr(self.client, method)(path, headers=headers)
        assert response.status_code == status, response.content
        return response

    def send(
        self, path: str, body: Any, *, status: int = 201, method: str = "post", **headers: str
    ) -> Any:
        """Send JSON (or bytes as they are) and return the answer, which must have this status."""
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        data = body if isinstance(body, bytes) else json.dumps(body)
        kind = headers.pop("Content_Type", "application/json")
        send = getattr(self.client, method)
        response: HttpResponse = send(path, data, content_type=kind, headers=headers)
        assert response.status_code == status, response.content
        return response

    def read(self, path: str, **headers: str) -> Any:
        """Return the JSON of an answer with status 200."""
        return self.ask(path, **headers).json()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a list that fits on one page."""
        page = self.read(path)
        assert page["next"] is None
        return list(page["results"])

    def names(self, path: str, name: str = "slug") -> list[Any]:
        """Return one field of the rows of a list."""
        return [row[name] for row in self.rows(path)]

    def problem(self, path: str, status: int = 400, **more: Any) -> Any:
        """Return the problem that a request is answered with."""
        response = self.ask(path, status=status, **more)
        assert response["Content-Type"] == "application/problem+json"
        return response.json()


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def owner(db: None) -> User:
    """Whose keys are tried; the world has its own author.

    The number is by chance: Redis outlives the tests, serves all that run at once and counts by it.
    """
    return record.user("owner-of-keys", pk=10**9 + randbelow(10**9))


@pytest.fixture(autouse=True, scope="package")
def usual_settings() -> Iterator[None]:
    """What the expected answers assume, whatever the environment says."""
    usual = {
        "SITE_URL": "http://127.0.0.1:8000",
        "API_REQUESTS_PER_HOUR": 1000,
        "API_TIERS": {"standard": 10_000, "partner": 100_000},
    }
    with override_settings(**usual, TRUSTED_PROXIES=[]):
        yield


@pytest.fixture
def frozen_day() -> Iterator[None]:
    """Stop the clock at the moment of the records."""
    with time_machine.travel(record.NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def built_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The record, made once for a file; each test works in a savepoint behind it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(record.NOW, tick=False):
            built = build_world()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def world(built_world: World, db: None, frozen_day: None) -> World:
    """What the test may change as it likes."""
    return deepcopy(built_world)
