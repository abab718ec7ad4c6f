"""How a pledge is cited: a sentence, and BibTeX for reference managers."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from promises.common.dates import utc_date
from promises.pledges.models import Pledge
from promises.site.feeds import absolute
from promises.site.serving import public, published_or_gone
from promises.site.statuses import LABELS, since
from promises.site.translations import title_of

# Signs that mean something to LaTeX, and how each is written as itself.
_LATEX = {
    **{sign: "\\" + sign for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def address(pledge: Pledge) -> str:
    """Return the full address of a pledge's page."""
    return absolute(reverse("site:pledge", args=[pledge.slug]))


def standing(pledge: Pledge, today: date) -> str:
    """Return the status in words, and what is not yet said for it: "Kept since 3 January 2022"."""
    key = pledge.shown_on(today)
    words = str(LABELS[key])
    if pledge.status_since is not None:
        words += f" {since(key, date_format(pledge.status_since))}"
    if pledge.status_is_provisional:
        words += _(" (imported, not yet confirmed by two editors here)")
    return words


def citation(pledge: Pledge, today: date) -> str:
    """Return one sentence by which a reader can cite the page and find this edition of it."""
    words = _(
        "“%(title)s” (%(person)s): %(standing)s. Prosecutor Promise Tracker, edition %(edition)d, "
        "%(day)s. %(address)s"
    )
    return words % {
        "title": title_of(pledge),
        "person": pledge.person,
        "standing": standing(pledge, today),
        "edition": pledge.edition,
        "day": date_format(pledge.updated_at) if pledge.updated_at else "",
        "address": address(pledge),
    }


@public
def bibtex(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the pledge as an entry of BibTeX. One query."""
    pledge = published_or_gone(Pledge.objects.select_related("person", "term"), slug)
    changed = utc_date(pledge.updated_at or pledge.published_at)
    stands = standing(pledge, utc_date(timezone.now()))
    note = _("%(standing)s; edition %(edition)d of the record")
    fields = {
        "author": "{Prosecutor Promise Tracker}",
        "title": f"{{{_latex(pledge.title)} ({_latex(str(pledge.person))})}}",
        "year": str(changed.year),
        "url": address(pledge),
        "note": _latex(note % {"standing": stands, "edition": pledge.edition}),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    lines.insert(3, f"  month = {MONTHS[changed.month - 1]},")
    text = "\n".join([f"@misc{{{pledge.slug},", *lines, "}", ""])
    response = HttpResponse(text, content_type="application/x-bibtex; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{pledge.slug}.bib"'
    return response


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
