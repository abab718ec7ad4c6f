"""One mail a person and day about what became stale in their hands, or in nobody's.

Of what is in nobody's hands hears whoever may name an owner: otherwise nobody would. Each Monday of
all of it, since things come there in more ways than by turning stale: somebody gave them back, or
has left. On other days of what is new. Mondays also say whom no mail reaches of those whom flags
land on.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from promises.accounts.models import User
from promises.accounts.rights import right
from promises.common.dates import utc_date
from promises.common.failpoints import failpoint
from promises.common.writes import write
from promises.outbox.actions import put_in_outbox
from promises.outbox.models import Delivery
from promises.staleness.models import Digest, Notice, ReviewPolicy, StaleFlag
from promises.staleness.querysets import StaleFlagQuerySet

logger = logging.getLogger(__name__)

# What a mail lists; the desk has the rest.
LISTED = 50
MONDAY = 0
_NAMES_OWNERS = right("staleness.ReviewPolicy", "change")


def write_digests(*, by: User, now: datetime) -> int:
    """Put the day's digest of everyone who is to hear of something into the outbox.

    Each person's in a transaction of its own, so one that fails keeps nobody else waiting.
    Nothing goes out before settings.DIGEST_HOUR (UTC). Returns how many were written.
    """
    if now.astimezone(UTC).hour < settings.DIGEST_HOUR:
        return 0
    waiting = Notice.objects.to_be_told(utc_date(now))
    hearing = Q(pk__in=waiting.values("person")) | Q(pk__in=_may_name_owners(now))
    written = 0
    for person in User.objects.filter(hearing).order_by("pk"):
        try:
            written += write_digest(person=person, by=by, now=now)
        # Whatever is wrong with one digest is its own: its notices wait for the next call.
        except Exception:
            logger.exception("The digest of person %d could not be written.", person.pk)
    return written


def _may_name_owners(now: datetime) -> QuerySet[User]:
    """Return who has yet to hear that something is in nobody's hands."""
    people = User.objects.with_perm(_NAMES_OWNERS).exclude(email="")
    people = people.exclude(stale_digests__digest_on=utc_date(now))
    # All flags are looked through only for someone who has had no mail today.
    if not people.exists():
        return people
    if _whom_no_mail_reaches(now):
        return people
    newest = StaleFlag.objects.awake(now).in_hands_of(None).aggregate(at=Max("opened_at"))["at"]
    if newest is None:
        return people.none()
    return people if _is_for_all(now) else people.exclude(stale_digests__made_at__gte=newest)


def _is_for_all(now: datetime) -> bool:
    """Tell whether today all that is in nobody's hands is told, and not only what is new."""
    return utc_date(now).weekday() == MONDAY


def _whom_no_mail_reaches(now: datetime) -> list[str]:
    """Return on Mondays who holds flags without an address, and whom policies name in vain."""
    if not _is_for_all(now):
        return []
    holding = StaleFlag.objects.awake(now).values("assigned_to")
    policies = ReviewPolicy.objects.all()
    named = Q(pk__in=policies.values("owner")) | Q(pk__in=policies.values("escalation_to"))
    deaf = Q(email="", pk__in=holding) | named & Q(email="") | named & Q(is_active=False)
    return [str(person) for person in User.objects.filter(deaf).order_by("username")]


def _in_nobodys_hands(person: User, now: datetime) -> StaleFlagQuerySet:
    """Return what of nobody's this person is to hear of today, if they may name owners."""
    if not person.has_perm(_NAMES_OWNERS):
        return StaleFlag.objects.none()
    nobodys = StaleFlag.objects.awake(now).in_hands_of(None)
    if _is_for_all(now):
        return nobodys
    return nobodys.newer_than(person.stale_digests.aggregate(at=Max("made_at"))["at"])


@write
def write_digest(*, person: User, by: User, now: datetime) -> bool:
    """Put one person's digest into the outbox, once a day. False when there is nothing to tell.

    The notices it tells, the digest and the mail are one transaction. Its idempotency key names
    person and day.
    """
    # Two workers at once: the second waits here and then finds the digest of the first.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    day = utc_date(now)
    notices = Notice.objects.to_be_told(day).filter(person=person)
    told = list(notices.select_related("flag__pledge__person").order_by("flag__stale_since", "pk"))
    nobodys = _in_nobodys_hands(person, now)
    deaf = _whom_no_mail_reaches(now) if person.has_perm(_NAMES_OWNERS) else []
    if not told and not deaf and not nobodys.exists():
        return False
    digest = Digest.objects.create(person=person, digest_on=day, made_at=now)
    Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(digest=digest)
    failpoint("told")
    mail = Delivery(
        key=f"stale-digest:{person.pk}:{day}",
        courier="mail",
        address=person.email,
        content=_content(person, told, nobodys, deaf, now),
    )
    put_in_outbox(deliveries=[mail], by=by, now=now)
    return True


def _content(
    person: User,
    told: list[Notice],
    nobodys: StaleFlagQuerySet,
    deaf: list[str],
    now: datetime,
) -> dict[str, Any]:
    open_now = [notice for notice in told if notice.flag.closed_at is None]
    desk = f"{settings.SITE_URL}{reverse('admin:staleness_staleflag_changelist')}"
    unowned = nobodys.count()
    context = {
        "person": person,
        "day": utc_date(now),
        "notices": open_now[:LISTED],
        "more": max(0, len(open_now) - LISTED),
        "settled": len(told) - len(open_now),
        "in_hand": StaleFlag.objects.open().in_hands_of(person).count(),
        "unowned": unowned,
        "nobodys": list(nobodys.select_related("pledge__person").oldest_first()[:LISTED]),
        "deaf": ", ".join(deaf),
        "more_unowned": max(0, unowned - LISTED),
        "site": settings.SITE_URL,
        "desk": f"{desk}?hands=mine",
        "desk_of_nobody": f"{desk}?hands=nobody",
    }
    return {
        "subject": _subject(told, len(open_now), unowned, len(deaf)),
        "text": render_to_string("mail/stale_digest.txt", context),
        "html": render_to_string("mail/stale_digest.html", context),
    }


def _subject(told: list[Notice], in_hand: int, unowned: int, deaf: int) -> str:
    """Return the subject: what is in someone's hands, else in nobody's, else who hears nothing."""
    if deaf and not told and not unowned:
        words = ngettext(
            "No mail reaches %(count)d person whom flags land on",
            "No mail reaches %(count)d people whom flags land on",
            deaf,
        )
        return words % {"count": deaf}
    if unowned and not told:
        words = ngettext(
            "%(count)d flag is in nobody's hands", "%(count)d flags are in nobody's hands", unowned
        )
        return words % {"count": unowned}
    words = ngettext(
        "%(count)d pledge to look at again", "%(count)d pledges to look at again", in_hand
    )
    return words % {"count": in_hand}
