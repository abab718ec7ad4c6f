"""Every address of the site, for tests that hold for all of them."""

from promises.evidence.models import Evidence
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.suggestions.models import Challenge

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
    "challenge": ("/pledges/{}/challenge/", Pledge),
    "tracking": ("/challenges/{}/", Challenge),
}
# What names a record in its address, where it is not its slug.
NAMED_BY = {Challenge: "reference"}
MACHINES = {
    "healthz": "/healthz",
    "readyz": "/readyz",
    "robots": "/robots.txt",
    "corrections_atom": "/corrections.atom",
    "corrections_json": "/corrections.json",
    "stale_atom": "/stale.atom",
    "stale_json": "/stale.json",
}


def every_address() -> list[str]:
    """Return the address of every page, and of every record of the kinds that have one."""
    found = list(PAGES.values())
    for pattern, model in RECORDS.values():
        name = NAMED_BY.get(model, "slug")
        slugs = model._default_manager.order_by("pk").values_list(name, flat=True)
        found += [pattern.format(slug) for slug in slugs]
    return found
