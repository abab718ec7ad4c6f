"""Geometry of strips of time, drawn by templates as SVG: terms, ratings, what happened when.

Places are percentages of the width, as text ("12.5%"), so that a strip fits every screen and no
language writes them with a comma.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MOST_YEAR_LABELS = 8
# How near to each other, in percent of the width, two marks may stand side by side on a phone of
# 320 px, and how much further off the next one stands where a number follows the mark.
NEAR = 5.2
NUMBER = 4.5
# A strip has at least so many lanes, and as many as it needs up to one for each status of a day.
FEWEST_LANES, MOST_LANES = 4, 9
LANE_HEIGHT = 18


def percent(share: float) -> str:
    """Return a percentage as SVG wants it: "12.5%"."""
    return f"{round(share, 2):g}%"


@dataclass(frozen=True)
class Axis:
    """A stretch of days, both ends on it."""

    start: date
    end: date

    def share(self, day: date) -> float:
        """Return how far along a day stands, from 0 to 100; days outside stand at the ends."""
        length = max((self.end - self.start).days, 1)
        return min(max((day - self.start).days / length * 100, 0), 100)

    def span(self, start: date, end: date) -> tuple[str, str]:
        """Return where a stretch begins and how wide it is."""
        left = self.share(start)
        return percent(left), percent(self.share(end) - left)

    def years(self) -> list[tuple[int, str]]:
        """Return the first days of years, so few that their labels fit."""
        first = self.start.year + (self.start > date(self.start.year, 1, 1))
        every = -(-(self.end.year - first + 1) // MOST_YEAR_LABELS) or 1
        years = range(first, self.end.year + 1, every)
        return [(year, percent(self.share(date(year, 1, 1)))) for year in years]


@dataclass(frozen=True)
class Band:
    """A stretch in which something held: where it begins, how wide it is, under which key."""

    x: str
    width: str
    key: str = ""


@dataclass(frozen=True)
class Mark:
    """Ratings alike that took effect on a day; marks that would hide each other stand in lanes."""

    x: str
    lane: int
    key: str = ""
    count: int = 1

    @property
    def y(self) -> int:
        """How far from the top it stands, in CSS pixels."""
        return self.lane * LANE_HEIGHT


@dataclass(frozen=True)
class Strip:
    """A strip of time: labels of years, stretches, marks, and where today is."""

    years: list[tuple[int, str]]
    bands: list[Band]
    terms: list[Band]
    marks: list[Mark]
    today: str

    @property
    def floor(self) -> int:
        """How far from the top the lanes end, in CSS pixels: the terms stand below."""
        lanes = [mark.lane + 1 for mark in self.marks]
        return max([FEWEST_LANES, *lanes]) * LANE_HEIGHT + 4

    @property
    def has_numbers(self) -> bool:
        """Whether a mark stands for several ratings."""
        return any(mark.count > 1 for mark in self.marks)


Stretch = tuple[date, date | None]


def rated_strip(
    ratings: Sequence[tuple[date, str]], *, made_on: date, terms: Iterable[Stretch], today: date
) -> Strip:
    """Lay out how a pledge was rated, from the day it was made (or rated, if before) until today.

    `ratings` are days and keys of statuses, the oldest first. The time before the first is blank.
    """
    axis = Axis(min([made_on, *(day for day, _key in ratings)]), today)
    ends = [day for day, _key in ratings[1:]] + [today]
    bands = [
        Band(*axis.span(day, end), key)
        for (day, key), end in zip(ratings, ends, strict=True)
        if day <= today
    ]
    return Strip(axis.years(), bands, _terms(axis, terms), [], "100%")


def official_strip(
    events: Iterable[tuple[date, str]], *, terms: Sequence[Stretch], today: date
) -> Strip:
    """Lay out an official's years: the terms as stretches, ratings and elections as marks."""
    events = sorted(events)
    days = [day for day, _key in events] + [start for start, _end in terms]
    last = [day for day, _key in events] + [end for _start, end in terms if end]
    axis = Axis(min([*days, today]), max([*last, today]))
    return Strip(
        axis.years(), [], _terms(axis, terms), _in_lanes(axis, events), percent(axis.share(today))
    )


def _terms(axis: Axis, terms: Iterable[Stretch]) -> list[Band]:
    shown = [(start, end or axis.end) for start, end in terms]
    return [
        Band(*axis.span(start, end))
        for start, end in sorted(shown)
        if start < axis.end and end > axis.start
    ]


def _in_lanes(axis: Axis, events: Iterable[tuple[date, str]]) -> list[Mark]:
    """Put each mark into the first lane that is free there, or else into the one free soonest."""
    free_from = [0.0] * MOST_LANES
    marks = []
    for (day, key), count in Counter(events).items():
        share = axis.share(day)
        free = [lane for lane in range(MOST_LANES) if share >= free_from[lane]]
        lane = free[0] if free else free_from.index(min(free_from))
        free_from[lane] = share + NEAR + (NUMBER if count > 1 else 0)
        marks.append(Mark(percent(share), lane, key, count))
    return marks
