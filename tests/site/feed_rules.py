"""What RFC 4287 and JSON Feed 1.1 ask of a feed, rule by rule, with where each is written."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

A = "{http://www.w3.org/2005/Atom}"
ENTRY = {"id": 1, "title": 1, "updated": 1}
AT_MOST_ONE = {"id", "title", "updated", "subtitle", "rights", "published", "content", "summary"}
KNOWN = {
    "feed": {"author", "category", "contributor", "generator", "icon", "id", "link", "logo",
             "rights", "subtitle", "title", "updated", "entry"},
    "entry": {"author", "category", "content", "contributor", "id", "link", "published",
              "rights", "source", "summary", "title", "updated"},
}  # fmt: skip
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def atom_faults(body: bytes) -> list[str]:
    """Return what is wrong with an Atom feed."""
    root = ElementTree.fromstring(body)
    faults = [] if root.tag == f"{A}feed" else ["the root is no atom:feed"]
    faults += _element_faults(root, "feed")
    entries = root.findall(f"{A}entry")
    for entry in entries:
        faults += _element_faults(entry, "entry")
        # 4.1.2: an entry has an author unless its feed has one.
        if entry.find(f"{A}author/{A}name") is None and root.find(f"{A}author") is None:
            faults.append("an entry without author")
        # 4.1.2: without content there must be an alternate link.
        if entry.find(f"{A}content") is None and not _links(entry, "alternate"):
            faults.append("an entry without content and page")
        published, updated = entry.findtext(f"{A}published"), entry.findtext(f"{A}updated")
        if published and updated and _moment(published) > _moment(updated):
            faults.append("updated before it was published")
    ids = [entry.findtext(f"{A}id") for entry in entries]
    if len(set(ids)) != len(ids):
        faults.append("two entries with one id")
    # 4.1.1: a feed should name itself.
    if len(_links(root, "self")) != 1:
        faults.append("no link to itself")
    return faults


def _element_faults(element: ElementTree.Element, kind: str) -> list[str]:
    """Return what is wrong with a feed or an entry by itself."""
    names = [child.tag.removeprefix(A) for child in element]
    faults = [f"{kind}: unknown {name}" for name in set(names) - KNOWN[kind]]
    faults += [f"{kind}: no {name}" for name in ENTRY if name not in names]
    faults += [f"{kind}: {name} twice" for name in AT_MOST_ONE if names.count(name) > 1]
    for name in ("updated", "published"):  # 3.3
        for moment in element.findall(f"{A}{name}"):
            if not RFC3339.fullmatch(moment.text or ""):
                faults.append(f"{kind}: {name} is {moment.text}")
    # 4.2.6: an id is an absolute IRI.
    if not urlsplit(element.findtext(f"{A}id") or "").scheme:
        faults.append(f"{kind}: id is no address")
    # 4.1.1: at most one alternate of the same type and language.
    if len(_links(element, "alternate")) > 1:
        faults.append(f"{kind}: two alternates")
    for link in element.findall(f"{A}link"):
        if not urlsplit(link.get("href", "")).netloc:
            faults.append(f"{kind}: link {link.get('href')}")
    faults += [
        f"{kind}: category without term"
        for category in element.findall(f"{A}category")
        if not category.get("term")
    ]
    return faults


def _links(element: ElementTree.Element, rel: str) -> list[ElementTree.Element]:
    return [link for link in element.findall(f"{A}link") if link.get("rel") == rel]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def json_feed_faults(body: bytes) -> list[str]:
    """Return what is wrong with a JSON Feed 1.1."""
    feed: dict[str, Any] = json.loads(body)
    known = {"version", "title", "home_page_url", "feed_url", "description", "language", "items",
             "next_url", "authors", "icon", "favicon", "user_comment", "expired",
             "hubs"}  # fmt: skip
    faults = [f"unknown {name}" for name in feed.keys() - known]
    if feed.get("version") != "https://jsonfeed.org/version/1.1" or not feed.get("title"):
        faults.append("no version or title")
    for item in feed.get("items", ["no items"]):
        if not isinstance(item.get("id"), str) or not item["id"]:
            faults.append("an item without id")
        if not ("content_text" in item or "content_html" in item):
            faults.append("an item without content")
        faults += [
            f"{name} is {item[name]}"
            for name in ("date_published", "date_modified")
            if name in item and not RFC3339.fullmatch(item[name])
        ]
        if not all(author.get("name") or author.get("url") for author in item.get("authors", [])):
            faults.append("an author without name")
        if not all(isinstance(tag, str) for tag in item.get("tags", [])):
            faults.append("a tag that is no text")
        if not urlsplit(item.get("url", "")).netloc:
            faults.append(f"url {item.get('url')}")
    return faults
