"""The languages that a page can be read in, and the words of the record in them.

What the record says is written in English. On a page in another language it is shown as it is and
marked as English, for readers and for what reads to them; a pledge that was translated is not.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from promises.common.dates import utc_date
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from promises.site.general_terms import in_words, term_for
from promises.site.languages import in_language, language_of
from promises.site.named import KNOWN, words_for
from promises.site.translations import is_in_english, statement_of, title_of

register = template.Library()
# Longer ones were not made by a form of ours: a page does not repeat them.
LONGEST_QUERY = 500
# Paths that are written the same however they were asked for.
_PLAIN = re.compile(r"[-a-zA-Z0-9_./]*")


@dataclass(frozen=True)
class InLanguage:
    """A page in one language: its code, its own name, and where the page is."""

    code: str
    name: str
    path: str

    @property
    def address(self) -> str:
        """Return the whole address, as RFC 8288 links want it."""
        return f"{settings.SITE_URL}{self.path}"

    @property
    def is_default(self) -> bool:
        """Whether it is for readers of any other language too."""
        return self.code == settings.LANGUAGE_CODE


@register.filter
def in_languages(request: HttpRequest | None) -> list[InLanguage]:
    """Return the page that was asked for in every language; nothing where there is no page."""
    if request is None or request.resolver_match is None:
        return []
    known: list[InLanguage] | None = getattr(request, "in_languages", None)
    if known is None:
        known = [
            InLanguage(code, name, _address_in(request, code)) for code, name in settings.LANGUAGES
        ]
        request.in_languages = known  # type: ignore[attr-defined]  # a page says it twice
    return known


def _address_in(request: HttpRequest, code: str) -> str:
    """Return the address of the page in a language."""
    here, path = _address_of(request), request.path
    match = request.resolver_match
    if match is None or match.app_name != "site" or not _PLAIN.fullmatch(path):
        return translate_url(here, code)
    language = language_of(path)
    in_english = here if language == settings.LANGUAGE_CODE else here.removeprefix(f"/{language}")
    return in_language(in_english, code)


def _address_of(request: HttpRequest) -> str:
    """Return path and query; without a query that is no list's, and without the day of today."""
    query = request.META["QUERY_STRING"]
    if request.GET.get("as_of") == utc_date(timezone.now()).isoformat():
        rest = request.GET.copy()
        del rest["as_of"]
        query = rest.urlencode()
    return f"{request.path}?{query}" if 0 < len(query) <= LONGEST_QUERY else request.path


@register.filter
def written(text: Any) -> Any:
    """Print words of the record, which are English, and say so where the page is not."""
    if is_in_english() or not text:
        return text
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text)


@register.filter
def called(subject: Pledge | Person | Topic | str) -> Any:
    """Print what somebody follows so that it is known in a line: titles of pledges repeat.

    In place of what was withdrawn there are words for that.
    """
    if isinstance(subject, Pledge):
        return format_html("{}: {}", subject.person, titled(subject))
    return termed(subject) if isinstance(subject, Topic) else subject


@register.filter
def named(name: str) -> Any:
    """Print what the record uses as a name, a unit or a stage, in words: translated if known."""
    return words_for(name) if name in KNOWN else written(words_for(name))


@register.filter
def termed(term: Any) -> Any:
    """Print a topic, its sentence or an office: translated, or else as it was written."""
    return term_for(str(term)) or written(term)


@register.filter
def plain_term(term: Any) -> str:
    """Print a term where no element can stand: in attributes, options and <title>."""
    return in_words(str(term))


@register.filter
def as_term_written(term: Any) -> SafeString:
    """Return the attribute of an element that holds nothing but a term nobody has translated."""
    return mark_safe("") if term_for(str(term)) else as_written()


@register.simple_tag
def as_written() -> SafeString:
    """Return the attribute of an element that holds nothing but words of the record."""
    return mark_safe("" if is_in_english() else f' lang="{settings.LANGUAGE_CODE}"')  # noqa: S308


@register.filter
def locale(language: str) -> str:
    """Print a language as Open Graph has it: "es_US"."""
    return f"{language}_US"


@register.filter
def written_lines(text: str) -> SafeString:
    """Print a longer text of the record with its paragraphs, marked like `written`."""
    paragraphs = mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 -- escaped
    if is_in_english() or not text:
        return paragraphs
    return format_html('<div lang="{}">{}</div>', settings.LANGUAGE_CODE, paragraphs)


@register.filter
def titled(pledge: Pledge) -> Any:
    """Print a pledge's title: translated, or else as it was written."""
    return title_of(pledge) if getattr(pledge, "words", None) else written(pledge.title)


@register.filter
def stated(pledge: Pledge) -> Any:
    """Print a pledge's statement: translated, or else as it was written."""
    return statement_of(pledge) if getattr(pledge, "words", None) else written(pledge.statement)


@register.filter
def plain_title(pledge: Pledge) -> str:
    """Print a pledge's title where no element can stand: in attributes and in <title>."""
    return title_of(pledge)
