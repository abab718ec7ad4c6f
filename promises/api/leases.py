"""Counts requests that are answered with what is ready: some taken from Redis, given out here.

Asking Redis for each would cost ten times the answer. A process takes a hundredth of what a client
has left and gives it out itself; so nobody ever gets more than the quota. What a process holds and
the client does not come back for is lost to them: at most a hundredth of their quota for each.
"""

import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from promises.api import limits
from promises.api.callers import ANONYMOUS, Caller, by_address
from promises.api.limits import Quota

# So many clients are known to a process at once.
MOST_CLIENTS = 10_000
_SHARE = 100
# So old may be what a 304 says of the quota, in seconds.
_FRESH = 1.0


@dataclass(frozen=True)
class _Request:
    """What is asked, as far as a quota needs to know, before there is a request of Django."""

    META: dict[str, Any]


@dataclass
class _Lease:
    """What this process may still give out to a client, and what is left in Redis besides."""

    held: int
    elsewhere: int
    ends_at: float
    told_at: float

    def is_good(self, now: float, is_unchanged: bool) -> bool:
        """Tell whether it says enough to answer without Redis; count the request if it costs."""
        if now >= self.ends_at:
            return False
        if is_unchanged:
            return now - self.told_at < _FRESH
        with _one_counts:
            if self.held:
                self.held -= 1
                return True
        return False

    def headers(self, now: float) -> list[tuple[str, str]]:
        """Return the headers that tell the client what is left."""
        left, resets_in = self.elsewhere + self.held, max(int(self.ends_at - now), 1)
        wait = "0" if left else str(resets_in)
        policy = _policy(settings.API_REQUESTS_PER_HOUR)
        return [policy, _left(left, resets_in), ("Retry-After", wait)]


_leases: dict[str, _Lease] = {}
_one_counts = threading.Lock()


def gate(environ: dict[str, Any], is_unchanged: bool) -> list[tuple[str, str]] | None:
    """Count a request that is answered with what is ready; 304 costs nothing, and needs no quota.

    Returns the headers that tell the caller their quota; None when it is used up, and the door
    says so.
    """
    if not limits.is_counted(environ["PATH_INFO"]):
        return list(limits.headers(_caller(environ), None).items())
    client, now = _client(environ), time.monotonic()
    lease = _leases.get(client)
    if lease is not None and lease.is_good(now, is_unchanged):
        return lease.headers(now)
    quota = _looked(environ, client, now) if is_unchanged else _taken(environ, client, now)
    if quota is not None and not quota.is_granted and not is_unchanged:
        return None
    return list(limits.headers(_caller(environ), quota).items())


def _caller(environ: dict[str, Any]) -> Caller:
    """Return who asks: what is ready is given to those without a key."""
    return by_address(cast(HttpRequest, _Request(environ)))


def _taken(environ: dict[str, Any], client: str, now: float) -> Quota | None:
    lease = _leases.get(client)
    wanted = max(lease.elsewhere // _SHARE, 1) if lease is not None else 1
    found = limits.take_some(_caller(environ), wanted)
    if found is None:
        return None
    taken, quota = found
    if not taken:
        return quota
    _keep(client, _Lease(taken - 1, quota.remaining, now + quota.resets_in, now))
    return Quota(True, quota.remaining + taken - 1, quota.resets_in)


def _keep(client: str, lease: _Lease) -> None:
    with _one_counts:
        if len(_leases) >= MOST_CLIENTS:
            _leases.clear()
        _leases[client] = lease


def _looked(environ: dict[str, Any], client: str, now: float) -> Quota | None:
    quota = limits.look(_caller(environ))
    if quota is None:
        return None
    lease = _leases.get(client)
    if lease is None or now >= lease.ends_at:
        _keep(client, _Lease(0, quota.remaining, now + quota.resets_in, now))
        return quota
    lease.elsewhere, lease.told_at = quota.remaining, now
    return Quota(quota.is_granted or lease.held > 0, quota.remaining + lease.held, quota.resets_in)


@lru_cache(maxsize=8)
def _policy(per_hour: int) -> tuple[str, str]:
    return "RateLimit-Policy", limits.headers(Caller(ANONYMOUS, per_hour, ""), None)[
        "RateLimit-Policy"
    ]


def _left(remaining: int, resets_in: int) -> tuple[str, str]:
    return "RateLimit", f'"{ANONYMOUS}";r={remaining};t={resets_in}'


def _client(environ: dict[str, Any]) -> str:
    """Return by which words a client is known here: what a proxy says counts only from ours."""
    address: str = environ.get("REMOTE_ADDR", "")
    if address in settings.TRUSTED_PROXIES:
        return f"{address} {environ.get('HTTP_X_FORWARDED_FOR', '')}"
    return address
