"""A language in which every message stands in brackets, and what of a page stands outside them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import engines
from django.utils.translation import trans_real

from promises.common import dates

OPENS, CLOSES = "⟦", "⟧"
# Attributes that readers see or hear.
SHOWN = {"alt", "title", "placeholder", "aria-label", "data-label"}
_META = re.compile(r"description$|title$|site_name$|:alt$")
# What stands between messages: figures, dates and signs.
_WORDS = re.compile(r"[^\W\d_]{2,}")
# What the format of dates puts between a day, a month and a year.
_OF_DATES = re.compile(r"\bde\b")


class Bracketed(trans_real.DjangoTranslation):
    """Spanish as far as Django can tell; each message is itself, in brackets.

    `missing` are the messages that were asked for and have no Spanish words.
    """

    def __init__(self) -> None:
        self.missing: set[str] = set()
        super().__init__("es")

    def gettext(self, message: str) -> str:
        """Return a message in brackets, without what tells it from others that read alike."""
        if self._catalog.get(message) is None:  # type: ignore[attr-defined]
            self.missing.add(message)
        return _bracketed(message)

    def ngettext(self, msgid1: str, msgid2: str, n: Any) -> str:
        """Return a message in brackets, in one of the two English numbers."""
        try:
            self._catalog.plural(msgid1, n)  # type: ignore[attr-defined]
        except KeyError:
            self.missing.add(msgid1)
        return _bracketed(msgid1 if n == 1 else msgid2)


def _bracketed(message: str) -> str:
    said = message.rpartition("\x04")[2]
    return f"{OPENS}{said}{CLOSES}" if said else ""


def speak(monkeypatch: pytest.MonkeyPatch) -> Bracketed:
    """Let this stand for Spanish until the test is over."""
    language = Bracketed()
    monkeypatch.setitem(trans_real._translations, "es", language)  # type: ignore[attr-defined]
    # What this process has put together in real Spanish is not this language, nor the reverse.
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        monkeypatch.setattr(loader, "get_template_cache", {})
    monkeypatch.setattr(dates, "_written", dates._written.__wrapped__)
    return language


@dataclass
class Outside(HTMLParser):
    """What readers see of a page that is neither a message nor marked as words of the record.

    `bare` is text of the page; `named` stands in attributes, the head and options, where words
    of the record cannot be marked.
    """

    text: str
    bare: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    open: list[tuple[str, bool]] = field(default_factory=list)
    # How many brackets are open: elements may stand inside a message.
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_english = given.get("lang") == "en" or self._is_english
        if tag == "meta" and _META.search(given.get("name", given.get("property", ""))):
            self._keep(self.named, given.get("content", ""))
        for name in SHOWN & given.keys():
            self._keep(self.named, given[name])
        if tag not in {"meta", "link", "input", "br", "img", "hr"}:
            self.open.append((tag, is_english))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _english in self.open}
        if tags & {"script", "style"}:
            return
        rest, self.depth = outside(data, self.depth)
        # What readers typed themselves comes back to them as they typed it.
        if rest and not tags & {"code", "textarea"} and not self._is_english:
            (self.named if tags & {"title", "option"} else self.bare).append(rest)

    @property
    def _is_english(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def _keep(self, where: list[str], text: str) -> None:
        rest, _depth = outside(text)
        if rest:
            where.append(rest)


def outside(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what of a text stands outside of brackets if there is a word in it, and the depth."""
    kept = []
    for sign in text:
        depth += (sign == OPENS) - (sign == CLOSES)
        if depth == 0 and sign != CLOSES:
            kept.append(sign)
    rest = _OF_DATES.sub(" ", " ".join("".join(kept).split()))
    return (rest if _WORDS.search(rest) else ""), depth


def unknown(texts: list[str], known: set[str]) -> list[str]:
    """Return those in which a word is left when everything known is taken out."""
    found = []
    for text in texts:
        rest = text
        for name in sorted(known, key=len, reverse=True):
            rest = rest.replace(name, " ")
        if _WORDS.search(rest):
            found.append(text)
    return found
