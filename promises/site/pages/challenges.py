"""Challenge a rating, and see what became of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from promises.common.clients import client_digest
from promises.pledges.models import Pledge
from promises.site.challenge_form import ChallengeForm
from promises.site.serving import not_in_record, public, public_form, published_or_gone
from promises.site.stranger_form import REFUSALS, visitor
from promises.site.translations import render
from promises.suggestions.actions import receive_challenge
from promises.suggestions.choices import ChallengeState
from promises.suggestions.models import Challenge
from promises.updates.models import StatusUpdate

# What each state means to the sender.
MEANINGS = {
    ChallengeState.RECEIVED: gettext_lazy("It has arrived. No editor has taken it up yet."),
    ChallengeState.BEING_LOOKED_AT: gettext_lazy("An editor is looking at it."),
    ChallengeState.ACCEPTED: gettext_lazy("The editors agree, in whole or in part."),
    ChallengeState.DECLINED: gettext_lazy("The editors have looked, and the rating stands."),
    ChallengeState.SPAM: gettext_lazy("An editor found that it concerns no rating."),
}


@public_form
@never_cache
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form, or take in what was sent and go on to its page.

    Two queries to show it: the pledge and its newest rating. What cannot be taken comes back
    with its reasons and all that was typed: 422, 429 when this network has sent enough, or 503
    when the database has no room.
    """
    pledge = published_or_gone(Pledge.objects.select_related("person", "term"), slug)
    updates = StatusUpdate.objects.published().filter(pledge=pledge)
    newest = updates.newest_first().with_corrected_at().first()
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = ChallengeForm(data, pledge=pledge, newest=newest.pk if newest else None, now=now)
    status = 200
    if data is not None:
        status, reference = _take(request, form, now)
        if reference:
            return HttpResponseRedirect(reverse("site:tracking", args=[reference]))
    facts = {
        "pledge": pledge,
        "newest": newest,
        "form": form,
        "kept_days": settings.CHALLENGE_SENDER_KEPT_DAYS,
    }
    return render(request, "site/challenge.html", facts, status=status)


def _take(request: HttpRequest, form: ChallengeForm, now: datetime) -> tuple[int, str]:
    """Keep what was sent; return the status and, where it was kept, its reference."""
    if not form.is_valid():
        return 422, ""
    rating = StatusUpdate.objects.filter(pledge=form.pledge, pk__in=[form.page.update_id]).first()
    try:
        kept = receive_challenge(
            pledge=form.pledge,
            status_update=rating,
            edition=form.page.edition,
            sent=form.sent(),
            network=client_digest(request, "site.challenge"),
            by=visitor(),
            now=now,
        )
    except REFUSALS as error:
        return form.refuse(error), ""
    return 200, kept.reference


@public
@never_cache
def tracking(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a challenge stands and its answer: never who sent it, nor their words.

    One query. The page is for the sender, who knows its number; search engines leave it out.
    """
    related = ("pledge__person", "answered_by", "led_to_update", "led_to_correction")
    found = Challenge.objects.filter(reference=reference).select_related(*related).first()
    if found is None:
        raise not_in_record(reference)
    response = render(request, "site/tracking.html", _facts(found))
    response["X-Robots-Tag"] = "noindex"
    return response


def _facts(found: Challenge) -> dict[str, Any]:
    update = found.led_to_update
    return {
        "challenge": found,
        "meaning": MEANINGS[ChallengeState(found.state)],
        "is_public": found.pledge.is_published and found.pledge.person.is_published,
        "led_to_update": update if update and update.is_published else None,
    }
