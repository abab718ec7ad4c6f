"""How a line of log is made: one JSON object, with the number of its request, and nobody's data."""

from typing import Any

import structlog
from structlog.types import EventDict, Processor

from promises.watching.rules import scrubbed

# What a log call may add to its line; anything else could be a whole request, or a person.
_MORE = {"method", "route", "status", "milliseconds"}
# These write addresses of pages, which may hold secret numbers of senders and followers.
_WITH_ADDRESSES = {"django.request", "django.security.csrf"}


def formatter(kind: str) -> structlog.stdlib.ProcessorFormatter:
    """Return what makes a line of every record, whoever logs it. `kind`: json or lines."""
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if kind == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=_MORE),
            _without_addresses,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_secrets,
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def _without_addresses(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Name what Django says of a request by its reason alone."""
    record = event.get("_record")
    if record is not None and record.name in _WITH_ADDRESSES:
        event["event"] = str(event["event"]).partition(": /")[0]
        event["status"] = getattr(record, "status_code", None)
    return event


def _without_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Scrub every text of a line."""
    return {
        name: scrubbed(value) if isinstance(value, str) and not name.startswith("_") else value
        for name, value in event.items()
    }
