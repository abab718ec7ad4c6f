"""Answers for machines: alive, ready, what crawlers may read."""

import logging
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from promises.site.feeds import absolute
from promises.staleness.models import Sweep
from promises.staleness.rules import sweep_is_late

log = logging.getLogger(__name__)
REDIS_ANSWERS_WITHIN = 1.0  # second

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /account/
Disallow: /search/
Disallow: /es/search/

Sitemap: %s
"""


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers. No database, no Redis: for load balancers and launchers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether the whole tracker works: 200, or 503 when any of three checks fails.

    The database, Redis, and a sweep finished within the last three intervals. It is meant for
    monitoring and for waiting until a start is complete. A load balancer asks /healthz instead:
    pages are right without Redis and without a worker (DESIGN rule 6), so neither is a reason to
    take a web process out of service. The answer says what failed; the log says why.
    """
    database, sweep = _database_and_sweep()
    checks = {"database": database, "redis": _redis(), "last_sweep": sweep}
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Let crawlers read everything but the desk and searches, and say where the sitemap is."""
    text = ROBOTS % absolute(reverse("programs:sitemap"))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _database_and_sweep() -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask the database for the newest sweep: one query answers both."""
    never = {"ok": False, "finished_at": None, "age_seconds": None}
    try:
        sweep = Sweep.objects.newest()
    except DatabaseError:
        log.exception("The database does not answer.")
        return {"ok": False}, never
    if sweep is None:
        return {"ok": True}, never
    age = timezone.now() - sweep.finished_at
    return {"ok": True}, {
        "ok": not sweep_is_late(age=age, interval_seconds=settings.SWEEP_SECONDS),
        "finished_at": sweep.finished_at,
        "age_seconds": int(age.total_seconds()),
    }


def _redis() -> dict[str, Any]:
    """Ask Redis for a sign of life, with a short patience."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=REDIS_ANSWERS_WITHIN,
            socket_connect_timeout=REDIS_ANSWERS_WITHIN,
        ) as client:
            client.ping()
    except redis.RedisError:
        log.exception("Redis does not answer.")
        return {"ok": False}
    return {"ok": True}
