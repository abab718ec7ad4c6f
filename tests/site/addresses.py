"""Every address of the site, for tests that hold for all of them."""

from typing import Any

from django.urls import Resolver404, resolve

from promises.evidence.models import Evidence
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.record_requests.models import RecordRequest
from promises.site import for_programs
from promises.suggestions.models import Challenge, Suggestion

# What each name of promises/site/urls.py answers without a slug.
PAGES = {
    "home": "/",
    "prosecutors": "/prosecutors/",
    "compare": "/compare/",
    "pledges": "/pledges/",
    "topics": "/topics/",
    "updates": "/updates/",
    "stale": "/stale/",
    "metrics": "/metrics/",
    "record_requests": "/record-requests/",
    "search": "/search/",
    "methodology": "/methodology/",
    "corrections": "/corrections/",
    "about": "/about/",
    "data": "/data/",
    "data_latest": "/data/latest/",
    "follow": "/follow/",
    "follow_sent": "/follow/sent/",
    "design": "/design/",
}
RECORDS = {
    "prosecutor": ("/prosecutors/{}/", Person),
    "pledge": ("/pledges/{}/", Pledge),
    "topic": ("/topics/{}/", Topic),
    "wording": ("/pledges/{}/wording/", Pledge),
    "evidence": ("/evidence/{}/", Evidence),
    "metric": ("/metrics/{}/", Metric),
    "record_request": ("/record-requests/{}/", RecordRequest),
    "challenge": ("/pledges/{}/challenge/", Pledge),
    "tracking": ("/challenges/{}/", Challenge),
    "suggestion": ("/suggestions/{}/", Suggestion),
}
# What names a record in its address, where it is not its slug.
NAMED_BY = {Challenge: "reference", Suggestion: "reference"}
# What programs ask for of a record, and of which kind.
OF_RECORDS = {
    "prosecutor_csv": ("/prosecutors/{}/pledges.csv", Person),
    "pledge_csv": ("/pledges/{}/ratings.csv", Pledge),
    "pledge_bib": ("/pledges/{}/cite.bib", Pledge),
    "metric_csv": ("/metrics/{}/values.csv", Metric),
    "prosecutor_atom": ("/prosecutors/{}/updates.atom", Person),
    "prosecutor_json": ("/prosecutors/{}/updates.json", Person),
    "pledge_atom": ("/pledges/{}/updates.atom", Pledge),
    "pledge_json": ("/pledges/{}/updates.json", Pledge),
    "topic_atom": ("/topics/{}/updates.atom", Topic),
    "topic_json": ("/topics/{}/updates.json", Topic),
    "pledge_card": ("/cards/pledges/{}.png", Pledge),
    "pledge_embed": ("/embed/pledges/{}/", Pledge),
    "prosecutor_embed": ("/embed/prosecutors/{}/", Person),
    "oembed": ("/oembed?url=http%3A%2F%2F127.0.0.1%3A8000%2Fpledges%2F{}%2F", Pledge),
}
MACHINES = {
    "updates_atom": "/updates.atom",
    "updates_json": "/updates.json",
    "sitemap": "/sitemap.xml",
    "sitemap_part": "/sitemap-1.xml",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "robots": "/robots.txt",
    "llms": "/llms.txt",
    "corrections_atom": "/corrections.atom",
    "corrections_json": "/corrections.json",
    "stale_atom": "/stale.atom",
    "stale_json": "/stale.json",
}
# Pages with a form that needs a cookie.
FORMS = {"suggest": "/suggest/"}
# Opened by the links of mails, each with a token.
BY_MAIL = {
    "follow_confirm": "/follow/confirm/{}/",
    "follow_manage": "/follow/manage/{}/",
    "follow_stop": "/follow/stop/{}/",
}


def every_address() -> list[str]:
    """Return the address of every page, and of every record of the kinds that have one."""
    return [*PAGES.values(), *FORMS.values(), *_of_records(RECORDS)]


def every_address_for_programs() -> list[str]:
    """Return the address of everything that only programs ask for."""
    return list(MACHINES.values()) + _of_records(OF_RECORDS)


def of_programs(address: str) -> bool:
    """Whether this has one address for all languages."""
    try:
        resolve(address.partition("?")[0], urlconf=for_programs)
    except Resolver404:
        return False
    return True


def _of_records(patterns: dict[str, tuple[str, Any]]) -> list[str]:
    found: list[str] = []
    for pattern, model in patterns.values():
        name = NAMED_BY.get(model, "slug")
        slugs = model._default_manager.order_by("pk").values_list(name, flat=True)
        found += [pattern.format(slug) for slug in slugs]
    return found
