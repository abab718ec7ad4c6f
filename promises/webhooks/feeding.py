"""From the ledger to messages: read in order, once; and read again when their owner asks for it.

Actions like those of `actions`, kept apart because each file holds one subject.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from promises.accounts.models import User
from promises.common.failpoints import failpoint
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.ledger.chain import current_edition
from promises.webhooks.actions import lock_cursor
from promises.webhooks.guards import locked_endpoint, require_open
from promises.webhooks.models import Endpoint, Message
from promises.webhooks.rules import EVENT_TYPES, MOST_REPLAYED

# How many entries one transaction reads.
ENTRIES = 500

# The pledges that were public beside what an entry without a pledge is about. Links stay when what
# they link is withdrawn, so a tombstone finds them as well.
_LINKED = """
    SELECT pledge.slug FROM (SELECT CASE WHEN entry.event = 'correction:saved'
            THEN 'evidence/' || (entry.data::jsonb ->> 'evidence')
            ELSE entry.subject END AS name) subject
    JOIN LATERAL (
        SELECT link.pledge_id FROM evidence_evidencelink link
        JOIN evidence_evidence evidence ON evidence.id = link.evidence_id
        WHERE starts_with(subject.name, 'evidence/') AND evidence.slug = substr(subject.name, 10)
        UNION ALL
        SELECT link.pledge_id FROM metrics_metricpledge link
        JOIN metrics_metric metric ON metric.id = link.metric_id
        WHERE starts_with(subject.name, 'metrics/') AND metric.slug = substr(subject.name, 9)
        UNION ALL
        SELECT link.pledge_id FROM record_requests_requestpledge link
        JOIN record_requests_recordrequest request ON request.id = link.record_request_id
        WHERE starts_with(subject.name, 'record_requests/')
            AND request.slug = substr(subject.name, 17)
        UNION ALL
        SELECT own.id FROM pledges_pledge own
        JOIN officials_person person ON person.id = own.person_id
        WHERE starts_with(subject.name, 'people/') AND person.slug = substr(subject.name, 8)
    ) linked ON entry.pledge = ''
    JOIN pledges_pledge pledge ON pledge.id = linked.pledge_id
        AND pledge.state IN ('published', 'retracted')
"""
# Which entries an endpoint is told of: of its events, and about its official and topic. A batch of
# flags is about the pledges it names.
_MATCHING = f"""
    FROM ledger_entry entry
    JOIN webhooks_endpoint endpoint ON endpoint.disabled_at IS NULL
        AND replace(entry.event, ':', '.') = ANY(CASE
            WHEN endpoint.event_types = '{{}}' THEN %(known)s::varchar[]
            ELSE endpoint.event_types END)
    WHERE entry.edition > %(after)s AND entry.edition <= %(up_to)s
        AND ((endpoint.person_id IS NULL AND endpoint.topic_id IS NULL) OR EXISTS (
            SELECT FROM pledges_pledge pledge
            WHERE pledge.slug IN (
                SELECT entry.pledge
                UNION ALL {_LINKED}
                UNION ALL
                SELECT flag ->> 'pledge' FROM jsonb_array_elements(
                    CASE WHEN entry.event LIKE 'stale\\_flags:%%'
                    THEN entry.data::jsonb -> 'stale_flags' ELSE '[]' END) flag)
            AND (endpoint.person_id IS NULL OR pledge.person_id = endpoint.person_id)
            AND (endpoint.topic_id IS NULL OR pledge.topic_id IN (
                SELECT id FROM pledges_topic
                WHERE id = endpoint.topic_id OR parent_id = endpoint.topic_id))
        ))
"""  # noqa: S608 -- our own words
_INSERT = f"""
    INSERT INTO webhooks_message (endpoint_id, name, entry_id, event_type, made_at, attempts,
        next_try_at, set_aside_reason)
    SELECT endpoint.id, 'msg_' || substr(endpoint.reference, 4) || '_' || entry.edition,
        entry.edition, replace(entry.event, ':', '.'), %(now)s, 0, %(now)s, ''
    {_MATCHING}
"""
_NEW = f"""
    {_INSERT} AND endpoint.since_edition < entry.edition
    ORDER BY entry.edition, endpoint.id
    ON CONFLICT DO NOTHING
"""
_AGAIN = f"""
    {_INSERT} AND endpoint.id = %(endpoint)s
    ORDER BY entry.edition LIMIT {MOST_REPLAYED}
    ON CONFLICT (endpoint_id, entry_id) DO UPDATE SET attempts = 0, next_try_at = %(now)s,
        accepted_at = NULL, set_aside_at = NULL, set_aside_reason = ''
"""


class TooMuchAtOnce(Refused):
    """The range holds more entries than one replay takes."""


@write
def read_ledger(*, by: User, now: datetime) -> bool:
    """Make the messages that the next entries call for; return whether there may be more.

    The messages and the step of the cursor are one transaction, and its lock lets one reader in.
    """
    cursor, newest = lock_cursor(by=by, now=now), current_edition()
    if cursor.edition >= newest:
        return False
    after, cursor.edition = cursor.edition, min(newest, cursor.edition + ENTRIES)
    _run(_NEW, after=after, up_to=cursor.edition, now=now)
    failpoint("messages")
    cursor.save(update_fields=["edition"])
    return cursor.edition < newest


@write
def replay_range(*, endpoint: Endpoint, after: int, up_to: int, by: User, now: datetime) -> int:
    """Send again what an endpoint is told of in these editions, accepted before or missed.

    Each keeps its webhook-id. Returns how many messages wait for it by that. Raises
    NotYourEndpoint, IsClosed, TooMuchAtOnce.
    """
    cursor = lock_cursor(by=by, now=now)
    endpoint = locked_endpoint(endpoint, by)
    require_open(endpoint)
    # What the reader has not come to it will bring by itself.
    up_to = min(up_to, cursor.edition)
    if up_to - after > 10 * MOST_REPLAYED:
        raise TooMuchAtOnce(f"Ask for {10 * MOST_REPLAYED} editions at a time.")
    done = _run(_AGAIN, after=after, up_to=up_to, now=now, endpoint=endpoint.pk)
    if done >= MOST_REPLAYED:
        raise TooMuchAtOnce(f"These are {MOST_REPLAYED} messages or more: ask for fewer editions.")
    return done


@write
def replay_message(*, message: Message, by: User, now: datetime) -> Message:
    """Send one message again, under the same webhook-id and with all its tries.

    Raises NotYourEndpoint, IsClosed.
    """
    endpoint = locked_endpoint(message.endpoint, by)
    require_open(endpoint)
    message = Message.objects.select_for_update().get(pk=message.pk)
    message.attempts, message.next_try_at = 0, now
    message.accepted_at = message.set_aside_at = None
    message.set_aside_reason = ""
    message.save(
        update_fields=["attempts", "next_try_at", "accepted_at", "set_aside_at", "set_aside_reason"]
    )
    return message


def _run(statement: str, **values: Any) -> int:
    with connection.cursor() as database:
        database.execute(statement, {**values, "known": list(EVENT_TYPES)})
        return int(database.rowcount)
