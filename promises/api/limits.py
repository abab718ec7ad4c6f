"""How many requests an hour a caller may make: counted in Redis, in one step.

Redis may lose the count or be away: then requests are served without a limit.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from promises.api.callers import Caller, caller_of
from promises.common.impatient import ImpatientRedis

if TYPE_CHECKING:
    from redis import Redis

WINDOW = 3600
# A Redis that does not answer must not make every request wait for it, in seconds.
_PATIENCE = 0.25
# What says how to ask is no question.
_UNCOUNTED = ("/api/docs/", "/api/schema/")

# How many requests of the hour are used. What is no count of ours, or would stay longer, is none.
_USED = f"""
local kept = redis.pcall('GET', KEYS[1])
local is_ours = type(kept) == 'string' and #kept < 12 and kept:match('^%d+$')
local lasts = redis.call('TTL', KEYS[1])
if not is_ours or lasts < 0 or lasts > {WINDOW} then
    redis.call('DEL', KEYS[1])
    kept = '0'
end
local used = tonumber(kept)
"""
# Takes some requests off the quota, or as many as there are. Returns how many were taken, how many
# are left, and the seconds until the quota is full again. One script, so that fifty clients at
# once cannot pass between its lines.
_TAKE = (
    _USED
    + """
local taken = math.min(tonumber(ARGV[3]), math.max(tonumber(ARGV[1]) - used, 0))
if taken > 0 then
    used = redis.call('INCRBY', KEYS[1], taken)
    if used == taken then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
end
return {taken, math.max(tonumber(ARGV[1]) - used, 0), redis.call('TTL', KEYS[1])}
"""
)
# Says the same and takes nothing.
_LOOK = (
    _USED
    + """
local left = tonumber(ARGV[1]) - used
local resets_in = redis.call('TTL', KEYS[1])
if resets_in < 0 then resets_in = tonumber(ARGV[2]) end
return {left > 0 and 1 or 0, math.max(left, 0), resets_in}
"""
)
# Gives one back; after the hour there is nothing to give it back to.
_GIVE_BACK = (
    _USED
    + """
if used > 0 then redis.call('DECR', KEYS[1]) end
"""
)


@dataclass(frozen=True)
class Quota:
    """What is left to a client after this request."""

    is_granted: bool
    remaining: int
    resets_in: int

    def given_back(self) -> "Quota":
        """Return the quota as it is when this request costs nothing."""
        return Quota(self.is_granted, self.remaining + 1, self.resets_in)

    @property
    def wait(self) -> int:
        """How many seconds until a request is granted again; 0 while one is."""
        return 0 if self.remaining else self.resets_in


def is_counted(path: str) -> bool:
    """Tell whether reading at an address takes something off its caller's quota."""
    return not path.startswith(_UNCOUNTED)


def take(request: HttpRequest) -> Quota | None:
    """Count a request of a caller. Return None where nothing can be counted."""
    found = take_some(caller_of(request), 1)
    return found and found[1]


def take_some(caller: Caller, wanted: int) -> tuple[int, Quota] | None:
    """Take so many requests of a caller off its quota, or fewer; None as for take."""
    answer = _run(_TAKE, caller.counter, caller.quota, WINDOW, wanted)
    if answer is None:
        return None
    taken, remaining, resets_in = answer
    return taken, Quota(bool(taken), remaining, max(resets_in, 1))


def may_ask_for_news(request: HttpRequest) -> bool:
    """Tell whether one whose quota is used up may hear that nothing has changed; count the asking.

    That costs nothing, and what is ready says so to everybody. For whoever comes with a key it is
    made, and so not without end: once more as often as their quota.
    """
    caller = caller_of(request)
    if caller.key is None or request.method not in {"GET", "HEAD"}:
        return False
    if "If-None-Match" not in request.headers:
        return False
    found = take_some(replace(caller, counter=f"{caller.counter}:unchanged"), 1)
    return found is not None and found[1].is_granted


def give_back(request: HttpRequest) -> None:
    """Take back the count of a request that cost nothing."""
    _run(_GIVE_BACK, caller_of(request).counter)


def look(caller: Caller) -> Quota | None:
    """Return what is left to a caller, and take nothing. None where nothing can be counted."""
    answer = _run(_LOOK, caller.counter, caller.quota, WINDOW)
    if answer is None:
        return None
    granted, remaining, resets_in = answer
    return Quota(bool(granted), remaining, max(resets_in, 1))


def headers(caller: Caller, quota: Quota | None) -> dict[str, str]:
    """Return the headers that tell a caller its quota (IETF draft of RateLimit headers).

    Retry-After says how soon they may ask again: at once where nobody counts.
    """
    policy = {"RateLimit-Policy": f'"{caller.policy}";q={caller.quota};w={WINDOW}'}
    if quota is None:
        return {**policy, "Retry-After": "0"}
    left = f'"{caller.policy}";r={quota.remaining};t={quota.resets_in}'
    return {**policy, "RateLimit": left, "Retry-After": str(quota.wait)}


@cache
def _redis(address: str) -> ImpatientRedis:
    return ImpatientRedis(address, patience=_PATIENCE, without="Requests are not counted")


def _run(script: str, key: str, *arguments: int) -> list[int] | None:
    """Run a script on one key. Return None when Redis cannot be reached."""

    def run(client: "Redis") -> list[int]:
        answer: list[int] = client.register_script(script)(keys=[key], args=arguments)
        return answer

    return _redis(settings.REDIS_URL).ask(run)
