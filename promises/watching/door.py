"""The page of figures for Prometheus, for machines of our own only."""

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from promises.common.clients import client_address
from promises.common.tally import folder_of_this_machine, totals
from promises.watching.figures import KINDS, figures
from promises.watching.rules import exposition, may_read

_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_VIA")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with every figure, in the text format of Prometheus; to strangers with 404."""
    if not _is_ours(request):
        raise Http404
    numbers = {**totals(folder_of_this_machine()), **figures(timezone.now())}
    return HttpResponse(
        exposition(KINDS, numbers), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _is_ours(request: HttpRequest) -> bool:
    """Tell whether the token was shown, or the request comes from a network of ours."""
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and secrets.compare_digest(shown.encode(), token.encode()):
        return True
    came_from = request.META.get("REMOTE_ADDR", "")
    return may_read(
        address=client_address(request),
        networks=settings.METRICS_NETWORKS,
        is_forwarded=any(name in request.META for name in _PROXY)
        and came_from not in settings.TRUSTED_PROXIES,
    )
