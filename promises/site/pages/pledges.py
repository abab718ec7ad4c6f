"""The list of pledges, with its filters."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.common.dates import utc_date
from promises.officials.models import Person
from promises.pledges.choices import HOLDING_LABELS, Kind, Status
from promises.pledges.models import Pledge, Topic
from promises.pledges.querysets import PledgeQuerySet
from promises.site.finding import pledges_with
from promises.site.parameters import Parameters, listing
from promises.site.searching import Asked, asked
from promises.site.serving import public
from promises.site.statuses import LABELS, columns_of
from promises.site.translations import render
from promises.staleness.models import Due
from promises.staleness.reasons import PUBLIC

STALE_CHOICES = {
    "true": _("stale, for any reason"),
    "false": _("not stale"),
    **{str(reason.value): reason.label for reason in PUBLIC},
}
SORTS = {
    "prosecutor": _("by prosecutor"),
    "title": _("by title"),
    "since": _("newest status first"),
    "made": _("newest promise first"),
    "reviewed": _("longest without a look first"),
}
# Every order ends in what is unique: a row is on one page of the list and on no other. Those by
# title and day are the orders of the API, which has an index for each.
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "title": ("title", "slug"),
    "since": (F("status_since").desc(nulls_last=True), "pk"),
    "made": ("-made_on", "-slug"),
    "reviewed": (F("last_reviewed_at").asc(nulls_first=True), "status_assessed_on", "pk"),
}


@public
def pledges(request: HttpRequest) -> HttpResponse:
    """Show the pledges that the filters in the address keep, 50 a page.

    Five queries: topics and people for the filters, the count, the pledges, what is stale of
    them; one more where that is asked for, and for words those of a search. An
    unknown value is answered with 400 and what is wrong.
    """
    today = utc_date(timezone.now())
    parameters = Parameters(request)
    topics = list(Topic.objects.select_related("parent").in_tree_order())
    options = filter_options(topics)
    chosen = {name: parameters.one_of(name, options[name]) for name in options}
    chosen["q"] = parameters.words("q")
    facts = {"options": options, "chosen": chosen, "faults": parameters.faults, "today": today}
    if parameters.faults:
        return render(request, "site/pledges.html", facts, status=400)
    looked_for = asked(chosen["q"])
    facts["read_as"] = [each for each in looked_for if each.read_as]
    page = listing(request, chosen_pledges(chosen, topics, looked_for, today))
    Due.objects.attach(page.rows, today)
    facts |= {"listing": page, "as_data": same_in_the_api(chosen)}
    return render(request, "site/pledges.html", facts)


def filter_options(topics: Iterable[Topic]) -> dict[str, dict[str, Any]]:
    """Return the values each filter knows, with their words. One query: people."""
    people = Person.objects.published().prosecutors()
    return {
        "status": LABELS,
        "topic": {topic.slug: topic.name for topic in topics},
        "prosecutor": {person.slug: person.name for person in people},
        "stale": STALE_CHOICES,
        "sort": SORTS,
    }


def same_in_the_api(chosen: Mapping[str, str]) -> str:
    """Return the query by which the API lists the same pledges, or "" where it knows none.

    There `q` looks for letters, in fewer texts; and no filter asks whether a term is over. All
    other filters are called the same.
    """
    status, stale = chosen["status"], chosen["stale"]
    if chosen["q"] or status in HOLDING_LABELS:
        return ""
    asked_for = {
        **chosen,
        "sort": "",
        # In the works, a standing promise is shown as holding.
        "kind": Kind.OUTCOME if status == Status.IN_THE_WORKS else "",
        "format": "csv",
    }
    if stale not in {"true", "false"}:
        asked_for["stale_reason"] = asked_for.pop("stale")
    return urlencode({name: value for name, value in asked_for.items() if value})


def chosen_pledges(
    chosen: Mapping[str, str], topics: Iterable[Topic], looked_for: Sequence[Asked], today: date
) -> PledgeQuerySet:
    """Return the public pledges that the chosen filters keep, in the chosen order."""
    found = Pledge.objects.published().for_lists()
    if chosen["status"]:
        found = found.knowing_their_end().filter(**columns_of(chosen["status"], today))
    if slug := chosen["topic"]:
        under = [each for each in topics if slug in {each.slug, each.parent and each.parent.slug}]
        found = found.under_topics(each.pk for each in under)
    if chosen["prosecutor"]:
        found = found.filter(person__slug=chosen["prosecutor"])
    if chosen["q"]:
        found = pledges_with(found, [each.query for each in looked_for])
    found = _chosen_stale(found, chosen["stale"], today)
    order = ORDERS.get(chosen["sort"])
    return found.order_by(*order) if order else found.in_reading_order()


def _chosen_stale(found: PledgeQuerySet, stale: str, today: date) -> PledgeQuerySet:
    if not stale:
        return found
    if stale == "false":
        return Due.objects.keep_fresh(found, today)
    return Due.objects.keep_stale(found, today, () if stale == "true" else (stale,))
