"""From the ledger to the outbox: read in order, once, then a mail a subscriber.

Actions like those of `actions`, kept apart because each file holds one subject.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import connection

from promises.accounts.models import User
from promises.alerts.actions import lock_cursor
from promises.alerts.choices import Frequency
from promises.alerts.models import News, Subscriber
from promises.alerts.rules import NEWSWORTHY, due_at
from promises.common.failpoints import failpoint
from promises.common.writes import write
from promises.ledger.chain import current_edition
from promises.outbox.actions import put_in_outbox
from promises.outbox.models import Delivery

# How many entries, and how many subscribers, one transaction takes.
ENTRIES = 1000
SUBSCRIBERS = 100

# Who hears of a pledge, and who of a person: a person is withdrawn after their pledges, of which
# those who follow these have heard. News is the first time a link is public. Saved again it has
# another note, or a correction tells what changed.
_INSERT = """
    INSERT INTO alerts_news (subscription_id, entry_id, due_at)
    SELECT subscription.id, entry.edition, CASE subscription.frequency
        WHEN 'immediate' THEN %(immediate)s WHEN 'daily' THEN %(daily)s ELSE %(weekly)s END
    FROM ledger_entry entry
    JOIN LATERAL (
        SELECT subscription.* FROM pledges_pledge pledge
        JOIN pledges_topic topic ON topic.id = pledge.topic_id
        JOIN alerts_subscription subscription
            ON subscription.pledge_id = pledge.id OR subscription.person_id = pledge.person_id
            OR subscription.topic_id = topic.id OR subscription.topic_id = topic.parent_id
        WHERE pledge.slug = entry.pledge
        UNION ALL
        SELECT subscription.* FROM officials_person person
        JOIN alerts_subscription subscription ON subscription.person_id = person.id
        WHERE starts_with(entry.subject, 'people/') AND person.slug = substr(entry.subject, 8)
    ) subscription ON true
    WHERE entry.edition > %(after)s AND entry.edition <= %(up_to)s
        AND entry.event = ANY(%(news)s) AND subscription.since_edition < entry.edition
        AND (entry.event <> 'evidence_link:saved' OR NOT EXISTS (
            SELECT FROM ledger_entry earlier
            WHERE earlier.subject = entry.subject AND earlier.edition < entry.edition
        ))
    ON CONFLICT DO NOTHING
"""


def tell(*, by: User, clock: Callable[[], datetime]) -> int:
    """Read the ledger to its end, then write every mail that is due; return how many.

    It ends in the same rows however often it is called, by whom, and wherever it was cut off.
    """
    while read_ledger(by=by, now=clock()):
        failpoint("read")
    written = 0
    while (mails := write_mails(by=by, now=clock())) is not None:
        failpoint("written")
        written += mails
    return written


@write
def read_ledger(*, by: User, now: datetime) -> bool:
    """Note for whoever follows them what the next entries say; return whether there may be more.

    The news and the step of the cursor are one transaction, and its lock lets one reader in.
    """
    cursor, newest = lock_cursor(by=by, now=now), current_edition()
    if cursor.edition >= newest:
        return False
    after, cursor.edition = cursor.edition, min(newest, cursor.edition + ENTRIES)
    hour = settings.DIGEST_HOUR
    with connection.cursor() as database:
        database.execute(
            _INSERT,
            {
                "after": after,
                "up_to": cursor.edition,
                "news": list(NEWSWORTHY),
                **{str(often): due_at(often, now, hour) for often in Frequency.values},
            },
        )
    failpoint("news")
    cursor.save(update_fields=["edition"])
    return cursor.edition < newest


@write
def write_mails(*, by: User, now: datetime) -> int | None:
    """Put one mail each for some of the subscribers to whom something is due into the outbox.

    The mail names the entries; what it says is written when it is sent. What it tells is told
    to that subscriber once, by however many subscriptions: its rows of all of them go in the same
    transaction. Returns how many mails: none for those whom another worker served between our look
    and our lock. None when all are served.
    """
    due = News.objects.due(now)
    waiting = Subscriber.objects.filter(pk__in=due.values("subscription__subscriber"))
    locked = waiting.order_by("pk").select_for_update(no_key=True, skip_locked=True)
    taken = [subscriber.pk for subscriber in locked[:SUBSCRIBERS]]
    if not taken:
        return None
    rows = News.objects.filter(subscription__subscriber__in=taken).select_related("subscription")
    told: dict[int, set[int]] = {}
    for row in rows:
        if row.due_at <= now:
            told.setdefault(row.subscription.subscriber_id, set()).add(row.entry_id)
    mails = [_mail(subscriber, entries) for subscriber, entries in told.items()]
    put_in_outbox(deliveries=mails, by=by, now=now)
    gone = [r.pk for r in rows if r.entry_id in told.get(r.subscription.subscriber_id, ())]
    News.objects.filter(pk__in=gone).delete()
    return len(told)


def _mail(subscriber: int, entries: set[int]) -> Delivery:
    return Delivery(
        # No two mails to a subscriber tell the same entry.
        key=f"alert:{subscriber}:{max(entries)}",
        courier="mail",
        address=f"subscriber {subscriber}",
        content={"writer": "alert", "subscriber": subscriber, "entries": sorted(entries)},
    )
