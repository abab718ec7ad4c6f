"""What machines ask: alive, ready, what may be crawled."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from promises.accounts.models import User
from promises.common.clock import database_clock
from promises.staleness.actions import sweep_stale
from promises.staleness.models import Sweep
from tests.conftest import without_database


@pytest.fixture
def swept(author: User) -> None:
    """A sweep that has just finished."""
    sweep_stale(by=author, now=timezone.now())


def with_a_fault(*_arguments: Any) -> None:
    """Answer every query with something that must never happen."""
    raise ValueError("a fault of ours")


SAYS_503 = "The record cannot be read at the moment"
SAYS_503_ES = "Por el momento no se puede leer el registro"


def test_healthz_needs_neither_database_nor_redis(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    # No django_db mark: a query would fail this test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.usefixtures("swept")
def test_ready_with_a_database_a_real_redis_and_a_fresh_sweep(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    answer = response.json()
    assert answer["ready"] is True
    assert answer["checks"]["database"] == {"ok": True}
    assert answer["checks"]["redis"] == {"ok": True}
    assert answer["checks"]["last_sweep"]["ok"] is True
    assert 0 <= answer["checks"]["last_sweep"]["age_seconds"] < 60
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_before_the_first_sweep(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BACKUPS = str(tmp_path)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "checks": {
            "database": {"ok": True},
            "disk": {"ok": True},
            "writes": {"ok": True},
            "redis": {"ok": True},
            "last_sweep": {"ok": False, "finished_at": None, "age_seconds": None},
        },
        "last_backup": None,
        "last_drill": None,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status"), [(170, 200), (181, 503)])
def test_a_sweep_may_be_three_intervals_old(
    client: Client, author: User, age: int, status: int
) -> None:
    sweep_stale(by=author, now=timezone.now())
    Sweep.objects.update(finished_at=database_clock() - timedelta(seconds=age))
    # The clock of this host counts for nothing.
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        response, page = client.get("/readyz"), client.get("/stale/").text
    assert response.status_code == status
    assert ("The next ones have not run" in page) == (status == 503)
    assert age <= response.json()["checks"]["last_sweep"]["age_seconds"] < age + 9


@pytest.mark.usefixtures("swept")
def test_not_ready_without_redis(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://user:secret@127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    answer = response.json()
    assert answer["checks"]["redis"] == {"ok": False}
    assert answer["checks"]["database"] == {"ok": True}
    assert b"secret" not in response.content


@pytest.mark.usefixtures("swept")
def test_not_ready_without_the_database_but_answers(client: Client) -> None:
    with connection.execute_wrapper(without_database):
        response = client.get("/readyz")
    assert response.status_code == 503
    checks = response.json()["checks"]
    assert checks["database"] == {"ok": False}
    assert checks["redis"] == {"ok": True}
    # What only the database knows is not known, which is not the same as wrong.
    assert checks["disk"] == checks["writes"] == {"ok": None}
    assert checks["last_sweep"] == {"ok": None, "finished_at": None, "age_seconds": None}
    assert b"closed the connection" not in response.content


def test_robots_may_read_everything_but_the_desk_and_searches(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /account/\nDisallow: /search/\n"
        "Disallow: /es/search/\n\n"
        "Sitemap: http://127.0.0.1:8000/sitemap.xml\n"
    )
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_every_address_for_language_models_answers(client: Client) -> None:
    response = client.get("/llms.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("# Prosecutor Promise Tracker\n\n> ")
    addresses = re.findall(r"\]\(http://127\.0\.0\.1:8000(/[^)]*)\)", text)
    assert len(addresses) == 13
    assert "`manage.py mcp`" in text
    assert {client.get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize(("prefix", "says"), [("", SAYS_503), ("/es", SAYS_503_ES)])
@pytest.mark.django_db
def test_a_page_that_needs_the_database_says_to_come_back(
    client: Client, prefix: str, says: str
) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(without_database):
        response = client.get(f"{prefix}/pledges/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert f"<h1>{says}</h1>" in response.content.decode()
    assert b"closed the connection" not in response.content
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_page_that_breaks_is_a_plain_500(client: Client) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(with_a_fault):
        response = client.get("/pledges/")
    assert response.status_code == 500
    assert b"<h1>Something broke on our side</h1>" in response.content
    assert b"a fault of ours" not in response.content


def test_a_foreign_host_is_a_plain_400(client: Client) -> None:
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert b"<h1>This address makes no sense here</h1>" in response.content
