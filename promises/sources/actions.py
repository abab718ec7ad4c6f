"""The life of sources. Every step is one short transaction; the network is between them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.common.text import without_control_characters
from promises.common.writes import write
from promises.editorial.actions import NoReason
from promises.evidence.models import EvidenceLink
from promises.sources.choices import LinkState
from promises.sources.models import Host, LinkCheck, PageText, Passage, Source
from promises.sources.plain_text import normalised
from promises.sources.querysets import SourceQuerySet
from promises.sources.rules import in_short, pause_after, standing_after
from promises.sources.visits import PAUSE, RobotsFound, Visit

# How long a visitor that may have died keeps a server to itself: longer than a visit may take
# (robots.txt and the page, 20 s each, and reading it).
LEASE = timedelta(minutes=3)
# When a source whose visit was never written down has its next turn.
_AFTER_DEATH = timedelta(hours=1)
# A difference seen once is looked at again soon.
_SOON = timedelta(days=1)


class NoChange(Refused):
    """There is no change of wording to look at."""


class ChangedAgain(Refused):
    """The text has changed once more since it was read."""


class NoAddress(Refused):
    """The evidence has no web address that could be asked."""


class PassageIsQuote(Refused):
    """The pledge's own quote is changed at the pledge."""


@write
def claim_source(*, by: User, now: datetime, among: SourceQuerySet | None = None) -> Source | None:
    """Take the source that waits longest on a free server into one's hands; None if there is none.

    The server is leased, not only the source: one visitor at a time, whatever waits there.
    """
    due = (Source.objects.all() if among is None else among).due(now)
    hosts = Host.objects.free(now).with_due(due).order_by("next_visit_at", "pk")
    host = hosts.select_for_update(skip_locked=True).first()
    if host is None:
        return None
    texts = ("accepted_text", "accepted_whole", "found_text", "found_whole")
    source = due.filter(host=host).select_related(*texts).first()
    if source is None:
        return None
    _lease(host, now)
    source.host = host
    # Should the visit kill its visitor, the others go first.
    source.next_check_at = now + _AFTER_DEATH
    source.save(update_fields=["next_check_at"])
    return source


def _lease(host: Host, now: datetime) -> None:
    host.visits += 1
    host.leased_until = now + LEASE
    host.save(update_fields=["visits", "leased_until"])


@write
def claim_witness(*, besides: Collection[int], by: User, now: datetime) -> Host | None:
    """Take another server into one's hands, to hear whether it answers: the last that did."""
    others = Host.objects.free(now).exclude(pk__in=besides)
    others = others.order_by(F("last_answered_at").desc(nulls_last=True), "pk")
    host = others.select_for_update(skip_locked=True).first()
    if host is not None:
        _lease(host, now)
    return host


@write
def release_witness(*, host: Host, is_answered: bool, by: User, now: datetime) -> None:
    """Give a server free again, and keep that it answered."""
    changes: dict[str, datetime | None] = {"leased_until": None, "next_visit_at": now + PAUSE}
    if is_answered:
        changes["last_answered_at"] = now
    Host.objects.filter(pk=host.pk, visits=host.visits).update(**changes)


@write
def record_visit(
    *, source: Source, visit: Visit, chance: float, by: User, now: datetime
) -> LinkCheck | None:
    """Write down what a visit found, and give its server free again.

    None, with nothing written, when the visitor took so long that another one has come, or when
    the evidence was given another address meanwhile. `chance` spreads the next checks.
    """
    host = Host.objects.select_for_update().filter(pk=source.host_id).first()
    if host is None or host.visits != source.host.visits:
        return None
    _leave(host, visit, now)
    stored = Source.objects.select_for_update().filter(pk=source.pk, url=source.url).first()
    if stored is None:
        return None
    _stand(stored, visit, chance, now)
    if visit.text is not None:
        _compare(stored, source, visit, now)
    stored.save()
    return LinkCheck.objects.create(
        source=stored,
        checked_at=now,
        asked_url=source.url,
        url=in_short(visit.url, limit=2000),
        verdict=visit.verdict,
        status=visit.status,
        error=in_short(visit.error, limit=200),
        text_sha256=visit.text.sha256 if visit.text else "",
        is_changed=bool(visit.difference),
    )


def _stand(stored: Source, visit: Visit, chance: float, now: datetime) -> None:
    """Let a source stand as a visit found it, and plan the next check."""
    standing = standing_after(stored.standing, visit.verdict, now)
    for name, value in vars(standing).items():
        setattr(stored, name, value)
    stored.last_verdict, stored.last_checked_at = visit.verdict, now
    pause = pause_after(standing, visit.verdict, chance=chance, asked=visit.asked_pause)
    if visit.difference and not visit.is_confirmed:
        pause = min(pause, _SOON)
    if stored.next_check_at is not None:
        stored.next_check_at = now + pause


