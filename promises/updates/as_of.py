"""What readers saw on a past day: pledges as the record stood when that day ended in UTC.

The words come from the ledger, the rating from what had been published by then. What has been
withdrawn since is left out, as everywhere: a past day shows what was public then and is public
now. Reads only; a fixed number of queries for any number of pledges.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat

from promises.common.dates import end_of
from promises.common.history import events_of
from promises.common.words import IsAnyOf
from promises.evidence.models import EvidenceLink
from promises.ledger.models import Entry
from promises.pledges.choices import Status
from promises.pledges.models import Pledge
from promises.pledges.querysets import PledgeQuerySet
from promises.updates.models import Approval, Review, StatusUpdate
from promises.updates.querysets import StatusUpdateQuerySet
from promises.updates.rules import CONFIRMING_APPROVALS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rating:
    """What the published updates and reviews of a pledge amounted to on a day."""

    status: str = Status.NOT_YET_RATED
    status_since: date | None = None
    status_assessed_on: date | None = None
    status_is_provisional: bool = False
    confidence: str = ""
    last_reviewed_at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """One pledge as readers saw it on a day. `words` is its public row as the ledger has it."""

    words: Row
    rating: Rating
    evidence_counts: dict[str, int]
    edition: int
    updated_at: datetime


def rows_on(subjects: Collection[str], day: date) -> dict[str, Row]:
    """Return each of these rows of the ledger as it was public at the end of that day. One query.

    A subject is a table and a public name. What was not public yet, or no longer, is left out.
    """
    entries = Entry.objects.filter(subject__in=subjects, at__lt=end_of(day))
    newest = entries.order_by("subject", "-edition").distinct("subject")
    return {
        subject: json.loads(data)
        for subject, event, data in newest.values_list("subject", "event", "data")
        if not event.endswith(":retracted")
    }


def pledges_on(day: date) -> PledgeQuerySet:
    """Return the pledges that were public on that day and are now.

    Each has `words` (its public row on that day, as JSON) and `status_then`.
    """
    written = Entry.objects.filter(
        pledge=OuterRef("slug"),
        subject=Concat(Value("pledges/"), OuterRef("slug")),
        at__lt=end_of(day),
    ).order_by("-edition")
    newest = _rated_on(day).values("status")[:1]
    return (
        Pledge.objects.published()
        .annotate(
            words=Cast(Subquery(written.values("data")[:1]), JSONField()),
            status_then=Coalesce(Subquery(newest), Value(str(Status.NOT_YET_RATED))),
        )
        .filter(words__isnull=False)
    )


def _rated_on(day: date) -> StatusUpdateQuerySet:
    """Return for a query of pledges the ratings there were of each on that day, newest first."""
    rated = StatusUpdate.objects.published().public_at(end_of(day))
    return rated.filter(pledge=OuterRef("pk")).newest_first()


def pledges_that_had(what: str, names: Collection[str], day: date) -> PledgeQuerySet:
    """Return the pledges_on a day whose `topic` or `person` was then one of these names.

    The ledger is asked only about those that ever had one of them, by their history.
    """
    ever = events_of(Pledge).objects.filter(**{f"{what}__slug__in": names})
    among = IsAnyOf(F("pk"), ArraySubquery(ever.values("pgh_obj")))
    return pledges_on(day).filter(among, **{f"words__{what}__in": names})


def in_reading_order_on(pledges: PledgeQuerySet, day: date) -> PledgeQuerySet:
    """Order pledges_on a day as readers expected then: by the name that the official then had."""
    named = Entry.objects.filter(
        subject=Concat(Value("people/"), OuterRef("person_then")), at__lt=end_of(day)
    ).order_by("-edition")
    return (
        pledges.annotate(person_then=KT("words__person"))
        .annotate(official=Cast(Subquery(named.values("data")[:1]), JSONField()))
        .order_by(KT("official__name"), "person_then", F("words__position"), "pk")
    )


def counts_on(pledges: PledgeQuerySet, day: date) -> Iterable[tuple[Any, ...]]:
    """Return rows of pledges_on a day: official, kind, status, term, how many have these in common.

    The term is its name. And how many of them were `unconfirmed`, as `counts_by_status` says it.
    """
    imported = Q(is_imported=True, approved_by__len__lt=CONFIRMING_APPROVALS)
    newest = _rated_on(day).with_signatures(end_of(day)).annotate(is_unconfirmed=imported)
    # Typed loosely: what pledges_on adds is unknown to the type checker.
    found: Any = pledges
    unconfirmed = Q(unconfirmed_then=True) & ~Q(status_then=Status.NOT_YET_RATED)
    rows: Iterable[tuple[Any, ...]] = (
        found.annotate(
            person_then=KT("words__person"),
            kind_then=KT("words__kind"),
            term_then=KT("words__term"),
            unconfirmed_then=Subquery(newest.values("is_unconfirmed")[:1]),
        )
        .order_by("person_then", "kind_then", "status_then")
        .values_list("person_then", "kind_then", "status_then", "term_then")
        .annotate(pledges=Count("pk"), unconfirmed=Count("pk", filter=unconfirmed))
    )
    return rows


def standings(pledge_ids: Collection[int], day: date) -> dict[int, Standing]:
    """Return each of these pledges as it stood on that day; they were all public then."""
    slugs = dict(Pledge.objects.filter(pk__in=pledge_ids).values_list("slug", "pk"))
    words = _words(slugs, day)
    counts = _evidence_counts(pledge_ids, slugs, day)
    ratings = _ratings(pledge_ids, day)
    newest = Entry.objects.filter(pledge__in=slugs, at__lt=end_of(day))
    newest = newest.order_by("pledge", "-edition").distinct("pledge")
    return {
        slugs[slug]: Standing(
            words=words[slug],
            rating=ratings[slugs[slug]],
            evidence_counts=counts[slugs[slug]],
            edition=edition,
            updated_at=at,
        )
        for slug, edition, at in newest.values_list("pledge", "edition", "at")
        if slug in words
    }


def _words(slugs: Collection[str], day: date) -> dict[str, Row]:
    """Return the public row of each pledge as it last stood in the ledger by the end of a day."""
    entries = Entry.objects.filter(
        pledge__in=slugs, subject__in=[f"pledges/{slug}" for slug in slugs], at__lt=end_of(day)
    )
    newest = entries.order_by("pledge", "-edition").distinct("pledge")
    return {slug: json.loads(data) for slug, data in newest.values_list("pledge", "data")}


def _evidence_counts(
    pledge_ids: Collection[int], slugs: Mapping[str, int], day: date
) -> dict[int, dict[str, int]]:
    """Return how much of the evidence now public was public then, by what it said then."""
    stances: dict[str, str | None] = {}
    entries = Entry.objects.filter(pledge__in=slugs, event__startswith="evidence_link:")
    for subject, at, data in entries.order_by("edition").values_list("subject", "at", "data"):
        if at < end_of(day):
            stances[subject] = json.loads(data).get("stance")
        else:
            stances.setdefault(subject, None)
    counts = {pk: {"supports": 0, "contradicts": 0, "context": 0} for pk in pledge_ids}
    links = EvidenceLink.objects.published().filter(
        pledge__in=pledge_ids, evidence__published_at__lt=end_of(day)
    )
    names = links.values_list("pledge_id", "pledge__slug", "evidence__slug")
    for pk, pledge, evidence in names:
        if stance := stances.get(f"evidence_links/{pledge}/{evidence}"):
            counts[pk][stance] += 1
    return counts


def _ratings(pledge_ids: Collection[int], day: date) -> dict[int, Rating]:
    """Return the rating of each pledge on a day."""
    until = end_of(day)
    updates: dict[int, list[StatusUpdate]] = {pk: [] for pk in pledge_ids}
    reviews: dict[int, list[datetime]] = {pk: [] for pk in pledge_ids}
    approvals: dict[int, list[datetime]] = {}
    published = StatusUpdate.objects.published().filter(
        pledge__in=pledge_ids, published_at__lt=until
    )
    for update in published.newest_first():
        updates[update.pledge_id].append(update)
    approved = Approval.objects.filter(
        status_update__in=published, wording=F("status_update__wording"), approved_at__lt=until
    )
    for update_id, at in approved.values_list("status_update_id", "approved_at"):
        approvals.setdefault(update_id, []).append(at)
    made = Review.objects.filter(pledge__in=pledge_ids, reviewed_at__lt=until)
    for pk, at in made.values_list("pledge_id", "reviewed_at"):
        reviews[pk].append(at)
    return {pk: rating(updates[pk], approvals, reviews[pk]) for pk in pledge_ids}


def rating(
    updates: list[StatusUpdate],
    approvals: Mapping[int, list[datetime]],
    reviews: Iterable[datetime],
) -> Rating:
    """Return what published updates, newest first, their approvals and reviews amount to.

    The same rule as the trigger updates_derive; a test holds the two together.
    """
    looks = [*reviews, *(_look(update, approvals.get(update.pk, [])) for update in updates)]
    last_look = max(filter(None, looks), default=None)
    if not updates:
        return Rating(last_reviewed_at=last_look)
    newest, since = updates[0], updates[0].effective_on
    for update in updates:
        if update.status != newest.status:
            break
        since = update.effective_on
    is_confirmed = _look(newest, approvals.get(newest.pk, [])) is not None
    return Rating(
        newest.status, since, newest.assessed_on, not is_confirmed, newest.confidence, last_look
    )


def _look(update: StatusUpdate, approvals: list[datetime]) -> datetime | None:
    """Return when people here stood behind an update; None for an unconfirmed imported one."""
    if not update.is_imported:
        return update.published_at
    return max(approvals) if len(approvals) >= CONFIRMING_APPROVALS else None
