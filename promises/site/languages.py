"""In which language a request is answered: that of its address, whatever the browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from promises.site.general_terms import terms_in

Answer = Callable[[HttpRequest], HttpResponse]


def language_of(path: str) -> str:
    """Return the language of an address: English unless it begins with the code of another."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def in_language(path: str, code: str) -> str:
    """Return the path of an English page in another language."""
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"


def in_its_language(get_response: Answer) -> Answer:
    """Answer each request in the language of its address.

    Not Django's LocaleMiddleware: that one says `Vary: Accept-Language` of pages which do not
    vary, so that a cache would keep one copy for each browser.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language), terms_in(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer
