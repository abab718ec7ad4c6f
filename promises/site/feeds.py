"""Feeds of whatever happens in the record: one list of entries, as Atom (RFC 4287) and JSON Feed.

A view gathers a Feed and hands it to `as_atom` or `as_json`. The id of an entry is made from the
public name of its row, so it stays when the site moves or the record is loaded again elsewhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5
from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from promises.common.text import FORBIDDEN

ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# The name space of our ids: never changes, or every reader would see all entries as new.
_IDS = UUID("6d0b8a5e-5b0f-4f0b-9c39-2a8a2b1d7f10")
# When a feed without entries was changed last. It has to say something, and always the same.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def entry_id(*names: str) -> str:
    """Return the lasting id of what these public names name together."""
    return uuid5(_IDS, "/".join(names)).urn


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


@dataclass(frozen=True)
class FeedEntry:
    """One thing that happened: `path` is its page here, `text` all of it in plain words.

    `changed_at` is set when the text says more than it did at first.
    """

    id: str
    title: str
    path: str
    text: str
    at: datetime
    author: str
    tags: Sequence[str] = ()
    changed_at: datetime | None = None

    @property
    def updated_at(self) -> datetime:
        """When its text last changed."""
        return self.changed_at or self.at


@dataclass(frozen=True)
class Feed:
    """A page of a feed, the newest entry first; `next` is the query string of the page after."""

    name: str
    title: str
    about: str
    path: str
    entries: Sequence[FeedEntry]
    next: str = ""

    @property
    def updated_at(self) -> datetime:
        """When the last of its entries was written or changed."""
        return max((entry.updated_at for entry in self.entries), default=_NEVER)


def as_atom(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Answer with a feed as Atom."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {"xml:lang": get_language()})
    _add(root, "id", _feed_id(feed))
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.about)
    _add(root, "updated", _time(feed.updated_at))
    _add(root, "rights", LICENCE)
    _add(root, "link", rel="self", type=ATOM_TYPE, href=_own(request))
    _add(root, "link", rel="alternate", type="text/html", href=absolute(feed.path))
    if feed.next:
        _add(root, "link", rel="next", type=ATOM_TYPE, href=absolute(request.path + feed.next))
    for entry in feed.entries:
        _add_entry(root, entry)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return _answer(body, ATOM_TYPE)


def as_json(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Answer with a feed as JSON Feed 1.1."""
    content: dict[str, Any] = {
        "version": JSON_VERSION,
        "title": _plain(feed.title),
        "description": _plain(feed.about),
        "home_page_url": absolute(feed.path),
        "feed_url": _own(request),
        "language": get_language(),
        "items": [
            {
                "id": entry.id,
                "url": absolute(entry.path),
                "title": _plain(entry.title),
                "content_text": _plain(entry.text),
                "date_published": _time(entry.at),
                "date_modified": _time(entry.updated_at),
                "authors": [{"name": _plain(entry.author)}],
                "tags": [*entry.tags],
            }
            for entry in feed.entries
        ],
    }
    if feed.next:
        content["next_url"] = absolute(request.path + feed.next)
    body = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return _answer(body, JSON_TYPE)


def _feed_id(feed: Feed) -> str:
    """Return the id of a feed: the same in another language is another feed."""
    language = get_language()
    other = [language] if language != settings.LANGUAGE_CODE else []
    return entry_id("feeds", feed.name, *other)


def _add_entry(root: ElementTree.Element, entry: FeedEntry) -> None:
    item = _add(root, "entry")
    _add(item, "id", entry.id)
    _add(item, "title", entry.title)
    _add(item, "updated", _time(entry.updated_at))
    _add(item, "published", _time(entry.at))
    _add(_add(item, "author"), "name", entry.author)
    _add(item, "link", rel="alternate", type="text/html", href=absolute(entry.path))
    for tag in entry.tags:
        _add(item, "category", term=tag)
    _add(item, "content", entry.text, type="text")


def _add(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = _plain(text) or None
    return element


def _plain(text: str) -> str:
    """Return a text without what XML cannot hold: one such character makes a feed unreadable."""
    return FORBIDDEN.sub("", text)


def _time(moment: datetime) -> str:
    """Return a moment as RFC 3339 has it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _own(request: HttpRequest) -> str:
    """Return the address of this page of the feed."""
    page = request.GET.get("page")
    return absolute(request.path + (f"?page={page}" if page else ""))


def _answer(body: bytes, media_type: str) -> HttpResponse:
    """Return the body, which scripts of other sites may read."""
    response = HttpResponse(body, content_type=f"{media_type}; charset=utf-8")
    # No Last-Modified: where the newest entry is withdrawn it would go back, or stay.
    response["Access-Control-Allow-Origin"] = "*"
    return response
