"""Share cards as pictures."""

import logging
from base64 import b64decode, b64encode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from promises.common.dates import utc_date
from promises.common.vouched import unvouched, vouched
from promises.pledges.models import Pledge
from promises.site import cards
from promises.site.serving import public, published_or_gone
from promises.site.translations import translate

log = logging.getLogger(__name__)
KEPT_SECONDS = 7 * 86400


@public
def pledge_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the card of a pledge. One query; one more for its words in another language.

    The drawing is made each time, which is quick; the picture is kept under the name of its
    drawing, so it can never be older than what stands on it. Whoever has it already gets 304.
    """
    pledge = published_or_gone(Pledge.objects.select_related("person", "term__office"), slug)
    translate([pledge])
    svg = cards.pledge_svg(pledge, utc_date(timezone.now()))
    name = cards.fingerprint(svg)
    etag = f'"{name}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or HttpResponse(_picture(name, svg), content_type="image/png")
    assert isinstance(response, HttpResponse)
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _picture(name: str, svg: str) -> bytes:
    """Return the picture as it was kept, or draw it: Redis may be empty, or gone."""
    # Read in with the first picture: whoever reads in every page draws none.
    from redis import RedisError

    key = f"card:{name}"
    try:
        if kept := _kept(key):
            return kept
        drawn = cards.as_png(svg)
        cache.set(key, b64encode(vouched(key, drawn)).decode("ascii"), KEPT_SECONDS)
    except RedisError:
        log.exception("Redis does not answer.")
        return cards.as_png(svg)
    return drawn


def _kept(key: str) -> bytes | None:
    """Return the picture that we kept; None where there is none, or anything else."""
    # One of many: of what is no string Redis then says that there is nothing, and does not fail.
    kept = cache.get_many([key]).get(key)
    try:
        picture = b64decode(kept) if isinstance(kept, str) else None
    except ValueError:
        return None
    return unvouched(key, picture)
