"""Geometry of a line chart, drawn by a template as SVG: no library, no script.

What is drawn can be told apart without colour: the newest value of each period is a dot on the
line, a value published before its period was over a ring, another value of the same period a dash,
joined to it. The line breaks where periods are missing. Terms are shaded, marked periods hatched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# The drawing's own units; it is stretched to the width of the page, labels stand outside of it.
WIDTH, HEIGHT = 1000, 300
MOST_YEAR_LABELS = 8
# Half the length of the dash that another value is.
DASH = 4


@dataclass(frozen=True)
class Point:
    """The newest value of a period, and what else has been published of it.

    `is_after_gap` says that periods are missing between the point before and this one.
    """

    on: date
    value: Decimal
    is_provisional: bool = False
    others: tuple[Decimal, ...] = ()
    is_after_gap: bool = False


@dataclass(frozen=True)
class Rect:
    """A stretch of the drawing, from top to bottom."""

    x: str
    width: str


@dataclass(frozen=True)
class Chart:
    """A line over whole years, from zero or the lowest round value to a round value above all.

    All of it is text as SVG wants it; `rings` and `others` are empty where there is nothing.
    """

    lines: list[str]
    dots: str
    rings: str
    others: str
    values: list[Decimal]  # From the top to the bottom, evenly spaced.
    years: list[int]  # From left to right, evenly spaced.
    lines_across: list[str]
    lines_down: list[str]
    terms: list[Rect]
    marked: list[Rect]


Stretch = tuple[date, date | None]


@dataclass(frozen=True)
class _Plane:
    """From days and values to places on the drawing."""

    first: int
    last: int
    lowest: Decimal
    height: Decimal

    def x(self, day: date) -> float:
        start, end = date(self.first, 1, 1), date(self.last, 1, 1)
        share = (day - start).days / (end - start).days
        return round(min(max(share, 0), 1) * WIDTH, 1)

    def y(self, value: Decimal) -> float:
        return round(HEIGHT - float((value - self.lowest) / self.height) * HEIGHT, 1)

    def rects(self, stretches: Iterable[Stretch]) -> list[Rect]:
        """Return what of these stretches is on the drawing, each day once."""
        found, reached = [], 0.0
        for start, end in sorted(stretches, key=lambda stretch: stretch[0]):
            left = max(self.x(start), reached)
            right = self.x(end) if end else float(WIDTH)
            if right > left:
                found.append(Rect(f"{left:g}", f"{right - left:g}"))
                reached = right
        return found


def line_chart(
    points: Sequence[Point], *, terms: Iterable[Stretch] = (), marked: Iterable[Stretch] = ()
) -> Chart:
    """Lay out at least one point, in order of date."""
    values = [value for point in points for value in (point.value, *point.others)]
    lowest, step, steps = round_scale(values)
    first, last, every = year_scale(points[0].on.year, points[-1].on.year)
    plane = _Plane(first, last, lowest, step * steps)
    placed = [(plane.x(point.on), plane.y(point.value), point) for point in points]
    return Chart(
        lines=_lines(placed),
        dots=" ".join(f"M{x:g} {y:g}h0" for x, y, point in placed if not point.is_provisional),
        rings=" ".join(f"M{x:g} {y:g}h0" for x, y, point in placed if point.is_provisional),
        others=" ".join(
            f"M{x:g} {y:g}V{plane.y(other):g}m-{DASH} 0h{2 * DASH}"
            for x, y, point in placed
            for other in point.others
        ),
        values=[lowest + step * number for number in range(steps, -1, -1)],
        years=list(range(first, last + 1, every)),
        lines_across=[f"{HEIGHT * number / steps:g}" for number in range(1, steps)],
        lines_down=[
            f"{WIDTH * (year - first) / (last - first):.1f}"
            for year in range(first + every, last, every)
        ],
        terms=plane.rects(terms),
        marked=plane.rects(marked),
    )


def _lines(placed: Iterable[tuple[float, float, Point]]) -> list[str]:
    """Return the lines from point to point, a new one after each gap; a lone point has none."""
    lines: list[list[str]] = [[]]
    for x, y, point in placed:
        if point.is_after_gap:
            lines.append([])
        lines[-1].append(f"{x:g},{y:g}")
    return [" ".join(line) for line in lines if len(line) > 1]


def round_scale(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, int]:
    """Return where the scale begins, its step and how many steps, all round numbers.

    It begins at zero unless a value lies below: a cut-off axis makes small changes look large.
    """
    highest, lowest = max(*values, Decimal(0)), min(*values, Decimal(0))
    span = highest - lowest or Decimal(1)
    power = Decimal(10) ** (span / 4).adjusted()
    step = next(step for n in (1, 2, 5, 10) if (step := n * power) * 4 >= span)
    start = (lowest / step).to_integral_value(rounding="ROUND_FLOOR") * step
    steps = int(((highest - start) / step).to_integral_value(rounding="ROUND_CEILING")) or 1
    return start, step, steps


def year_scale(first: int, last: int) -> tuple[int, int, int]:
    """Return the first and last label and the years between labels, so that they fit."""
    last += 1
    every = -(-(last - first) // (MOST_YEAR_LABELS - 1))
    return first, first + every * -(-(last - first) // every), every
