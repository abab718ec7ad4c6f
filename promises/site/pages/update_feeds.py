"""The feeds of ratings: of the whole record, one official, one pledge, one topic."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from promises.common.dates import utc_date
from promises.officials.models import Person
from promises.pledges.models import Pledge, PledgeTranslation, Topic
from promises.site import feeds
from promises.site.general_terms import in_words
from promises.site.parameters import uncounted
from promises.site.serving import not_in_record, public, published_or_gone
from promises.site.statuses import LABELS, rated_as
from promises.site.templatetags.record import signature
from promises.site.translations import title_of, translate, with_words
from promises.updates.models import StatusUpdate
from promises.updates.querysets import StatusUpdateQuerySet
from promises.updates.rules import CONFIRMING_APPROVALS

Writer = Callable[[HttpRequest, feeds.Feed], HttpResponse]


@public
def of_the_record(request: HttpRequest, write: Writer) -> HttpResponse:
    """Show the ratings, 50 a page. Two queries: page, corrections."""
    return write(request, _feed(request, "updates", "", reverse("site:updates"), _ratings()))


@public
def of_prosecutor(request: HttpRequest, slug: str, write: Writer) -> HttpResponse:
    """Show the ratings of one official's pledges. Three queries: the person, then as above."""
    person = published_or_gone(Person.objects.prosecutors(), slug)
    path = reverse("site:prosecutor", args=[slug])
    found = _ratings().filter(pledge__person=person)
    return write(request, _feed(request, f"prosecutors/{slug}/updates", person.name, path, found))


@public
def of_pledge(request: HttpRequest, slug: str, write: Writer) -> HttpResponse:
    """Show the ratings of one pledge. Three queries: the pledge, then as above."""
    word_rows = PledgeTranslation.objects.rows_of_pledge(get_language())
    pledge = published_or_gone(Pledge.objects.annotate(word_rows=word_rows), slug)
    title = title_of(with_words(pledge))
    path = reverse("site:pledge", args=[slug])
    found = _ratings().filter(pledge=pledge)
    return write(request, _feed(request, f"pledges/{slug}/updates", title, path, found))


@public
def of_topic(request: HttpRequest, slug: str, write: Writer) -> HttpResponse:
    """Show the ratings of a topic's pledges. Three queries: the topic, then as above."""
    topics = list(Topic.objects.and_below([slug]))
    topic = next((each for each in topics if each.slug == slug), None)
    if topic is None:
        raise not_in_record(slug)
    title, path = in_words(topic.name), reverse("site:topic", args=[slug])
    # By their numbers: for a topic with few pledges PostgreSQL then begins with these.
    found = _ratings().filter(pledge__topic__in=[each.pk for each in topics])
    return write(request, _feed(request, f"topics/{slug}/updates", title, path, found))


def _ratings() -> StatusUpdateQuerySet:
    found = StatusUpdate.objects.published().recently_published().with_signatures()
    return found.with_changes().select_related("pledge__person", "pledge__term")


def _feed(
    request: HttpRequest, name: str, of: str, path: str, found: StatusUpdateQuerySet
) -> feeds.Feed:
    rows, following = uncounted(request, found)
    translate([update.pledge for update in rows])
    site = _("Prosecutor Promise Tracker")
    return feeds.Feed(
        name=name,
        title=" · ".join([of or _("Updates"), site]),
        about=_("Published ratings of what prosecutors promised, and why."),
        path=path,
        entries=[_entry(update) for update in rows],
        next=following,
    )


def _entry(update: StatusUpdate) -> feeds.FeedEntry:
    """Return a rating as an entry. Its text grows when it is confirmed or corrected."""
    pledge = update.pledge
    label = str(LABELS[rated_as(pledge, update, utc_date(timezone.now()))])
    assert update.published_at is not None, "updates_statusupdate_published_has_a_date"
    return feeds.FeedEntry(
        id=feeds.entry_id("status_updates", update.slug),
        title=f"{pledge.person}: {title_of(pledge)} · {label}",
        path=f"{reverse('site:pledge', args=[pledge.slug])}#update-{update.slug}",
        text="\n\n".join(_lines(update, label)),
        at=update.published_at,
        author=str(update.created_by),
        tags=[update.status],
        changed_at=_changed_at(update),
    )


def _lines(update: StatusUpdate, label: str) -> list[str]:
    status = _("%(status)s from %(day)s") % {
        "status": label,
        "day": date_format(update.effective_on),
    }
    because = f" ({update.get_reason_display()})" if update.reason else ""
    corrections = [
        _("Corrected on %(day)s. It should say: %(new)s")
        % {"day": date_format(utc_date(note.corrected_at)), "new": note.new_text}
        for note in update.corrections.all()
    ]
    return [f"{status}{because}.", update.reasoning, *corrections, f"{signature(update)}."]


def _changed_at(update: Any) -> datetime | None:
    """Return when what the entry says last changed, if it did since it was published."""
    moments = [note.corrected_at for note in update.corrections.all()]
    moments.append(update.retitled_at)
    if update.is_imported and len(update.approved_by) >= CONFIRMING_APPROVALS:
        moments.append(update.signed_at)
    return max((each for each in moments if each and each > update.published_at), default=None)
