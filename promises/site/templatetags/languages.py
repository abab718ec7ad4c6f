"""The languages that a page can be read in, and the words of the record in them."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

register = template.Library()


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


@register.filter
def in_languages(request: HttpRequest | None) -> list[InLanguage]:
    """Return the page that was asked for in every language; nothing where there is no page."""
    if request is None or request.resolver_match is None:
        return []
    here = request.get_full_path()
    return [InLanguage(code, name, translate_url(here, code)) for code, name in settings.LANGUAGES]
