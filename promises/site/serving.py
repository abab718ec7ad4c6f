"""How every public page is answered: reads only, with a plain page for each refusal."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from promises.editorial.models import Editorial
from promises.editorial.querysets import EditorialQuerySet
from promises.serving.answers import REVALIDATED
from promises.serving.marks import may_keep

View = Callable[..., HttpResponse]
Answering = TypeVar("Answering", bound=Callable[..., HttpResponseBase])


class BadAddressError(Exception):
    """The address holds a value that means nothing here. The message says which, for readers.

    `words` name the page at the same path without any values, where that helps.
    """

    def __init__(self, message: str, *, words: str = "") -> None:
        self.words = words
        super().__init__(message)


class WithdrawnError(Exception):
    """What this address showed was withdrawn. Readers see that, when and why, nothing more."""

    def __init__(self, record: Editorial) -> None:
        self.record = record
        super().__init__(record.pk)


class ElsewhereError(Http404):
    """There is no such page, but one at the same path: behind `query`, which `words` name."""

    def __init__(self, message: str, *, query: str, words: str) -> None:
        self.query, self.words = query, words
        super().__init__(message)


def public(view: View) -> View:
    """Serve a view to everyone: GET and HEAD only.

    BadAddressError becomes 400, Http404 404 and WithdrawnError 410, each with its reason in words.
    The answer is kept as long as neither the record nor the date changes, unless the view says
    that it shows more than these (promises/serving/marks.py).
    """

    @wraps(view)
    def kept(request: HttpRequest, **names: Any) -> HttpResponse:
        may_keep(request)
        return _tagged(request, view(request, **names))

    return only_read(_plainly(kept))


def only_read(view: Answering) -> Answering:
    """Answer GET and HEAD; other methods by 405 before anybody asks them for a token of a form."""
    return csrf_exempt(require_safe(view))


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer with a tag of its bytes, or 304 to whoever has them; also to HEAD."""
    if response.status_code != 200 or response.streaming or response.has_header("ETag"):
        return response
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = REVALIDATED
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response


def public_form(view: View) -> View:
    """Serve a form to everyone, as `public` serves a page. What it sends arrives by POST."""
    return require_http_methods(["GET", "HEAD", "POST"])(_plainly(view))


def _plainly(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, **names: Any) -> HttpResponse:
        try:
            return view(request, **names)
        except BadAddressError as fault:
            words = {"message": str(fault), "words": fault.words}
            return render(request, "400.html", words, status=400)
        except Http404 as missing:
            facts = {"message": str(missing), "missing": missing}
            return render(request, "404.html", facts, status=404)
        except WithdrawnError as withdrawn:
            return render(request, "410.html", {"record": withdrawn.record}, status=410)

    return answer


def published_or_gone(records: EditorialQuerySet[Any], slug: str) -> Any:
    """Return the published record of that name, as `records` selects it.

    Raises WithdrawnError when it was withdrawn, else Http404.
    """
    if found := records.published().filter(slug=slug).first():
        return found
    raise absent(records, slug)


def absent(records: EditorialQuerySet[Any], slug: str) -> WithdrawnError | Http404:
    """Return the error for a name that is not of a published record: withdrawn, or never there."""
    withdrawn = records.retracted().filter(slug=slug).first()
    return WithdrawnError(withdrawn) if withdrawn else not_in_record(slug)


def not_in_record(slug: str) -> Http404:
    """Return the error for a public name that the record does not hold."""
    return Http404(_("There is no “%(name)s” in this record.") % {"name": slug[:100]})