def _leave(host: Host, visit: Visit, now: datetime) -> None:
    """End a visit: free the server from the pause on that it, or its robots.txt, asks for."""
    host.leased_until, host.next_visit_at = None, now + visit.pause
    if visit.is_answered:
        host.last_answered_at = now
    if visit.robots is not None:
        _keep_robots(host, visit.robots, now)
    host.save()


def _keep_robots(host: Host, found: RobotsFound, now: datetime) -> None:
    """Keep a robots.txt. A server in trouble keeps the one it had, or the day it first had none."""
    host.robots_expires_at = found.expires_at
    if found.status >= 500 and host.robots_read_at is not None:
        return
    host.robots_text, host.robots_status, host.robots_read_at = found.text, found.status, now


def _compare(stored: Source, asked: Source, visit: Visit, now: datetime) -> None:
    """Keep the text of a page, and whether its wording is still what was accepted."""
    assert visit.text is not None
    stored.last_seen_at = now
    if stored.accepted_text_id != asked.accepted_text_id:
        # Someone accepted another text during the visit: the next one compares with that.
        return
    is_first = stored.accepted_text_id is None
    if is_first or visit.difference:
        main, whole = kept_texts([visit.text.main, visit.text.whole])
        stored.found_text, stored.found_whole = main, whole
        if is_first:
            stored.accepted_text, stored.accepted_whole = main, whole
    else:
        stored.found_text, stored.found_whole = stored.accepted_text, stored.accepted_whole
    if not visit.difference:
        stored.changed_at = None
    elif visit.is_confirmed:
        stored.changed_at = stored.changed_at or now
    _look_for(visit, now)


def _look_for(visit: Visit, now: datetime) -> None:
    """Note which passages stand in the text, since when, and which are found no more."""
    passages = Passage.objects.in_bulk(visit.passages)
    for pk, is_found in visit.passages.items():
        if (passage := passages.get(pk)) is None:
            continue
        passage.is_found = is_found
        if is_found:
            passage.first_found_at, passage.lost_at = passage.first_found_at or now, None
        elif passage.first_found_at is not None:
            passage.lost_at = passage.lost_at or now
        passage.save(update_fields=["is_found", "first_found_at", "lost_at"])


def kept_texts(texts: Iterable[str]) -> list[PageText]:
    """Return the rows of these texts, stored once each; for the writes of this and higher apps."""
    rows = [PageText.of(text) for text in texts]
    PageText.objects.bulk_create({row.pk: row for row in rows}.values(), ignore_conflicts=True)
    return rows


@write
def accept_change(*, source: Source, text: str, note: str, by: User, now: datetime) -> Source:
    """Say what a change of wording means for the record: from now on the new text is the known one.

    `text` is the hash of the one that was read. Raises NoReason without a note, NoChange when
    there is none, ChangedAgain when another text was found since, ValidationError.
    """
    if not note.strip():
        raise NoReason(_("Say what changed and what it means for the record."))
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if source.changed_at is None or source.found_text_id is None:
        raise NoChange(_("Nothing has changed here since someone last looked."))
    if source.found_text_id != text:
        raise ChangedAgain(_("It has changed once more since you read it. Read it again."))
    source.accepted_text, source.accepted_whole = source.found_text, source.found_whole
    source.changed_at = None
    source.accepted_at, source.accepted_by, source.accepted_note = now, by, note.strip()
    without_control_characters(source.accepted_note)
    source.save()
    return source


@write
def check_soon(*, source: Source, by: User, now: datetime) -> Source:
    """Put a source at the head of the line. Raises NoAddress for what is asked no more."""
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if source.next_check_at is None:
        raise NoAddress(_("Its evidence was withdrawn or has no web address."))
    source.next_check_at = now
    source.save(update_fields=["next_check_at"])
    return source


@write
def add_passage(
    *, link: EvidenceLink, exact: str, by: User, now: datetime, prefix: str = "", suffix: str = ""
) -> Passage:
    """Quote words from a source; they are looked for at every check. Raises ValidationError."""
    passage = Passage(
        link=link,
        exact=normalised(exact),
        prefix=normalised(prefix),
        suffix=normalised(suffix),
        created_at=now,
        created_by=by,
    )
    passage.full_clean()
    passage.save()
    Source.objects.filter(evidence=link.evidence_id, next_check_at__isnull=False).exclude(
        state=LinkState.UNCHECKED
    ).update(next_check_at=now)
    return passage


@write
def remove_passage(*, passage: Passage, reason: str, by: User, now: datetime) -> None:
    """Quote these words no more. Raises PassageIsQuote for the pledge's own quote."""
    if passage.is_quote:
        raise PassageIsQuote(_("This is the quote of the pledge. Change it at the pledge."))
    passage.delete()
