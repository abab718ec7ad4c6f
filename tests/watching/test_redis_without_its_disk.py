"""A Redis that reads and takes nothing, since it cannot save: whoever watches is told."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from redis import Redis, ResponseError

from tracker.services.redis import Redis as Server
from tracker.services.state import Profile


@pytest.fixture
def refusing(tmp_path: Path) -> Iterator[str]:
    """The address of one that refuses every write (MISCONF)."""
    profile = Profile(tmp_path, "test")
    profile.prepare()
    server = Server(profile)
    address = server.start()
    shutil.rmtree(server.home)
    with Redis.from_url(address) as client:
        client.config_set("save", "1 1")
        client.bgsave()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                client.set("nothing", "kept")
            except ResponseError:
                break
            time.sleep(0.05)
        with pytest.raises(ResponseError, match="MISCONF"):
            client.set("nothing", "kept")
    yield address
    server.stop()


@pytest.mark.django_db
def test_one_that_takes_nothing_is_not_up(client: Client, refusing: str, settings: Any) -> None:
    settings.REDIS_URL = refusing
    assert client.get("/readyz").json()["checks"]["redis"] == {"ok": False}
    assert "\ntracker_redis_up 0\n" in client.get("/internal/metrics").content.decode()
