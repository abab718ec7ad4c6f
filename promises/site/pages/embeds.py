"""Small pages for frames of other sites, and the address by which those find them (oEmbed 1.0).

Only these pages may be framed. They bring one style sheet of this site and nothing else.
"""

from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from promises.common.dates import utc_date
from promises.officials.models import Person
from promises.pledges.models import Pledge
from promises.site import cards
from promises.site.feeds import absolute
from promises.site.languages import language_of
from promises.site.pages.prosecutors import TERMS
from promises.site.serving import (
    BadAddressError,
    View,
    WithdrawnError,
    public,
    published_or_gone,
)
from promises.site.statuses import scorecard
from promises.site.translations import render, title_of, translate
from promises.staleness.models import Due

# Pixels: the width of a frame, and how high one from a width on must be to show all of it.
WIDTH = 600
NARROWEST = 220
HEIGHTS = ((480, 340), (320, 460), (NARROWEST, 640))
# Seconds for which a site may use the answer of oEmbed again.
OEMBED_SECONDS = 3600
AS_WRITTEN = {"ensure_ascii": False}


def framable(view: View) -> View:
    """Serve a page to everyone, in frames of other sites too; what is gone says so in the frame."""

    def answer(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            response = view(request, slug=slug)
        except WithdrawnError as gone:
            facts = {"record": gone.record}
            response = render(request, "site/embed/withdrawn.html", facts, status=410)
        response["X-Robots-Tag"] = "noindex"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    served: View = xframe_options_exempt(public(answer))
    to_all: View = csp_replace({"frame-ancestors": ["*"]})(served)  # type: ignore[assignment]
    return to_all


@framable
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where a pledge stands. Two queries: the pledge, what is stale of it."""
    found = published_or_gone(Pledge.objects.select_related("person", "term__office"), slug)
    Due.objects.attach([found], utc_date(timezone.now()))
    facts = {"pledge": found, "url": absolute(reverse("site:pledge", args=[slug]))}
    return render(request, "site/embed/pledge.html", facts)


@framable
def prosecutor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an official's scorecard. Three queries: the person, the terms, the pledges."""
    person = published_or_gone(Person.objects.prosecutors().prefetch_related(TERMS), slug)
    today = utc_date(timezone.now())
    pledges = Pledge.objects.published().filter(person=person).select_related("term")
    facts = {
        "person": person,
        "scorecard": scorecard(pledges, today),
        "today": today,
        "url": absolute(reverse("site:prosecutor", args=[slug])),
    }
    return render(request, "site/embed/prosecutor.html", facts)


def _in_json(view: View) -> View:
    """Say in JSON what is wrong with an address: a program asked (oEmbed, 2.3.4 names statuses)."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except BadAddressError as fault:
            said, status = str(fault), 400
        except Http404 as missing:
            said, status = str(missing), 404
        except WithdrawnError as gone:
            withdrawn = _("This was withdrawn")
            said, status = f"{withdrawn}. {gone.record.retraction_reason}", 410
        response = JsonResponse({"error": said}, status=status, json_dumps_params=AS_WRITTEN)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


@public
@_in_json
def oembed(request: HttpRequest) -> HttpResponse:
    """Say how to embed the page that `?url=` names: a pledge's or a prosecutor's. One query.

    Answers JSON only: 400 without a url or for a width that is none, 404 for what cannot be
    embedded, 410 for what was withdrawn.
    """
    if request.GET.get("format", "json") != "json":
        text = _("Only JSON is answered here.")
        return HttpResponse(text, status=501, content_type="text/plain; charset=utf-8")
    kind, slug, language = _page_of(request.GET.get("url", ""))
    width = max(NARROWEST, min(WIDTH, _pixels(request, "maxwidth") or WIDTH))
    height = next(high for wide, high in HEIGHTS if width >= wide)
    height = min(height, _pixels(request, "maxheight") or height)
    with translation.override(language):
        return _described(kind, slug, width, height, request)


def _described(kind: str, slug: str, width: int, height: int, request: HttpRequest) -> HttpResponse:
    facts = _PAGES[kind](slug)
    frame = {
        "address": absolute(reverse(f"site:{kind}_embed", args=[slug])),
        "title": facts["title"],
        "width": width,
        "height": height,
    }
    answer: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        **facts,
        "provider_name": _("Prosecutor Promise Tracker"),
        "provider_url": absolute(reverse("site:home")),
        "cache_age": OEMBED_SECONDS,
        "html": render_to_string("site/embed/frame.html", frame).strip(),
        "width": width,
        "height": height,
    }
    # A picture that is larger than was asked for may not be offered (oEmbed, 2.3.4).
    if (_pixels(request, "maxwidth") or cards.WIDTH) < cards.WIDTH or (
        _pixels(request, "maxheight") or cards.HEIGHT
    ) < cards.HEIGHT:
        answer.pop("thumbnail_url", None)
    elif "thumbnail_url" in answer:
        answer |= {"thumbnail_width": cards.WIDTH, "thumbnail_height": cards.HEIGHT}
    response = JsonResponse(answer, json_dumps_params=AS_WRITTEN)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={OEMBED_SECONDS}"
    return response


def _of_pledge(slug: str) -> dict[str, str]:
    found = published_or_gone(Pledge.objects.select_related("person"), slug)
    card = absolute(reverse("site:pledge_card", args=[slug]))
    translate([found])
    return {"title": f"{found.person}: {title_of(found)}", "thumbnail_url": card}


def _of_prosecutor(slug: str) -> dict[str, str]:
    return {"title": published_or_gone(Person.objects.prosecutors(), slug).name}


_PAGES = {"pledge": _of_pledge, "prosecutor": _of_prosecutor}


def _page_of(url: str) -> tuple[str, str, str]:
    """Return kind, public name and language of the page at an address of this site."""
    if not url:
        raise BadAddressError(_("Say which page: ?url= and its full address."))
    nothing = Http404(_("This address is no page of ours that can be embedded."))
    try:
        parts = urlsplit(url)
        language = language_of(parts.path)
        with translation.override(language):
            found = resolve(parts.path)
    except (ValueError, Resolver404):
        raise nothing from None
    here = urlsplit(settings.SITE_URL)
    # A past day has no frame of its own, and the present would say something else.
    if parts.netloc != here.netloc or found.url_name not in _PAGES or "as_of=" in parts.query:
        raise nothing
    return str(found.url_name), str(found.kwargs["slug"]), language


def _pixels(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    if value and not (value.isascii() and value.isdecimal() and 0 < len(value) < 6 and int(value)):
        raise BadAddressError(_("“%(name)s” must be a number of pixels.") % {"name": name})
    return int(value) if value else None
