"""Geometry of a line chart, drawn by a template as SVG: no library, no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# The drawing's own units; it is stretched to the width of the page, labels stand outside of it.
WIDTH, HEIGHT = 1000, 300
MOST_YEAR_LABELS = 8


@dataclass(frozen=True)
class Chart:
    """A line over whole years, from zero or the lowest round value to a round value above all."""

    points: str
    dots: str
    values: list[Decimal]  # From the top to the bottom, evenly spaced.
    years: list[int]  # From left to right, evenly spaced.
    lines_across: list[float]
    lines_down: list[float]


def line_chart(points: Sequence[tuple[date, Decimal]]) -> Chart:
    """Lay out at least one point, in order of date."""
    lowest, step, steps = round_scale([value for _day, value in points])
    first, last, every = year_scale(points[0][0].year, points[-1][0].year)
    start, days = date(first, 1, 1), (date(last, 1, 1) - date(first, 1, 1)).days
    placed = [
        (
            round((day - start).days / days * WIDTH, 1),
            round(HEIGHT - float((value - lowest) / (step * steps)) * HEIGHT, 1),
        )
        for day, value in points
    ]
    return Chart(
        points=" ".join(f"{x:g},{y:g}" for x, y in placed),
        dots=" ".join(f"M{x:g} {y:g}h0" for x, y in placed),
        values=[lowest + step * number for number in range(steps, -1, -1)],
        years=list(range(first, last + 1, every)),
        lines_across=[HEIGHT * number / steps for number in range(1, steps)],
        lines_down=[
            round(WIDTH * (year - first) / (last - first), 1)
            for year in range(first + every, last, every)
        ],
    )


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
