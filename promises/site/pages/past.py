"""Pledges, officials and topics on a past day: `?as_of=2026-03-02`."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from promises.common.dates import end_of
from promises.officials.models import Person
from promises.pledges.columns import TOPICS
from promises.pledges.models import Pledge, Topic
from promises.site import past
from promises.site.events import history, withdrawals
from promises.site.feeds import absolute
from promises.site.parameters import listing
from promises.site.past_evidence import evidence_then
from promises.site.statuses import scorecard, scorecards_of, together
from promises.updates.as_of import counts_on, in_reading_order_on, pledges_that_had, rows_on
from promises.updates.models import Correction, Response, Review, StatusUpdate


def pledge_on(request: HttpRequest, pledge: Pledge, day: date) -> HttpResponse:
    """Show a pledge as readers saw it when that day ended in UTC. Raises Http404 before it was."""
    found = past.pledges_then([pledge], day)
    if not found:
        raise past.not_yet(pledge.published_at, day)
    until = end_of(day)
    updates = past.updates_then(pledge, day)
    reviews = Review.objects.published().filter(pledge=pledge, reviewed_at__lt=until)
    corrections = Correction.objects.published().filter(
        pledge=pledge, status_update=None, corrected_at__lt=until
    )
    shown = Response.objects.shown().filter(pledge=pledge).public_at(until)
    replies = list(shown.select_related("evidence"))
    facts = {
        "pledge": found[0],
        "newest": updates[0] if updates else None,
        "criteria": past.criteria_then(pledge, day),
        "stances": evidence_then(pledge, updates, replies, day),
        "history": history(updates, list(reviews.select_related("reviewed_by"))),
        "withdrawn_ratings": [gone for gone in withdrawals(pledge) if gone.on <= day],
        "responses": replies,
        "corrections": corrections.select_related("corrected_by"),
        "withdrawn": past.withdrawn_since(pledge, day),
    }
    return _shown(request, "pledge", pledge.slug, day, facts)


def prosecutor_on(request: HttpRequest, person: Person, day: date) -> HttpResponse:
    """Show an official's scorecard and pledges as readers saw them when that day ended."""
    then, terms = past.person_then(person, day)
    pledges = pledges_that_had("person", [person.slug], day)
    found = past.pledges_then(list(pledges.select_related("person", "term__office")), day)
    found.sort(key=lambda pledge: (pledge.topic.name, pledge.topic.pk, pledge.position, pledge.pk))
    gone = Pledge.objects.filter(person=person).withdrawn_since(end_of(day))
    facts = {
        "person": then,
        "terms": terms,
        "scorecard": scorecard(found, day),
        "topics": [
            (topic, list(group)) for topic, group in groupby(found, lambda pledge: pledge.topic)
        ],
        "withdrawn": [("", each) for each in gone],
    }
    return _shown(request, "prosecutor", person.slug, day, facts)


def topic_on(request: HttpRequest, topic: Topic, day: date, size: int) -> HttpResponse:
    """Show the officials of a topic side by side as readers saw them when that day ended.

    So many pledges are on a page; the counts are of all of them.
    """
    children = topic.children.values_list("slug", flat=True)
    name = rows_on(past.subjects(TOPICS, [topic.slug]), day)
    then = past.worded(topic, TOPICS, name)
    if then is None:
        raise past.not_yet(None, day)
    public = pledges_that_had("topic", [topic.slug, *children], day)
    alike = list(counts_on(public, day))
    ends = past.ends_then({row[3] for row in alike if row[3]}, day)
    counts = scorecards_of(((*row[:3], ends.get(row[3]), *row[4:]) for row in alike), day)
    whole = together(counts.values())
    rows = in_reading_order_on(public, day).select_related("person", "term__office")
    page = listing(request, rows, size, total=whole.total)
    found = past.pledges_then(page.rows, day)
    until = end_of(day)
    rated = StatusUpdate.objects.public_at(until).with_corrected_at(until).attach_newest(found)
    facts = {
        "topic": then,
        "scorecard": whole,
        "officials": by_official(rated),
        "official_count": len(counts),
        "listing": page,
    }
    return _shown(request, "topic", topic.slug, day, facts)


def by_official(pledges: Iterable[Pledge]) -> list[tuple[Person, list[Pledge]]]:
    """Return officials with their pledges, in the order of these."""
    return [
        (person, list(group)) for person, group in groupby(pledges, lambda pledge: pledge.person)
    ]


def _shown(
    request: HttpRequest, view: str, slug: str, day: date, facts: dict[str, Any]
) -> HttpResponse:
    """Show a past page: search engines keep the present one."""
    path = reverse(f"site:{view}", args=[slug])
    facts |= {"day": day, "today": day, "present": path, "canonical": absolute(path)}
    response = render(request, f"site/past/{view}.html", facts)
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{absolute(path)}>; rel="canonical"'
    return response
