"""What may be out of date: by reason, by age, by official, and whether anyone looks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.dates import utc_date
from promises.metrics.models import MetricSource
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.serving.marks import never_keep
from promises.site.parameters import Parameters, listing
from promises.site.serving import public
from promises.site.translations import render
from promises.staleness.choices import StaleReason
from promises.staleness.models import Due, SourceBeat, Sweep, Watched
from promises.staleness.reasons import RULES
from promises.staleness.rules import age_counts, sweep_is_late


@public
def stale(request: HttpRequest) -> HttpResponse:
    """Show what may be out of date, the longest overdue first, and whether anyone looks.

    Nine queries at any size: officials for the filter, ages, the page, the reasons of each
    pledge, counts by reason, newest figures, sources, how much is not watched, the sweep.
    """
    # The last sweep, and whether it is late, are true for the moment only.
    never_keep(request)
    today = utc_date(timezone.now())
    parameters = Parameters(request)
    options = _options()
    chosen = {name: parameters.one_of(name, values) for name, values in options.items()}
    facts: dict[str, Any] = {"options": options, "chosen": chosen, "faults": parameters.faults}
    if parameters.faults:
        return render(request, "site/stale.html", facts, status=400)
    pledges, due = Pledge.objects.published().for_lists(), Due.objects.published()
    if chosen["prosecutor"]:
        pledges = pledges.filter(person__slug=chosen["prosecutor"])
        due = due.filter(pledge__person__slug=chosen["prosecutor"])
    ages = due.counts_by_age(today, chosen["reason"])
    oldest = Due.objects.oldest_first(pledges, today, chosen["reason"])
    counted = due.numbers_oldest_first(today, chosen["reason"])
    page = listing(request, oldest, total=sum(ages.values()), counted=counted)
    Due.objects.attach(page.rows, today)
    counts = stale_reasons(today)
    facts |= {
        "listing": page,
        "today": today,
        "reasons": counts,
        "rules": [(reason, count, RULES[reason]) for reason, count in counts],
        "ages": histogram(ages),
        "sources": sources(today),
        "unwatched": Watched.objects.published().unwatched().count(),
        **last_sweep(),
    }
    return render(request, "site/stale.html", facts)


def last_sweep() -> dict[str, Any]:
    """Return the last sweep, and whether the next ones must have been missed. One query."""
    sweep: Any = Sweep.objects.with_age().newest()
    late = sweep is None or sweep_is_late(age=sweep.age, interval_seconds=settings.SWEEP_SECONDS)
    return {"sweep": sweep, "sweep_is_late": late}


def stale_reasons(today: date) -> list[tuple[StaleReason, int]]:
    """Return each reason that occurs today, and for how many pledges. One query."""
    counts = Due.objects.counts_by_reason(today)
    return [(reason, counts[reason]) for reason in StaleReason if reason in counts]


@dataclass(frozen=True)
class Bar:
    """One step of the histogram: its first and last day, how many pledges, its length."""

    start: int
    last: int | None
    pledges: int
    # Of a thousand: the longest bar is as wide as the drawing.
    length: int


def histogram(ages: dict[int, int]) -> list[Bar]:
    """Return the bars of how many pledges have been stale for how many days; empty without any."""
    steps = age_counts(ages)
    most = max(count for _start, _end, count in steps)
    if not most:
        return []
    return [
        Bar(start, None if end is None else end - 1, count, round(1000 * count / most))
        for start, end, count in steps
    ]


@dataclass(frozen=True)
class SourceAge:
    """A source of figures: its newest ones, and whether it should have had newer ones by now."""

    source: MetricSource
    newest: str
    silent_from: date | None
    is_silent: bool


def sources(today: date) -> list[SourceAge]:
    """Return the sources of figures with their newest figures. Two queries."""
    beats = SourceBeat.objects.by_source()
    found = []
    for source in MetricSource.objects.all():
        beat = beats.get(source.slug)
        newest, silent = (beat.newest_in_words, beat.silent_on) if beat else ("", None)
        is_silent = silent is not None and silent <= today
        found.append(SourceAge(source, newest, silent, is_silent))
    return found


def _options() -> dict[str, dict[str, Any]]:
    return {
        "reason": {str(reason): reason.label for reason in RULES if RULES[reason].is_public},
        "prosecutor": {
            person.slug: person.name for person in Person.objects.published().prosecutors()
        },
    }
