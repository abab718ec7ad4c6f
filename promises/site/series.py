"""Values of a series as readers see them: by period, newest vintage first, drawn as a chart."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from promises.metrics.choices import Period
from promises.metrics.models import Observation
from promises.site.charts import Chart, Point, Stretch, line_chart

# The most days that a period lasts; a partial year and a year to date are never over.
LENGTHS = {
    Period.DAY: 1,
    Period.WEEK: 7,
    Period.MONTH: 31,
    Period.QUARTER: 92,
    Period.QUARTER_END: 1,
    Period.HALF_YEAR: 184,
    Period.YEAR: 366,
}


@dataclass(frozen=True)
class Value:
    """The value of one period: the one published last, and those it superseded."""

    latest: Observation
    superseded: list[Observation]

    @property
    def is_provisional(self) -> bool:
        """Whether it was published before its period was surely over."""
        return is_provisional(self.latest)

    @property
    def point(self) -> Point:
        """Its place on a chart."""
        earlier = tuple(old.value for old in self.superseded if old.value != self.latest.value)
        return Point(self.latest.observed_on, self.latest.value, self.is_provisional, earlier)


def is_provisional(observation: Observation) -> bool:
    """Return whether a value covers a part of its period only, or was published within it."""
    days = LENGTHS.get(Period(observation.period))
    if days is None:
        return True
    return observation.vintage_on < observation.observed_on + timedelta(days=days - 1)


def by_period(newest_first: Iterable[Observation]) -> list[Value]:
    """Group values by the period they are about, the latest vintage before the superseded."""

    def period(observation: Observation) -> tuple[date, str]:
        return observation.observed_on, observation.period

    return [
        Value(latest, superseded)
        for _period, (latest, *superseded) in groupby(newest_first, key=period)
    ]


def drawing(
    values: Sequence[Value], marks: Iterable[Mapping[str, Any]], slug: str, terms: Iterable[Stretch]
) -> dict[str, Any]:
    """Return the `chart` of a metric and the `marks` on it that fall into its years.

    `marks` are rows of annotations as `rows_of_metric` gives them; those of other metrics go.
    """
    own = [
        {
            **mark,
            "from_on": date.fromisoformat(mark["from_on"]),
            "to_on": date.fromisoformat(mark["to_on"]),
        }
        for mark in marks
        if mark["metric"] in (None, slug)
    ]
    if not values:
        return {"chart": None, "marks": []}
    first, last = values[-1].latest.observed_on.year, values[0].latest.observed_on.year
    seen = [mark for mark in own if mark["from_on"].year <= last and mark["to_on"].year >= first]
    marked = [(mark["from_on"], mark["to_on"] + timedelta(days=1)) for mark in seen]
    return {"chart": chart_of(values, terms=terms, marked=marked), "marks": seen}


def chart_of(
    values: Sequence[Value], *, terms: Iterable[Stretch] = (), marked: Iterable[Stretch] = ()
) -> Chart | None:
    """Return a chart of the most frequent sort of period, if it has two values."""
    if not values:
        return None
    ((period, _count),) = Counter(value.latest.period for value in values).most_common(1)
    points = [value.point for value in reversed(values) if value.latest.period == period]
    return line_chart(points, terms=terms, marked=marked) if len(points) > 1 else None
