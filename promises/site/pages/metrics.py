"""Series of figures: which there are, and one with all its values and vintages."""

from typing import Any

from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from promises.common.dates import utc_date
from promises.metrics import columns
from promises.metrics.models import Metric, MetricAnnotation, MetricSource, Observation
from promises.pledges.models import Pledge
from promises.site.downloads import as_csv
from promises.site.parameters import Parameters, listing
from promises.site.series import by_period, drawing
from promises.site.serving import BadAddressError, not_in_record, public, published_or_gone
from promises.site.translations import render
from promises.staleness.models import Due


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the series, those of one pledge with `?pledge=`. Three queries: pledge, count, page."""
    parameters = Parameters(request)
    slug = parameters.words("pledge")
    if parameters.faults:
        raise BadAddressError(" ".join(parameters.faults))
    found = Metric.objects.published().select_related("jurisdiction").order_by("name", "pk")
    pledge = None
    if slug:
        pledge = Pledge.objects.published().filter(slug=slug).first()
        if pledge is None:
            raise not_in_record(slug)
        found = found.filter(metric_pledges__pledge=pledge)
    return render(
        request, "site/metrics.html", {"pledge": pledge, "listing": listing(request, found, 100)}
    )


@public
def metric(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one series: a chart of the latest values, then every value with its vintage."""
    marks = MetricAnnotation.objects.rows_of_metric(OuterRef("pk"))
    series = Metric.objects.select_related("jurisdiction").annotate(mark_rows=marks)
    found = published_or_gone(series, slug)
    return render(request, "site/metric.html", metric_facts(found))


@public
def metric_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Return every value with its vintage as CSV. Three queries: the series, which values, rows."""
    found = published_or_gone(Metric.objects.all(), slug)
    ids = Observation.objects.published().filter(metric=found).values_list("pk", flat=True)
    return as_csv(columns.OBSERVATIONS, ids, name=slug)


def metric_facts(metric: Metric) -> dict[str, Any]:
    """Gather the page in four queries after the metric.

    Values, their sources, the pledges, what is stale of them.
    """
    everything = list(Observation.objects.filter(metric=metric).newest_first())
    observations = [each for each in everything if each.retracted_at is None]
    sources = with_sources(everything)
    stated = {each.source.partition("/")[0] for each in observations}
    values = by_period(observations)
    bears_on = Pledge.objects.published().filter(metric_pledges__metric=metric)
    pledges = Due.objects.attach(
        bears_on.select_related("person", "term").in_reading_order(), utc_date(timezone.now())
    )
    has_one_source = len({each.source for each in observations}) == 1
    terms = {pledge.term.pk: pledge.term for pledge in pledges if pledge.term}
    return {
        "metric": metric,
        "sources": [source for source in sources if source.slug in stated],
        "values": values,
        # Said once where it is the same for all: in each row it takes most of a phone.
        "only_source": observations[0].read_from if has_one_source else "",  # type: ignore[attr-defined]
        "withdrawn": [each for each in everything if _stood_here(each, metric)],
        "superseded": sum(len(value.superseded) for value in values),
        "provisional": sum(value.is_provisional for value in values),
        **drawing(
            values,
            metric.mark_rows,  # type: ignore[attr-defined]
            metric.slug,
            [(term.started_on, term.ends_on) for term in terms.values()],
        ),
        "pledges": pledges,
    }


def _stood_here(value: Observation, metric: Metric) -> bool:
    """Return whether readers saw a value that was retracted since."""
    if value.retracted_at is None or metric.published_at is None:
        return False
    return value.retracted_at >= metric.published_at


def with_sources(observations: list[Observation]) -> list[MetricSource]:
    """Say of each value in `read_from` where it was read; return these sources. One query."""
    labels = {each.source: each.source.partition("/") for each in observations}
    slugs = {slug for slug, _slash, _rest in labels.values()}
    sources = {source.slug: source for source in MetricSource.objects.filter(slug__in=slugs)}
    for each in observations:
        slug, _slash, rest = labels[each.source]
        publisher = sources[slug].publisher if slug in sources else slug
        each.read_from = ", ".join(filter(None, (publisher, rest)))  # type: ignore[attr-defined]
    return list(sources.values())
