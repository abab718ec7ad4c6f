"""How the record is printed: days, numbers, statuses, periods."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promises.common.dates import DatePrecision, day_in_words, in_words, utc_date
from promises.common.words import HIT_ENDS, HIT_STARTS
from promises.metrics.choices import Period
from promises.metrics.models import Observation
from promises.officials.models import Term
from promises.officials.rules import Tenure, is_end_unknown
from promises.officials.rules import tenure as tenure_of
from promises.site.statuses import LABELS, rated_as, since
from promises.updates.models import StatusUpdate
from promises.updates.rules import CONFIRMING_APPROVALS

register = template.Library()
_HIT = re.compile(f"{HIT_STARTS}([^{HIT_STARTS}{HIT_ENDS}]*){HIT_ENDS}")
_STRAY = re.compile(f"[{HIT_STARTS}{HIT_ENDS}]")
# What could end a script element, or a line of JavaScript, written so that it cannot.
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.filter
def day(value: date | None) -> str:
    """Print a day or the day of a moment: "8 July 2018"."""
    if value is None:
        return ""
    return day_in_words(value.date() if isinstance(value, datetime) else value)


@register.filter
def iso_day(value: str | None) -> str:
    """Print a day that came as ISO 8601 from a JSON column: "8 July 2018"."""
    return "" if value is None else day(date.fromisoformat(value))


@register.filter
def dated(record: Any) -> str:
    """Print the `published_on` of a record as far as it is known."""
    return in_words(record.published_on, record.date_precision)


@register.filter
def number(value: Decimal) -> str:
    """Print a figure with thousands separators and no idle zeros: "1,234.5"."""
    plain = f"{value:,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@register.filter
def tenure(terms: Iterable[Term], today: date) -> Tenure | None:
    """Return the unbroken time in office that ends with the newest of these terms to have begun."""
    return tenure_of(terms, today)


@register.filter
def ran_over(term: Term, today: date) -> bool:
    """Tell whether a term has run its years and no end of it is on record."""
    return is_end_unknown(term, today)


@register.filter
def host(url: str) -> str:
    """Print whose site a web address is on, without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


@register.filter
def as_data_block(value: Any) -> SafeString:
    """Print a value as JSON for a script element that holds data."""
    text = json.dumps(value, ensure_ascii=False).translate(_IN_SCRIPT)
    return mark_safe(text)  # noqa: S308 -- nothing that ends the element is left in it


@register.filter
def with_hits(text: str) -> SafeString:
    """Print a text in which PostgreSQL has marked hits: everything escaped, hits in <mark>."""
    marked = _HIT.sub(r"<mark>\1</mark>", escape(text))
    return mark_safe(_STRAY.sub("", marked))  # noqa: S308 -- escaped above


def _today(context: Mapping[str, Any]) -> date:
    """Return the day of a page: a past one shows that day as today."""
    return context.get("today") or utc_date(timezone.now())


@register.simple_tag(takes_context=True)
def status_key(context: Mapping[str, Any], pledge: Any, update: Any = None) -> str:
    """Return the key under which a pledge's status is shown, or the one an update gave it."""
    today = _today(context)
    return rated_as(pledge, update, today) if update else pledge.shown_on(today)


@register.filter
def status_before(update: Any) -> str:
    """Return the key of the rating that an update took the place of, as it was until then."""
    # No day comes before the first one that a calendar knows.
    until = date.fromordinal(max(update.effective_on.toordinal() - 1, 1))
    key: str = update.pledge.shown_on(until, update.status_before)
    return key


@register.filter
def status_label(key: str) -> str:
    """Return the words of a status key."""
    return str(LABELS[key])


@register.simple_tag(takes_context=True)
def since_when(context: Mapping[str, Any], pledge: Any, update: Any = None) -> str:
    """Say since when a pledge's status holds, or the one an update gave it."""
    began_on = update.effective_on if update else pledge.status_since
    return since(status_key(context, pledge, update), day(began_on))


@register.inclusion_tag("site/parts/chip.html", takes_context=True)
def chip(context: Mapping[str, Any], pledge: Any, update: Any = None) -> dict[str, str]:
    """Show a pledge's status, or the one an update gave it, by word, shape and colour."""
    key = status_key(context, pledge, update)
    return {"key": key, "label": str(LABELS[key])}


@register.filter
def is_unconfirmed(update: StatusUpdate) -> bool:
    """Tell of an update read `with_signatures()` whether it is imported and not yet confirmed."""
    names: list[str] = update.approved_by  # type: ignore[attr-defined]
    return update.is_imported and len(names) < CONFIRMING_APPROVALS


@register.filter
def signature(update: StatusUpdate) -> str:
    """Say who stands behind an update read `with_signatures()`."""
    names: list[str] = update.approved_by  # type: ignore[attr-defined]
    if not update.is_imported:
        words = _("Written by %(author)s, approved by %(names)s")
    elif is_unconfirmed(update):
        words = _("Imported, not yet confirmed by two editors here")
    else:
        words = _("Imported, confirmed here by %(names)s")
    return words % {"author": update.created_by, "names": get_text_list(names, _("and"))}


_FROM = {
    Period.WEEK: gettext_lazy("week from %(day)s"),
    Period.QUARTER: gettext_lazy("quarter from %(day)s"),
    Period.QUARTER_END: gettext_lazy("end of the quarter, %(day)s"),
    Period.HALF_YEAR: gettext_lazy("half-year from %(day)s"),
}
# Years of an office, and any other twelve months.
_YEAR_FROM = {
    Period.YEAR: gettext_lazy("year from %(day)s"),
    Period.YEAR_TO_DATE: gettext_lazy("year to date from %(day)s"),
}


@register.filter
def period(observation: Observation) -> str:
    """Print the stretch of time a value covers: "March 2019", "2019 (part of the year)"."""
    start, sort = observation.observed_on, Period(observation.period)
    is_calendar_year = (start.month, start.day) == (1, 1)
    if words := _FROM.get(sort) or (not is_calendar_year and _YEAR_FROM.get(sort)):
        return str(words % {"day": day(start)})
    match sort:
        case Period.MONTH:
            return in_words(start, DatePrecision.MONTH)
        case Period.YEAR:
            return str(start.year)
        case Period.PARTIAL_YEAR:
            return _("%(year)d (part of the year)") % {"year": start.year}
        case Period.YEAR_TO_DATE:
            return _("%(year)d (year to date)") % {"year": start.year}
        case _other:
            return day(start)
