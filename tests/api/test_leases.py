"""What a process has taken of a client's quota, to give out without a question to Redis."""

from time import monotonic
from typing import Any

from promises.api import leases, limits
from tests.serving.conftest import an_address


def test_what_is_left_of_an_hour_that_is_over_is_neither_told_nor_asked_for_each_time(
    settings: Any,
) -> None:
    settings.API_REQUESTS_PER_HOUR = 300
    environ = {"REMOTE_ADDR": an_address(), "PATH_INFO": "/api/v1/pledges/"}
    caller = leases._caller(environ)

    def left(is_unchanged: bool) -> int:
        headers = dict(leases.gate(environ, is_unchanged) or [])
        return int(headers["RateLimit"].split("r=")[1].split(";")[0])

    assert [left(False) for _ in range(3)] == [299, 298, 297]
    # What is told of 304 again and again is told anew once a request was counted.
    said = [left(is_unchanged) for is_unchanged in (True, True, False, True, False)]
    assert said == [297, 297, 296, 296, 295]
    # The hour is over, here and in Redis.
    leases._leases[environ["REMOTE_ADDR"]].ends_at = monotonic() - 1
    limits._redis(settings.REDIS_URL).client.delete(caller.counter)
    assert left(True) == 300
    assert limits.take_some(caller, 100) is not None
    # What was told lately is told again without a question.
    leases._leases[environ["REMOTE_ADDR"]].told_at = monotonic()
    assert left(True) == 300


def test_what_is_ready_says_when_to_ask_again(settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 3
    environ = {"REMOTE_ADDR": an_address(), "PATH_INFO": "/api/v1/pledges/"}

    def wait(is_unchanged: bool) -> int:
        return int(dict(leases.gate(environ, is_unchanged) or [])["Retry-After"])

    assert [wait(True), wait(False), wait(True), wait(False)] == [0, 0, 0, 0]
    hour = range(3590, 3601)
    # With the last request, and of what is unchanged when none is left.
    assert wait(False) in hour
    assert leases.gate(environ, False) is None
    assert wait(True) in hour
    free = dict(leases.gate({**environ, "PATH_INFO": "/api/docs/"}, False) or [])
    assert (free["RateLimit"].split(";")[1], int(free["Retry-After"]) in hour) == ("r=0", True)
