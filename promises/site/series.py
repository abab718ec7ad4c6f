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

# The most days that a period lasts.
LENGTHS = {
    Period.DAY: 1,
    Period.WEEK: 7,
    Period.MONTH: 31,
    Period.QUARTER: 92,
    Period.QUARTER_END: 1,
    Period.HALF_YEAR: 184,
    Period.YEAR: 366,
}
# How many months the longer ones last.
MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}
# More than so many periods from one value to the next: at least one is missing between them.
MOST_OF_A_STEP = 1.5


@dataclass(frozen=True)
class Value:
    """The value of one period: the one published last, and what else was published of it.

    What was published earlier is superseded; what another source published on the same day stands
    beside it.
    """

    latest: Observation
    others: list[Observation]

    @property
    def superseded(self) -> list[Observation]:
        """The values published before the latest."""
        return [other for other in self.others if other.vintage_on < self.latest.vintage_on]

    @property
    def beside(self) -> list[Observation]:
        """The values published on the same day as the latest."""
        return [other for other in self.others if other.vintage_on == self.latest.vintage_on]

    @property
    def is_provisional(self) -> bool:
        """Whether it was published before its period was surely over."""
        return is_provisional(self.latest)

    def point(self, after: date | None) -> Point:
        """Return its place on a chart, after the period that begins on `after`."""
        latest = self.latest
        others = tuple(other.value for other in self.others if other.value != latest.value)
        # A day is no stretch that could be missing: whoever counts by days counts now and then.
        length = LENGTHS.get(Period(latest.period), 1)
        is_after_gap = (
            after is not None
            and length > 1
            and (latest.observed_on - after).days > MOST_OF_A_STEP * length
        )
        return Point(latest.observed_on, latest.value, self.is_provisional, others, is_after_gap)


def is_provisional(observation: Observation) -> bool:
    """Return whether a value covers a part of its period only, or was published within it.

    A partial year and a year to date are never over. What was published in a month was published
    on its first day or later.
    """
    start, period = observation.observed_on, Period(observation.period)
    if months := MONTHS.get(period):
        return observation.vintage_on < _months_after(start, months)
    days = LENGTHS.get(period)
    return days is None or observation.vintage_on < start + timedelta(days=days - 1)


def _months_after(start: date, months: int) -> date:
    """Return the first day of what follows so many months from a day on."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1) + timedelta(days=start.day - 1)


def by_period(newest_first: Iterable[Observation]) -> list[Value]:
    """Group values by the period they are about, the latest vintage first."""

    def period(observation: Observation) -> tuple[date, str]:
        return observation.observed_on, observation.period

    return [
        Value(latest, others) for _period, (latest, *others) in groupby(newest_first, key=period)
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
    drawn = [value for value in reversed(values) if value.latest.period == period]
    days = [value.latest.observed_on for value in drawn]
    points = [value.point(after) for value, after in zip(drawn, [None, *days], strict=False)]
    return line_chart(points, terms=terms, marked=marked) if len(points) > 1 else None
