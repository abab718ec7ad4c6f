"""What a section of the benchmark says: one row for each thing measured, with its goal."""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One thing measured beside its limit, both in the same run."""

    work: str
    figure: str
    limit: str
    ratio: float | None
    goal: str
    is_met: bool | None


def row(
    work: str, figure: float, limit: float, *, unit: str, of: str, least: float = 0, most: float = 0
) -> Row:
    """Return a row whose ratio is figure by limit, at least or at most so much."""
    ratio = figure / limit
    goal, is_met = (f"≥ {least:g}", ratio >= least) if least else (f"≤ {most:g}", ratio <= most)
    return Row(work, f"{told(figure)} {unit}", f"{told(limit)} {unit}, {of}", ratio, goal, is_met)


def told(number: float) -> str:
    """Return a number as a person reads it."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def as_table(rows: Iterable[Row]) -> str:
    """Return rows as Markdown."""
    lines = ["| work | figure | limit in the same run | ratio | goal | met |",
        "|---|---:|---:|---:|---:|---|"]  # fmt: skip
    for each in rows:
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
        met = {True: "yes", False: "**no**", None: ""}[each.is_met]
        lines.append(
            f"| {each.work} | {each.figure} | {each.limit} | {ratio} | {each.goal} | {met} |"
        )
    return "\n".join(lines)


def in_turns(works: dict[str, Callable[[], float]], rounds: int = 3) -> dict[str, float]:
    """Measure each in turn, so that a busy machine slows all of them; return the medians."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(work())
        told_so_far = ", ".join(f"{name} {told(taken[-1])}" for name, taken in found.items())
        print(f"    {told_so_far}", file=sys.stderr, flush=True)
    return {name: median(taken) for name, taken in found.items()}


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def machine() -> str:
    """Return what is worth knowing of the machine, and how busy it is."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    cores, python = os.cpu_count(), platform.python_version()
    return f"{cores} cores ({platform.machine()}), Python {python}; load average {load}"
