"""Packages of the whole record, as they were prepared: nothing is computed for a request.

The one query asks whether the ledger knows them: it may have been restored to an earlier edition.
"""

from datetime import timedelta

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from promises.common.dates import utc_date
from promises.packages.keeping import KEPT_DAYS, of_day, packages_to_hand_out
from promises.serving.answers import REVALIDATED
from promises.serving.marks import never_keep
from promises.site.serving import public
from promises.site.translations import render

LATEST = "latest"
MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8; header=present",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".json": "application/json",
    ".sqlite": "application/vnd.sqlite3",
    ".zip": "application/zip",
    ".cff": "application/yaml",
}
# What browsers show; everything else is saved.
SHOWN = (".json", ".txt", ".cff", "")


@public
def package(request: HttpRequest, day: str) -> HttpResponse:
    """Show what is in a package, with sizes and hashes, and which days there are. One query."""
    never_keep(request)
    kept = packages_to_hand_out()
    found = of_day(day, kept)
    if found is None and day != LATEST:
        raise Http404(_no_package(day))
    oldest = utc_date(timezone.now()) - timedelta(days=KEPT_DAYS)
    facts = {
        "package": found,
        "day": day,
        "files": found.files() if found else [],
        "days": sorted({each.day for each in kept if each.day >= oldest}, reverse=True),
        "kept_days": KEPT_DAYS,
    }
    response = render(request, "site/package.html", facts)
    if day != LATEST:
        response["X-Robots-Tag"] = "noindex"
    return response


# What is streamed is no HttpResponse to the types.
@public  # type: ignore[arg-type]
def file(request: HttpRequest, day: str, name: str) -> HttpResponseBase:
    """Hand out a prepared file; its tag is its SHA-256. One query."""
    never_keep(request)
    found = of_day(day, packages_to_hand_out())
    if found is None:
        raise Http404(_no_package(day))
    listed = found.file(name)
    if listed is None:
        raise Http404(_("There is no “%(name)s” in this package.") % {"name": name[:100]})
    tag = f'"{listed.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        ending = listed.path.suffix
        response = FileResponse(
            listed.path.open("rb"),
            as_attachment=ending not in SHOWN,
            filename=name,
            content_type=MEDIA_TYPES.get(ending, "text/plain; charset=utf-8"),
        )
    response["ETag"] = tag
    response["Cache-Control"] = REVALIDATED
    # Scripts of other sites may read what everybody may read.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _no_package(day: str) -> str:
    if day == LATEST:
        return _(
            "No package has been prepared yet. The first one follows within minutes of the first"
            " publication."
        )
    return _("There is no package of this day. The newest is at /data/latest/.")
