"""Counts requests that are answered with what is ready: some taken from Redis, given out here.

Asking Redis for each would cost ten times the answer. A process takes a hundredth of what a client
has left and gives it out itself; so nobody ever gets more than the quota. What a process holds and
the client does not come back for is lost to them: at most a hundredth of their quota for each.
"""

import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from promises.api import limits
from promises.api.callers import ANONYMOUS, Caller, by_address
from promises.api.limits import Quota
from promises.serving.rules import Headers

# So many clients are known to a process at once.
MOST_CLIENTS = 10_000
_SHARE = 100
# So old may be what a 304 says of the quota, in seconds.
_FRESH = 1.0


@dataclass(frozen=True)
class _Request:
    """What is asked, as far as a quota needs to know, before there is a request of Django."""

    META: dict[str, Any]


@lru_cache(maxsize=8)
def _policy(per_hour: int) -> tuple[str, str]:
    return "RateLimit-Policy", limits.headers(Caller(ANONYMOUS, per_hour, ""), None)[
        "RateLimit-Policy"
    ]


@dataclass
class _Lease:
    """What this process may still give out to a client, and what is left in Redis besides.

    What a 304 says is put into words once a second: to word it takes longer than all else here.
    """

    held: int
    elsewhere: int
    ends_at: float
    told_at: float
    policy: tuple[str, str] = field(default_factory=lambda: _policy(settings.API_REQUESTS_PER_HOUR))
    _said: Headers = field(default_factory=list)
    _said_until: float = 0.0

    def spent(self, now: float) -> Headers | None:
        """Take a request off what is held, and return its headers; None as in `unspent`."""
        if now >= self.ends_at:
            return None
        with _one_counts:
            if not self.held:
                return None
            self.held -= 1
            self._said_until = 0.0
        return self.headers(now)

    def unspent(self, now: float) -> Headers | None:
        """Return the headers of an answer that costs nothing; None where Redis has to be asked."""
        if now < self._said_until:
            return self._said
        if now >= min(self.ends_at, self.told_at + _FRESH):
            return None
        self._said = self.headers(now)
        next_second = self.ends_at - max(int(self.ends_at - now), 1)
        self._said_until = min(next_second, self.told_at + _FRESH)
        return self._said

    def headers(self, now: float) -> Headers:
        """Return the headers that tell the client what is left."""
        left, resets_in = self.elsewhere + self.held, max(int(self.ends_at - now), 1)
        said = f'"{ANONYMOUS}";r={left};t={resets_in}'
        return [self.policy, ("RateLimit", said), ("Retry-After", "0" if left else str(resets_in))]


_leases: dict[str, _Lease] = {}
_one_counts = threading.Lock()


def gate(environ: dict[str, Any], is_unchanged: bool) -> Headers | None:
    """Count a request that is answered with what is ready; 304 costs nothing, and needs no quota.

    Returns the headers that tell the caller their quota; None when it is used up, and the door
    says so.
    """
    is_free = is_unchanged or not limits.is_counted(environ["PATH_INFO"])
    client, now = _client(environ), time.monotonic()
    lease = _leases.get(client)
    if lease is not None:
        said = lease.unspent(now) if is_free else lease.spent(now)
        if said is not None:
            return said
    quota = _looked(environ, client, now) if is_free else _taken(environ, client, now)
    if quota is not None and not quota.is_granted and not is_free:
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


def _client(environ: dict[str, Any]) -> str:
    """Return by which words a client is known here: what a proxy says counts only from ours."""
    address: str = environ.get("REMOTE_ADDR", "")
    forwarded = environ.get("HTTP_X_FORWARDED_FOR")
    if forwarded is not None and address in settings.TRUSTED_PROXIES:
        return f"{address} {forwarded}"
    return address
