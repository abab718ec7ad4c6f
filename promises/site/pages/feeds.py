"""The feeds: what happened, for readers' own programs."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from promises.common.canonical import timestamp
from promises.common.dates import utc_date
from promises.serving.marks import shows_work
from promises.site import feeds
from promises.site.named import words_for
from promises.site.parameters import listing
from promises.site.serving import public
from promises.site.translations import title_of, translate
from promises.staleness.models import StaleFlag
from promises.updates.models import Correction


@public
def corrections_atom(request: HttpRequest) -> HttpResponse:
    """Show the corrections as Atom, 50 a page. Two queries: count and page."""
    return feeds.as_atom(request, _corrections(request))


@public
def corrections_json(request: HttpRequest) -> HttpResponse:
    """Show the corrections as JSON Feed, 50 a page. Two queries: count and page."""
    return feeds.as_json(request, _corrections(request))


@public
def stale_atom(request: HttpRequest) -> HttpResponse:
    """Show what fell due as Atom, 50 a page. Two queries: count and page."""
    return feeds.as_atom(request, _stale(request))


@public
def stale_json(request: HttpRequest) -> HttpResponse:
    """Show what fell due as JSON Feed, 50 a page. Two queries: count and page."""
    return feeds.as_json(request, _stale(request))


def _stale(request: HttpRequest) -> feeds.Feed:
    shows_work(request)
    found = StaleFlag.objects.published().newest_first().with_last_move()
    found = found.annotate(retitled_at=Correction.objects.retitled_at(pledge=OuterRef("pledge")))
    page = listing(request, found.select_related("pledge__person"))
    translate([flag.pledge for flag in page.rows])
    return feeds.Feed(
        name="stale",
        title=_("Overdue for another look · Prosecutor Promise Tracker"),
        about=_("Pledges that may be out of date, as the sweep finds them, and when that ended."),
        path=reverse("site:stale"),
        entries=[_episode(flag) for flag in page.rows],
        next=page.next,
    )


def _episode(flag: StaleFlag) -> feeds.FeedEntry:
    """Return an episode as an entry.

    Its text is written again when what it rests on moves, and when it ends.
    """
    rests_on = flag.rests_on
    lines = [
        str(flag.rule.says),
        _("Overdue since: %s") % date_format(flag.stale_since),
        *([_("It rests on: %s") % rests_on] if rests_on else []),
        _("Cleared by: %s") % flag.cleared_by,
    ]
    if flag.closed_at:
        why = flag.get_closed_because_display()
        lines.append(_("Ended on %s: ") % date_format(utc_date(flag.closed_at)) + why)
    return feeds.FeedEntry(
        id=feeds.entry_id("stale", flag.pledge.slug, flag.reason, timestamp(flag.opened_at)),
        title=f"{flag.pledge.person}: {title_of(flag.pledge)}: {flag.get_reason_display()}",
        path=reverse("site:pledge", args=[flag.pledge.slug]),
        text="\n".join(lines),
        at=flag.opened_at,
        author=_("The sweep"),
        tags=[flag.reason],
        changed_at=_changed_at(flag),
    )


def _changed_at(flag: Any) -> datetime | None:
    """Return when the text or the title of an episode was last written again, if it was."""
    moved_at = flag.moved_at and datetime.fromisoformat(flag.moved_at)
    return _last(flag.opened_at, moved_at, flag.closed_at, flag.retitled_at)


def _last(first: datetime, *changes: datetime | None) -> datetime | None:
    """Return the last of what changed an entry after it was first written, if anything did."""
    return max((each for each in changes if each and each > first), default=None)


def _corrections(request: HttpRequest) -> feeds.Feed:
    related = ("pledge", "status_update", "evidence", "corrected_by")
    found = Correction.objects.published().with_retitled_at()
    page = listing(request, found.select_related(*related))
    translate([correction.pledge for correction in page.rows if correction.pledge])
    return feeds.Feed(
        name="corrections",
        title=_("Corrections · Prosecutor Promise Tracker"),
        about=_("Published words that were changed, with the old words kept."),
        path=reverse("site:corrections"),
        entries=[_entry(correction) for correction in page.rows],
        next=page.next,
    )


def _entry(correction: Any) -> feeds.FeedEntry:
    """Return a correction as an entry; the old words come before the new ones."""
    # "Clarification: it could be misread" — the first word is enough for a title.
    kind = str(correction.get_kind_display()).split(":")[0]
    field = words_for(correction.field)
    text = _("It said: %(old)s\n\nIt should say: %(new)s\n\nWhy: %(note)s") % {
        "old": correction.old_text or _("(nothing)"),
        "new": correction.new_text or _("(nothing)"),
        "note": correction.note,
    }
    return feeds.FeedEntry(
        id=feeds.entry_id("corrections", *_names(correction)),
        title=f"{kind.capitalize()}: {_title(correction)} ({field})",
        path=_path(correction),
        text=text,
        at=correction.corrected_at,
        author=str(correction.corrected_by),
        tags=[correction.kind],
        changed_at=_last(correction.corrected_at, correction.retitled_at),
    )


def _title(correction: Correction) -> str:
    """Return the title of what was corrected; that of a pledge in the language of the feed."""
    if correction.pledge:
        return title_of(correction.pledge)
    assert correction.evidence is not None, "updates_correction_has_a_subject"
    return correction.evidence.title


def _names(correction: Correction) -> list[str]:
    """Return what names a correction in public: what it is of, which words, and when."""
    subjects = (correction.pledge, correction.status_update, correction.evidence)
    slugs = [subject.slug if subject else "" for subject in subjects]
    return [*slugs, correction.field, timestamp(correction.corrected_at)]


def _path(correction: Correction) -> str:
    """Return where a correction is shown beside the words it is about."""
    if correction.pledge is None:
        assert correction.evidence is not None
        return reverse("site:evidence", args=[correction.evidence.slug]) + "#corrections"
    page = reverse("site:pledge", args=[correction.pledge.slug])
    update = correction.status_update
    return f"{page}#update-{update.slug}" if update else f"{page}#corrections"
