"""The sitemap (sitemaps.org 0.9): every public page of a record, and when it last changed.

Each page stands in it once a language, with where it is in the others.

`lastmod` comes from the ledger. Where the ledger cannot say it for a page, none is given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.db.models import DateTimeField, F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from promises.common.canonical import timestamp
from promises.evidence.models import Evidence
from promises.ledger.models import Entry
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.pledges.querysets import PledgeQuerySet
from promises.record_requests.models import RecordRequest
from promises.site.feeds import absolute
from promises.site.languages import in_language
from promises.site.serving import public

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Pages that show what is newest, and pages that change with the software.
LISTS = ("home", "prosecutors", "pledges", "topics", "updates")
OTHERS = (
    "stale", "metrics", "record_requests", "compare", "follow", "methodology", "corrections",
    "about", "data", "data_latest",
)  # fmt: skip
XHTML = "http://www.w3.org/1999/xhtml"
# Records in one file: 4 MB. The protocol allows 50,000 addresses, of which each record has one a
# language, but a file of these kept its reader waiting for seconds.
MOST = 5000


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Show all addresses, or the list of files of them when they are more than fit in one.

    Thirteen queries: how many of each kind, the newest entry, each kind.
    """
    sections = _sections()
    total = sum(section.count for section in sections)
    if total <= MOST:
        return _file("urlset", _in_languages(_rows(sections, 0)))
    parts = [
        Page(reverse("programs:sitemap_part", args=[number]))
        for number in range(1, -(-total // MOST) + 1)
    ]
    return _file("sitemapindex", iter(parts))


@public
def part(request: HttpRequest, number: int) -> HttpResponse:
    """Show one file of many, counted from 1. Raises Http404 behind the last."""
    rows = list(_rows(_sections(), (number - 1) * MOST)) if number else []
    if not rows:
        raise Http404
    return _file("urlset", _in_languages(iter(rows)))


Row = tuple[str, datetime | None]


@dataclass(frozen=True)
class Page:
    """One address, when its page changed last, and where the same is in which language."""

    path: str
    changed_at: datetime | None = None
    languages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """Pages of one kind: how many, and the query of their names and last changes."""

    view: str
    rows: QuerySet[Any]
    count: int


def _sections() -> list[Section]:
    """Return the kinds of pages in their order. One query each."""
    found: dict[str, QuerySet[Any]] = {
        "prosecutor": _with_changes(
            _with_entries(Person.objects.published().prosecutors(), "people"),
            Pledge.objects.published().filter(person=OuterRef("pk")),
        ),
        "topic": _with_changes(
            _with_entries(Topic.objects.all(), "topics"),
            # Asked for either by itself, since no index answers both at once.
            Pledge.objects.published().filter(topic=OuterRef("pk")),
            Pledge.objects.published().filter(topic__parent=OuterRef("pk")),
        ),
        "pledge": Pledge.objects.published().annotate(changed_at=F("updated_at")),
        "evidence": _with_entries(Evidence.objects.published(), "evidence").annotate(
            changed_at=F("written_at")
        ),
        "metric": Metric.objects.published().annotate(
            changed_at=Value(None, output_field=DateTimeField())
        ),
        "record_request": _with_entries(
            RecordRequest.objects.published(), "record_requests"
        ).annotate(changed_at=F("written_at")),
    }
    return [Section(view, rows, rows.count()) for view, rows in found.items()]


def _with_entries(rows: Any, table: str) -> Any:
    """Add `written_at`: when the ledger last wrote a row of this table."""
    entries = Entry.objects.filter(subject=Concat(Value(f"{table}/"), OuterRef("slug")))
    return rows.annotate(written_at=Subquery(entries.order_by("-edition").values("at")[:1]))


def _with_changes(rows: Any, *pledges: PledgeQuerySet) -> Any:
    """Add `changed_at`: when the row itself, or one of its pledges, changed last."""
    newest = [
        Subquery(some.order_by().values("state").annotate(at=Max("updated_at")).values("at"))
        for some in pledges
    ]
    return rows.annotate(changed_at=Greatest("written_at", *newest))


def _rows(sections: list[Section], start: int) -> Iterator[Row]:
    """Return up to MOST addresses from a place on; the pages without a record come first."""
    found: list[Iterator[Row]] = [_lists()] if start == 0 else []
    left = MOST
    for section in sections:
        skipped = min(start, section.count)
        taken = min(left, section.count - skipped)
        start, left = start - skipped, left - taken
        if taken:
            rows = section.rows.order_by("pk").values_list("slug", "changed_at")
            found.append(_named(section.view, rows[skipped : skipped + taken]))
    return chain(*found)


def _named(view: str, rows: QuerySet[Any]) -> Iterator[Row]:
    return ((reverse(f"site:{view}", args=[slug]), changed_at) for slug, changed_at in rows)


def _lists() -> Iterator[Row]:
    newest = Entry.objects.order_by("edition").last()
    changed_at = newest.at if newest else None
    rows: list[Row] = [(reverse(f"site:{view}"), changed_at) for view in LISTS]
    return iter([*rows, *((reverse(f"site:{view}"), None) for view in OTHERS)])


def _in_languages(rows: Iterator[Row]) -> Iterator[Page]:
    """Return each page in each of its languages."""
    for path, changed_at in rows:
        own = {code: in_language(path, code) for code, _name in settings.LANGUAGES}
        languages = (*own.items(), ("x-default", path))
        yield from (Page(each, changed_at, languages) for each in own.values())


def _file(root: str, pages: Iterator[Page]) -> HttpResponse:
    ElementTree.register_namespace("", NAMESPACE)
    ElementTree.register_namespace("xhtml", XHTML)
    element = ElementTree.Element(f"{{{NAMESPACE}}}{root}")
    item = "url" if root == "urlset" else "sitemap"
    for page in pages:
        row = ElementTree.SubElement(element, f"{{{NAMESPACE}}}{item}")
        ElementTree.SubElement(row, f"{{{NAMESPACE}}}loc").text = absolute(page.path)
        if page.changed_at:
            changed = ElementTree.SubElement(row, f"{{{NAMESPACE}}}lastmod")
            changed.text = timestamp(page.changed_at)
        for code, path in page.languages:
            names = {"rel": "alternate", "hreflang": code, "href": absolute(path)}
            ElementTree.SubElement(row, f"{{{XHTML}}}link", names)
    body = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
