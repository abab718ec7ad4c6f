"""A form pressed twice is done once, and the second press leads where the first did.

Each page carries a number of its own. What a session has done last is remembered by a digest of all
that was sent, in the same transaction: whoever goes back and sends something else is not held up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from promises.common import locks
from promises.common.canonical import canonical_json
from promises.common.locks import wait_for_turn
from promises.common.refusals import Refused

# The field of a page that carries its number.
NUMBER = "form_number"
_DONE, _REMEMBERED = "forms_done", 50
# Begins what is remembered of a "+" window: it leads nowhere, but gives its opener the new row.
_WINDOW = "window:"
# Where Django's own page keeps that.
_GIVEN = "popup_response_data"


class DoneAlready(Refused):
    """The very same was sent before, and done. `place` is where that led."""

    def __init__(self, place: str = "") -> None:
        super().__init__(_("This was done before: it was not done a second time."))
        self.place = place


def numbered() -> dict[str, str]:
    """Return the field with the number of a page that is being made."""
    return {"name": NUMBER, "value": uuid4().hex}


def answered_once(request: HttpRequest, answer: Callable[[], Any]) -> Any:
    """Return the answer of a page with a form, which was done if it leads on or ends a window."""
    if request.method != "POST":
        return answer()
    try:
        with once(request) as is_done:
            found = answer()
            if isinstance(found, HttpResponseRedirect):
                is_done(found.url)
            elif given := _given_back(found):
                is_done(_WINDOW + given)
            return found
    except DoneAlready as done:
        return led_to(request, done)


def led_to(request: HttpRequest, done: DoneAlready) -> HttpResponse:
    """Lead whoever pressed again to where the first press led, and say so.

    A window ends as it did at first, with the row that was made then.
    """
    if done.place.startswith(_WINDOW):
        given = done.place.removeprefix(_WINDOW)
        return TemplateResponse(request, "admin/popup_response.html", {_GIVEN: given})
    messages.warning(request, str(done))
    return HttpResponseRedirect(done.place)


def _given_back(answer: Any) -> str:
    """Return what the answer that ends a "+" window gives to the page it was opened from."""
    facts = getattr(answer, "context_data", None) or {}
    return str(facts.get(_GIVEN, ""))


@contextmanager
def once(request: HttpRequest) -> Iterator[Callable[[str], None]]:
    """Run the block in one transaction, unless what this request sends was done before.

    Gives a function to be told where the answer leads, if the form was done. A page without a
    number is done each time. Raises DoneAlready.
    """
    name = _name_of(request)
    before = list(request.session.get(_DONE, []))
    places: list[str] = []
    try:
        with transaction.atomic():
            if name:
                wait_for_turn(locks.FORM, name)
                _require_not_done(request, name)
            yield places.append
            if name and places:
                _note(request, name, places[0])
    except DoneAlready:
        raise
    except BaseException:
        _hold(request, before)
        raise


def _name_of(request: HttpRequest) -> str:
    """Return a digest of all that a form sends, or "" where its page had no number."""
    if not request.POST.get(NUMBER):
        return ""
    sent = {name: given for name, given in request.POST.lists() if name != "csrfmiddlewaretoken"}
    named = request.FILES.lists()
    files = [[name, file.name, file.size] for name, several in named for file in several]
    return sha256(canonical_json([request.path, sent, files]).encode()).hexdigest()[:32]


def _require_not_done(request: HttpRequest, name: str) -> None:
    done = _stored(request).get(_DONE, [])
    for known, place in done:
        if known == name:
            _hold(request, done)
            raise DoneAlready(place)


def _note(request: HttpRequest, name: str, place: str) -> None:
    """Write down what was done. The session ends when it would have: nothing else of it changes."""
    stored = _stored(request)
    done = [*stored.get(_DONE, []), [name, place]][-_REMEMBERED:]
    stored[_DONE] = done
    written = stored.encode(dict(stored.items()))
    stored.model.objects.filter(session_key=stored.session_key).update(session_data=written)
    _hold(request, done)


def _hold(request: HttpRequest, done: list[Any]) -> None:
    """Let the session in hand know it too: it may be saved at the end, for another reason."""
    was_modified = request.session.modified
    request.session[_DONE] = done
    request.session.modified = was_modified


def _stored(request: HttpRequest) -> Any:
    """Return the session as the database has it now."""
    return type(request.session)(request.session.session_key)
