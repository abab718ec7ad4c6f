"""Reads a page as its readers meet it: its words, its structure."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = {"meta", "link", "input", "br", "img", "hr"}
CLOSED_BY_ITSELF = {"use", "circle", "path", "polyline", "rect"}


def words(response: HttpResponse) -> str:
    """Return the text of the page's main part, with single spaces."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    text = re.sub(r"<(svg|script).*?</\1>", "", main, flags=re.DOTALL)
    # Inline elements do not break a word; all others do.
    text = re.sub(r"</?(a|span|strong|del|ins)\b[^>]*>", "", text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


@dataclass
class Structure(HTMLParser):
    """The skeleton of a page, and what is wrong with it."""

    text: str
    headings: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    refers_to: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    controls: list[str] = field(default_factory=list)
    landmarks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    language: str | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID | CLOSED_BY_ITSELF:
            self.open.append(tag)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag in {"header", "nav", "main", "footer"}:
            self.landmarks.append(tag)
        is_data = tag == "script" and given.get("type") == "application/ld+json"
        if tag in {"script", "style", "iframe", "object"} and not is_data:
            self.faults.append(f"<{tag}>")
        if tag == "html":
            self.language = given.get("lang")
        if tag == "label":
            self.labels.add(given.get("for") or "")
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.controls.append(given.get("id") or "")
        if tag == "th" and "scope" not in given:
            self.faults.append("<th> without scope")
        self._attributes(given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()

    def _attributes(self, given: dict[str, str | None]) -> None:
        self.faults += [f"{name}=" for name in given if name == "style" or name.startswith("on")]
        if "id" in given:
            self.ids.append(given["id"] or "")
        if labelled_by := given.get("aria-labelledby"):
            self.refers_to.add(labelled_by)
        if (href := given.get("href")) and href.startswith("#"):
            self.refers_to.add(href[1:])
