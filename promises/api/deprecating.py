"""How something of the API is on its way out: marked where it is declared, told in headers.

A resource, a parameter or a field that is deprecated works as before until its last day. Answers
that involve it say since when and until when: Deprecation (RFC 9745) and Sunset (RFC 8594).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date

# How long whatever is deprecated goes on working at least, in days (docs/api.md).
SHORTEST_DAYS = 365
# Where the rules stand.
_RULES = "/api/docs/#what-stays"


@dataclass(frozen=True)
class Deprecated:
    """Since when something is on its way out, its last day, and what to use `instead`.

    Raises ValueError for a last day that comes too soon.
    """

    since: date
    until: date
    instead: str

    def __post_init__(self) -> None:
        if (self.until - self.since).days < SHORTEST_DAYS:
            raise ValueError(f"What is deprecated works for {SHORTEST_DAYS} days at least.")

    @property
    def about(self) -> str:
        """A sentence for the documentation."""
        return f"Deprecated since {self.since}, works until {self.until}. {self.instead}"


def tell(response: HttpResponse, found: Sequence[Deprecated]) -> None:
    """Say in the headers of an answer that it involves these; the soonest days count."""
    if not found:
        return
    response["Deprecation"] = f"@{int(_begin(min(one.since for one in found)).timestamp())}"
    response["Sunset"] = http_date(_end(min(one.until for one in found)).timestamp())
    rules = f'<{settings.SITE_URL}{_RULES}>; rel="deprecation"; type="text/html"'
    links = [response["Link"]] if response.has_header("Link") else []
    response["Link"] = ", ".join([*links, rules])


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _end(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)
