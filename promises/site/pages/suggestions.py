"""Suggest evidence or a pledge, and see what became of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from promises.common.clients import client_digest
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.site.parameters import named_in
from promises.site.serving import (
    BadAddressError,
    not_in_record,
    public,
    public_form,
    published_or_gone,
)
from promises.site.stranger_form import REFUSALS, visitor
from promises.site.suggest_form import SuggestForm
from promises.site.translations import render
from promises.suggestions.choices import SuggestionState
from promises.suggestions.models import Suggestion
from promises.suggestions.rules import LONGEST_WAIT_DAYS
from promises.suggestions.suggesting import receive_suggestion

# What each state means to the sender.
MEANINGS = {
    SuggestionState.RECEIVED: gettext_lazy("It has arrived. No editor has taken it up yet."),
    SuggestionState.BEING_LOOKED_AT: gettext_lazy("An editor is looking at it."),
    SuggestionState.DRAFTED: gettext_lazy(
        "An editor has made a draft of it. Drafts are checked before they appear, and some never"
        " do."
    ),
    SuggestionState.SET_ASIDE: gettext_lazy("An editor has looked at it and set it aside."),
}


@public_form
@never_cache
def suggest(request: HttpRequest) -> HttpResponse:
    """Show the form, or take in what was sent and go on to its page.

    One query to show it, for the pledge or the official that the address names; none without.
    What cannot be taken comes back with its reasons and all that was typed: 422, 429 when this
    network has sent enough, or 503 when the database has no room.
    """
    pledge, person = _about(request)
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = SuggestForm(data, pledge=pledge, person=person, now=now)
    status = 200
    if data is not None:
        status, reference = _take(request, form, pledge, person, now)
        if reference:
            return HttpResponseRedirect(reverse("site:suggestion", args=[reference]))
    facts = {
        "pledge": pledge,
        "person": person,
        "form": form,
        "kept_days": settings.CHALLENGE_SENDER_KEPT_DAYS,
        "longest_days": LONGEST_WAIT_DAYS,
    }
    return render(request, "site/suggest.html", facts, status=status)


@public
@never_cache
def suggestion(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a suggestion stands: never who sent it, nor their words, nor a draft.

    One query. The page is for the sender, who knows its number; search engines leave it out.
    """
    related = ("pledge__person", "person", "led_to_evidence", "led_to_pledge__person")
    found = Suggestion.objects.filter(reference=reference).select_related(*related).first()
    if found is None:
        raise not_in_record(reference)
    response = render(request, "site/suggestion.html", _facts(found))
    response["X-Robots-Tag"] = "noindex"
    return response


def _about(request: HttpRequest) -> tuple[Pledge | None, Person | None]:
    """Return the pledge or the official that the address names."""
    named = named_in(request, ("pledge", "prosecutor"))
    if len(named) > 1:
        raise BadAddressError(_("Suggest something about one pledge or one official at a time."))
    for kind, slug in named:
        if kind == "pledge":
            return published_or_gone(Pledge.objects.select_related("person"), slug), None
        return None, published_or_gone(Person.objects.all(), slug)
    return None, None


def _take(
    request: HttpRequest,
    form: SuggestForm,
    pledge: Pledge | None,
    person: Person | None,
    now: datetime,
) -> tuple[int, str]:
    """Keep what was sent; return the status and, where it was kept, its reference."""
    if not form.is_valid():
        return 422, ""
    try:
        kept = receive_suggestion(
            sent=form.sent(),
            pledge=pledge,
            person=person,
            network=client_digest(request, "site.suggest"),
            by=visitor(),
            now=now,
        )
    except REFUSALS as error:
        return form.refuse(error), ""
    return 200, kept.reference


def _facts(found: Suggestion) -> dict[str, Any]:
    evidence, pledge = found.led_to_evidence, found.led_to_pledge
    is_public = pledge is not None and pledge.is_published and pledge.person.is_published
    about, person = found.pledge, found.person
    return {
        "suggestion": found,
        "meaning": MEANINGS[SuggestionState(found.state)],
        "about_pledge": about
        if about is not None and about.is_published and about.person.is_published
        else None,
        "about_person": person if person is not None and person.is_published else None,
        "evidence": evidence if evidence is not None and evidence.is_published else None,
        "new_pledge": pledge if is_public else None,
    }
