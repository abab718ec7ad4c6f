"""What happened in an official's years, gathered from records at hand: no queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.officials.choices import ElectionOutcome, EndReason
from promises.officials.models import Election, Person, Term
from promises.officials.rules import is_end_unknown
from promises.pledges.models import Pledge
from promises.site.named import words_for
from promises.site.statuses import rated_as
from promises.site.strips import Strip, official_strip
from promises.site.templatetags.languages import termed
from promises.updates.models import StatusUpdate


@dataclass(frozen=True)
class Event:
    """One line of a timeline: a rating, or words for what else happened."""

    on: date
    words: str = ""
    update: StatusUpdate | None = None


def official_events(
    person: Person,
    *,
    elections: Iterable[Election],
    pledges: Iterable[Pledge],
    updates: Iterable[StatusUpdate],
    today: date,
) -> list[Event]:
    """Return the terms, elections, promises and ratings of an official, the newest first."""
    made = Counter(pledge.made_on for pledge in pledges)
    events = [Event(day, _made(count)) for day, count in made.items()]
    events += [Event(election.held_on, election_words(election, person)) for election in elections]
    for term in person.terms.all():
        if term.started_on > today:
            continue
        events.append(
            Event(term.started_on, format_html(_("Took office: {}"), termed(term.office)))
        )
        if term.ends_on and term.ends_on <= today:
            events.append(Event(term.ends_on, _end(term)))
    events += [Event(update.effective_on, update=update) for update in updates]
    return sorted(events, key=lambda event: (event.on, event.update is None), reverse=True)


def _made(count: int) -> str:
    words = ngettext(
        "By this day one of the promises on record was made",
        "By this day %(count)d of the promises on record were made",
        count,
    )
    return words % {"count": count}


def _end(term: Term) -> str:
    if not term.end_reason:
        return _("The term ended")
    if term.end_reason == EndReason.COMPLETED:
        return _("The term ran its length")
    return _("Left office: %s") % term.get_end_reason_display()


def election_words(election: Election, person: Person) -> str:
    """Return which election it was and what it decided for the person."""
    outcome = decided(election)
    stood = [each for each in election.candidacies.all() if each.person_id == person.pk]
    if outcome and stood and not stood[0].is_winner:
        outcome = _("not elected")
    words = {"stage": words_for(election.stage), "outcome": outcome or _("outcome not recorded")}
    return capfirst(_("%(stage)s election: %(outcome)s") % words)


def decided(election: Election) -> str:
    """Return what an election decided: whoever wins a primary is nominated, not elected."""
    if election.outcome == ElectionOutcome.ELECTED and "primary" in election.stage:
        return _("nominated")
    return str(election.get_outcome_display())


def strip_of(person: Person, events: Sequence[Event], today: date) -> Strip:
    """Return the same years as a strip: ratings as their shapes, over the terms."""
    marks = [
        (event.on, rated_as(event.update.pledge, event.update, today))
        for event in events
        if event.update
    ]
    terms = [(term.started_on, term.ends_on) for term in person.terms.all()]
    return official_strip(marks, terms=terms, today=today)


def clock(term: Term, today: date) -> str:
    """Return how far a term has run: "Day 325 of a term of 4 years", or how long it was.

    A term that ran over its years, or was followed, without an end on record ended some day.
    """
    last = min(today, term.ends_on or today)
    days = (last - term.started_on).days
    if term.started_on > today:
        return _("The term has not begun")
    was_followed = term.successor is not None and term.successor.is_published
    if is_end_unknown(term, today) or (was_followed and not term.ends_on):
        words = _("Day %(day)s since the term began; its end is not on record")
        return words % {"day": f"{days + 1:,}"}
    if term.ends_on and term.ends_on <= today:
        words = ngettext("%(days)s day in office", "%(days)s days in office", days)
        return words % {"days": f"{days:,}"}
    words = _("Day %(day)s of a term of %(years)d years")
    return words % {"day": f"{days + 1:,}", "years": term.office.term_years}
