"""Every address of the site, for tests that hold for all of them."""

from promises.evidence.models import Evidence
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic

# What each name of promises/site/urls.py answers without a slug.
PAGES = {
    "home": "/",
    "prosecutors": "/prosecutors/",
    "pledges": "/pledges/",
    "topics": "/topics/",
    "updates": "/updates/",
    "stale": "/stale/",
    "metrics": "/metrics/",
    "search": "/search/",
    "methodology": "/methodology/",
    "corrections": "/corrections/",
    "about": "/about/",
    "data": "/data/",
}
RECORDS = {
    "prosecutor": ("/prosecutors/{}/", Person),
    "pledge": ("/pledges/{}/", Pledge),
    "topic": ("/topics/{}/", Topic),
    "evidence": ("/evidence/{}/", Evidence),
    "metric": ("/metrics/{}/", Metric),
}
MACHINES = {"healthz": "/healthz", "readyz": "/readyz", "robots": "/robots.txt"}


def every_address() -> list[str]:
    """Return the address of every page, and of every record of the kinds that have one."""
    found = list(PAGES.values())
    for pattern, model in RECORDS.values():
        slugs = model._default_manager.order_by("pk").values_list("slug", flat=True)
        found += [pattern.format(slug) for slug in slugs]
    return found
