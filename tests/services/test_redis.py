"""The embedded Redis: closed to others, clean after a crash."""

from collections.abc import Callable

import pytest
from redis import AuthenticationError
from redis import Redis as Client

from tracker.services.redis import Redis

Make = Callable[[], Redis]


def test_answers_only_with_the_password(redis: Make) -> None:
    address = redis().start()
    with Client.from_url(address) as client:
        client.set("a", "b")
        assert client.get("a") == b"b"
        port = client.connection_pool.connection_kwargs["port"]
    with Client(port=port) as stranger, pytest.raises(AuthenticationError):
        stranger.get("a")


def test_restart_keeps_the_address_and_nothing_else(redis: Make) -> None:
    server = redis()
    address = server.start()
    with Client.from_url(address) as client:
        client.set("a", "b")
    server.stop()
    assert redis().start() == address
    with Client.from_url(address) as client:
        assert client.get("a") is None


def test_server_of_a_killed_launcher_is_replaced(redis: Make) -> None:
    forgotten = redis()
    address = forgotten.start()
    assert redis().start() == address
    assert forgotten.child is not None
    assert forgotten.child.wait(5) == 0
