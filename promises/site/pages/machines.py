"""Answers for machines: alive, ready, what crawlers may read."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from promises.backups.shelf import standing
from promises.common.clock import database_clock
from promises.common.full import database_has_room
from promises.common.read_only import database_takes_changes
from promises.site.feeds import absolute
from promises.site.languages import in_language
from promises.site.serving import only_read, public
from promises.staleness.models import Sweep
from promises.staleness.rules import sweep_is_late

log = logging.getLogger(__name__)
REDIS_ANSWERS_WITHIN = 1.0  # second

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /account/
{searches}

Sitemap: {sitemap}
"""


# In the form of llmstxt.org: a title, what this is, and where the same is in plain data.
LLMS = """\
# Prosecutor Promise Tracker

> A public record of what elected prosecutors promised in campaigns and in office, and what became
> of each promise: a status, since when, who approved it, and dated evidence for and against.

A status is our reading of the evidence listed with it, approved by people who did not write it;
one marked as provisional was imported and is not confirmed here yet. Say so when you repeat it,
with the day it holds since, the edition of the record, and the address of the pledge. A promise to
never or always do something is "holding so far" until the term is over. Data: CC BY 4.0.

Whoever runs this software can ask the same by the Model Context Protocol: `manage.py mcp` has the
tools search, pledge, scorecard and changes.

## Data

- [API]({site}/api/v1/): JSON of everything published, no key needed
- [How the API works]({site}/api/docs/): filters, paging, quota, examples
- [OpenAPI 3.1]({site}/api/schema/): the same for programs
- [Changes]({site}/api/v1/changes/): every public change in order, withdrawals included
- [Scorecards]({site}/api/v1/scorecards/): how many pledges of each official have which status
- [Whole record]({site}/data/latest/): tables, SQLite, officials in Popolo terms

## Pages

- [Pledges]({site}/pledges/): status, evidence, history; `?as_of=YYYY-MM-DD` shows a past day
- [Prosecutors]({site}/prosecutors/): officials with their terms and pledges
- [Methodology]({site}/methodology/): what each status means and how ratings are made
- [Corrections]({site}/corrections/): what was wrong here, with the old words
- [What may be out of date]({site}/stale/): pledges that wait for another look

## Optional

- [Updates feed]({site}/updates.atom): Atom
- [Sitemap]({site}/sitemap.xml): all pages, in English and Spanish
"""


@only_read
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers. No database, no Redis: for load balancers and launchers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@only_read
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether the whole tracker works: 200, or 503 when any of five checks fails.

    The database, room on its disk, whether it takes changes, Redis, and a sweep finished within the
    last three intervals. It is meant for monitoring and for waiting until a start is complete. A
    load balancer asks /healthz instead: pages are right without Redis and without a worker (DESIGN
    rule 6), so neither is a reason to take a web process out of service. The answer says what
    failed, and null of what is not known meanwhile; the log says why. When the last backup was made
    and the last drill succeeded stands beside it and changes nothing.
    """
    checks = {**_database(), "redis": _redis()}
    ready = all(check["ok"] for check in checks.values())
    lasts = {f"last_{name}": moment for name, moment in standing(settings.BACKUPS).items()}
    return JsonResponse({"ready": ready, "checks": checks, **lasts}, status=200 if ready else 503)


@public
def robots(_request: HttpRequest) -> HttpResponse:
    """Let crawlers read everything but the desk and searches, and say where the sitemap is."""
    searches = [in_language("/search/", code) for code, _name in settings.LANGUAGES]
    text = ROBOTS.format(
        searches="\n".join(f"Disallow: {path}" for path in searches),
        sitemap=absolute(reverse("programs:sitemap")),
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public
def llms(_request: HttpRequest) -> HttpResponse:
    """Tell language models what this is, how to repeat it fairly, and where the data is."""
    return HttpResponse(
        LLMS.format(site=settings.SITE_URL), content_type="text/plain; charset=utf-8"
    )


def _database() -> dict[str, dict[str, Any]]:
    """Ask the database for the newest sweep, and what it has room for: all say that it answers.

    `ok` is None for what cannot be known while it does not.
    """
    try:
        # By the clock that noted it: this host's may be wrong.
        sweep, now = Sweep.objects.newest(), database_clock()
        disk, writes = database_has_room(), database_takes_changes()
    except DatabaseError as error:
        log.warning("The database does not answer: %s", str(error).partition("\n")[0])
        unknown = {"ok": None}
        last = {**unknown, "finished_at": None, "age_seconds": None}
        return {"database": {"ok": False}, "disk": unknown, "writes": unknown, "last_sweep": last}
    if not disk:
        log.error("The disk of the database is full.")
    if not writes:
        log.error("The database takes no changes: it is read only.")
    return {
        "database": {"ok": True},
        "disk": {"ok": disk},
        "writes": {"ok": writes},
        "last_sweep": _last(sweep, now),
    }


def _last(sweep: Sweep | None, now: datetime) -> dict[str, Any]:
    """Return whether the newest sweep is new enough, and what of it."""
    if sweep is None:
        return {"ok": False, "finished_at": None, "age_seconds": None}
    age = now - sweep.finished_at
    return {
        "ok": not sweep_is_late(age=age, interval_seconds=settings.SWEEP_SECONDS),
        "finished_at": sweep.finished_at,
        "age_seconds": int(age.total_seconds()),
    }


def _redis() -> dict[str, Any]:
    """Ask Redis for a sign of life, with a short patience."""
    # Read in with the first question: whoever reads in every page asks none.
    from redis import Redis, RedisError

    try:
        with Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=REDIS_ANSWERS_WITHIN,
            socket_connect_timeout=REDIS_ANSWERS_WITHIN,
        ) as client:
            client.ping()
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)
        return {"ok": False}
    return {"ok": True}
