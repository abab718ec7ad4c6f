"""What a message says, written at the moment it is sent: what is public then, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings

from promises.common.canonical import canonical_json, timestamp
from promises.pledges.models import Pledge, Topic
from promises.webhooks.contents import public_contents
from promises.webhooks.models import Endpoint, Message
from promises.webhooks.rules import LARGEST_BODY, MOST_FLAGS

FLAGS = "stale_flags"


def contents_of(messages: Iterable[Message], *, today: date) -> Mapping[int, Any]:
    """Return what the entries of messages may say today, by edition."""
    editions = [message.entry_id for message in messages if message.entry_id is not None]
    return public_contents(editions, today)


def body_of(message: Message, contents: Mapping[int, Any]) -> bytes | None:
    """Return the body of a message; None when nothing it could tell is public any more.

    `contents` are those of its entry (contents_of), looked up a moment before.
    """
    entry = message.entry
    if entry is None:
        data: dict[str, Any] = {"endpoint": message.endpoint.reference}
        return _written(message.event_type, timestamp(message.made_at), data)
    content = contents[entry.edition]
    row = content["data"]
    if row is not None and FLAGS in row:
        row = _own_flags(row, message.endpoint)
    if row is None:
        return None
    data = {
        "edition": entry.edition,
        "event": entry.event,
        "subject": content["subject"],
        "pledge": content["pledge"],
        "by": entry.by,
        "url": _page(content["pledge"], entry.event),
        "change": f"{settings.SITE_URL}/api/v1/changes/{entry.edition}/",
        "row": row,
        "is_cut": False,
    }
    if len(row.get(FLAGS, ())) > MOST_FLAGS:
        data |= {"row": {FLAGS: row[FLAGS][:MOST_FLAGS]}, "is_cut": True}
    body = _written(message.event_type, timestamp(entry.at), data)
    if len(body) >= LARGEST_BODY:
        # What is longer stands in the changes feed, at the address that the message gives.
        body = _written(
            message.event_type, timestamp(entry.at), {**data, "row": None, "is_cut": True}
        )
    return body


def _written(event_type: str, at: str, data: dict[str, Any]) -> bytes:
    return canonical_json({"type": event_type, "timestamp": at, "data": data}).encode()


def _own_flags(row: dict[str, Any], endpoint: Endpoint) -> dict[str, Any] | None:
    """Return the flags that an endpoint is told of; None where there are none."""
    flags = row[FLAGS]
    if endpoint.person_id or endpoint.topic_id:
        told = Pledge.objects.filter(slug__in={flag["pledge"] for flag in flags})
        if endpoint.person_id:
            told = told.filter(person=endpoint.person_id)
        if endpoint.topic:
            told = told.filter(topic__in=Topic.objects.and_below([endpoint.topic.slug]))
        slugs = set(told.values_list("slug", flat=True))
        flags = [flag for flag in flags if flag["pledge"] in slugs]
    return {FLAGS: flags} if flags else None


def _page(pledge: str | None, event: str) -> str | None:
    """Return the public page to look at; none for what was withdrawn."""
    if not pledge or event == "pledge:retracted":
        return None
    return f"{settings.SITE_URL}/pledges/{pledge}/"
