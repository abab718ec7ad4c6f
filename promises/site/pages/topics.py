"""Topics, and one topic with its officials side by side."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.dates import utc_date
from promises.pledges.models import Pledge, Topic
from promises.site import sharing
from promises.site.pages.past import by_official, topic_on
from promises.site.parameters import listing
from promises.site.past import asked_day
from promises.site.serving import not_in_record, public
from promises.site.statuses import scorecards, together
from promises.site.translations import render
from promises.staleness.models import Due
from promises.updates.models import StatusUpdate

# So many pledges are on a page of a topic.
PAGE = 100


@public
def topics(request: HttpRequest) -> HttpResponse:
    """Show the tree of topics with how many pledges each has. One query."""
    found = Topic.objects.select_related("parent").with_pledge_counts().in_tree_order()
    return render(request, "site/topics.html", {"groups": _under_their_parents(list(found))})


@public
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what each official promised on a topic and what became of it."""
    found = Topic.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        raise not_in_record(slug)
    today = utc_date(timezone.now())
    if day := asked_day(request, today):
        return topic_on(request, found, day, PAGE)
    return render(request, "site/topic.html", topic_facts(request, found, today))


def topic_facts(request: HttpRequest, topic: Topic, today: date) -> dict[str, Any]:
    """Gather a topic's page, 100 pledges a page, in six queries after the topic.

    The topics below it, counts by official and status, how many pledges, those of the page, the
    newest update of each, what is stale of them.
    """
    below = list(topic.children.with_pledge_counts())
    pledges = Pledge.objects.published().under_topics([topic.pk, *(each.pk for each in below)])
    counts = scorecards(pledges, today)
    page = listing(request, pledges.for_lists().in_reading_order(), PAGE)
    with_updates = StatusUpdate.objects.with_corrected_at().attach_newest(page.rows)
    Due.objects.attach(with_updates, today)
    return {
        "topic": topic,
        "share": sharing.of_topic(topic, page.number),
        "below": below,
        "officials": by_official(with_updates),
        "official_count": len(counts),
        "listing": page,
        "scorecard": together(counts.values()),
        "today": today,
    }


def _under_their_parents(found: list[Topic]) -> list[tuple[Topic, list[Topic]]]:
    """Return each top topic with the topics below it, in the order of the tree."""
    return [
        (top, [topic for topic in found if topic.parent_id == top.pk])
        for top in found
        if top.parent_id is None
    ]
