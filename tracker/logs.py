"""How a line of log is made: one JSON object, with the number of its request, and nobody's data."""

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any

from promises.watching.rules import scrubbed

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter
    from structlog.types import EventDict, Processor

# What a log call may add to its line; anything else could be a whole request, or a person.
_MORE = {"method", "route", "status", "milliseconds"}
# These write addresses of pages, which may hold secret numbers of senders and followers.
_WITH_ADDRESSES = {"django.request", "django.security.csrf"}
# So much of what a stranger sent is repeated to whoever reads the log.
_LONGEST_REFUSAL = 200
_NO_CHANGES = "The database takes no changes: it only follows another one, or was set read only."
_AWAY = "The database is away."


def quietly(record: logging.LogRecord) -> bool:
    """Make one short warning of what Django says as an error, with its trace, of a refusal.

    Anybody can cause as many of these as they like, and nothing is wrong with the site.
    """
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.msg, record.args = record.getMessage()[:_LONGEST_REFUSAL], ()
    record.exc_info = None
    return True


class EventFormatter(logging.Formatter):
    """Makes a line of every record, whoever logs it. `kind`: json or lines.

    What makes it is read in with the first record: most commands log nothing.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self._maker.format(record)

    @cached_property
    def _maker(self) -> "ProcessorFormatter":
        from structlog import contextvars, dev, processors, stdlib

        last: Processor = (
            processors.JSONRenderer(ensure_ascii=False)
            if self._kind == "json"
            else dev.ConsoleRenderer(colors=False, pad_event_to=0)
        )
        return stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                contextvars.merge_contextvars,
                stdlib.add_log_level,
                stdlib.add_logger_name,
                stdlib.ExtraAdder(allow=_MORE),
                _without_addresses,
                processors.TimeStamper(fmt="iso", utc=True),
                _without_known_trace,
                processors.format_exc_info,
                _without_secrets,
            ],
            processors=[stdlib.ProcessorFormatter.remove_processors_meta, last],
        )


def _without_addresses(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    """Name what Django says of a request by its reason alone."""
    record = event.get("_record")
    if record is not None and record.name in _WITH_ADDRESSES:
        event["event"] = str(event["event"]).partition(": /")[0]
        event["status"] = getattr(record, "status_code", None)
    return event


def _without_known_trace(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    """Say in words instead of a trace that the database is away, or takes no changes, and why.

    Every task fails by it, some of them each five seconds, and none is at fault. A password that
    is wrong and too many connections look like it: what was said of it stays.
    """
    _kind, error, _trace = event.get("exc_info") or (None, None, None)
    if error is not None:
        from promises.common.away import is_away
        from promises.common.read_only import is_read_only

        if said := _NO_CHANGES if is_read_only(error) else _AWAY if is_away(error) else "":
            del event["exc_info"]
            event["event"] = f"{event['event']} {said}"
            event["error"] = str(error).partition("\n")[0]
    return event


def _without_secrets(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    """Scrub every text of a line."""
    return {
        name: scrubbed(value) if isinstance(value, str) and not name.startswith("_") else value
        for name, value in event.items()
    }
