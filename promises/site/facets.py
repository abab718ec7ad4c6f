"""By what a search can be narrowed: the values that hits have, how many each, and the way there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from promises.site.templatetags.languages import termed

# So many values of a facet are shown, the most frequent.
MOST_VALUES = 30
TITLES = {
    "in": _("Pledges or evidence"),
    "prosecutor": _("Prosecutor"),
    "topic": _("Topic"),
    "status": _("Status"),
    "kind": _("Kind of evidence"),
}


@dataclass(frozen=True)
class Facet:
    """One value of a facet: its words, how many have it, and the search with or without it."""

    label: str
    count: int
    query: str
    is_chosen: bool


class Facets:
    """How many hits have each value of each facet. `labels` are the words of the values known."""

    def __init__(self, labels: Mapping[str, Mapping[str, Any]]) -> None:
        self._labels = {name: dict(words) for name, words in labels.items()}
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in TITLES}

    def count(self, name: str, values: Iterable[str] | Mapping[str, int]) -> None:
        """Count a hit for each of these, or as many as are given with each."""
        self._counts[name].update(values)

    def count_named(self, name: str, values: Sequence[tuple[str, str]]) -> None:
        """Count a hit for each of these values, which bring their words."""
        self.count(name, (value for value, _words in values))
        self._labels[name].update(values)

    def shown(
        self, request: HttpRequest, chosen: Mapping[str, str]
    ) -> list[tuple[Any, list[Facet]]]:
        """Return each facet that has values, with its title; what is chosen is among them."""
        return [
            (title, facets)
            for name, title in TITLES.items()
            if (facets := self._facets(request, name, chosen[name]))
        ]

    def _facets(self, request: HttpRequest, name: str, chosen: str) -> list[Facet]:
        values = self._values(name, chosen)
        without = _query_without(request, name) if values else ""
        return [
            Facet(
                self._label(name, value),
                count,
                without if value == chosen else f"{without}&{urlencode({name: value})}",
                value == chosen,
            )
            for value, count in values
        ]

    def _label(self, name: str, value: str) -> str:
        label = self._labels[name].get(value, value)
        return conditional_escape(termed(label) if name == "topic" else label)

    def _values(self, name: str, chosen: str) -> list[tuple[str, int]]:
        """Return the most frequent values first; with the chosen one, whatever its count."""
        counts = self._counts[name]
        found = sorted((+counts).items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
        if chosen and all(value != chosen for value, _count in found):
            found.append((chosen, counts[chosen]))
        return found


def _query_without(request: HttpRequest, name: str) -> str:
    """Return the query string of the same search from its first page, not narrowed by this."""
    kept = (each for each in request.GET.lists() if each[0] not in {"page", name})
    return f"?{urlencode(list(kept), doseq=True)}"
