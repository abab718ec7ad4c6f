"""Reads what a feed sent: Atom, RSS or RDF, broken or hostile, into plain entries."""

import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from html import unescape
from io import BytesIO
from time import struct_time
from typing import Any
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags

from promises.common.links import public_web_address
from promises.common.text import FORBIDDEN, UNREADABLE
from promises.discovery.rules import (
    DEEPEST,
    LARGEST_BROKEN,
    LONGEST_GUID,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_ENTRIES,
    believable,
)


class NoFeed(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """What came is no feed that we read. The message says why."""


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: `guid` names it within the feed, all texts are plain."""

    guid: str
    url: str
    title: str
    summary: str
    published_on: date | None


def read_feed(content: bytes, *, url: str, media_type: str, today: date) -> list[Entry]:
    """Return the entries of a feed, without those that have no web address or no title.

    1. Walk the XML once without building anything: entities, depth and size end it.
    2. Hand it to feedparser, which mends what feeds get wrong.
    3. Keep plain text, real addresses and days that can be.

    `url` is where it was read, for relative links. Raises NoFeed.
    """
    # Read in by who reads feeds: it takes three megabytes.
    import feedparser

    _refuse_hostile(content)
    headers = {"content-location": url, "content-type": media_type or "application/xml"}
    parsed = feedparser.parse(
        BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=True
    )
    if not parsed.entries and not parsed.get("version"):
        raise NoFeed("What came is no Atom or RSS feed.")
    found = {entry.guid: entry for entry in _entries(parsed.entries[:MOST_ENTRIES], today)}
    return list(found.values())


def _entries(entries: list[Any], today: date) -> Iterator[Entry]:
    for entry in entries:
        url = str(entry.get("link") or "").strip()
        title = plain_text(str(entry.get("title") or ""), LONGEST_TITLE)
        if not title or not _is_web(url):
            continue
        guid = str(entry.get("id") or url)
        if len(guid) > LONGEST_GUID or FORBIDDEN.search(guid):
            guid = sha256(guid.encode("utf-8", "replace")).hexdigest()
        yield Entry(
            guid=guid,
            url=url,
            title=title,
            summary=plain_text(str(entry.get("summary") or ""), LONGEST_SUMMARY),
            published_on=believable(_day(entry), today),
        )


def plain_text(value: str, longest: int) -> str:
    """Return the words of a text that may be HTML, without tags, in one line."""
    text = strip_tags(re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|\Z)", " ", value[: longest * 20]))
    text = FORBIDDEN.sub("", UNREADABLE.sub(" ", unescape(text)))
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _is_web(url: str) -> bool:
    try:
        public_web_address(url)
    except ValidationError:
        return False
    return len(url) <= LONGEST_URL and url.isprintable() and " " not in url


def _day(entry: Any) -> date | None:
    """Return the day of publication, else of the last change, in UTC."""
    for name in ("published_parsed", "updated_parsed"):
        # Past the mapping of feedparser, which reads one for the other and warns.
        moment = dict.get(entry, name)
        if isinstance(moment, struct_time):
            try:
                return datetime.fromtimestamp(timegm(moment), UTC).date()
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _refuse_hostile(content: bytes) -> None:
    """Raise NoFeed for what would cost more than a feed is worth.

    Expat neither fetches anything nor expands entities here: the first declaration of one ends
    it (XXE, billion laughs). A feed that is no XML is let through to feedparser if it is small.
    """
    depth = 0

    def down(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise NoFeed("Its elements lie deeper in each other than those of any feed.")

    def up(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(*_declared: object) -> None:
        raise NoFeed("It declares entities of its own, which no feed needs.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = down, up
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if len(content) > LARGEST_BROKEN or b"<!ENTITY" in content:
            raise NoFeed("It is no well-formed XML, and too large to be mended.") from error
