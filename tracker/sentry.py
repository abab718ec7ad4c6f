"""Sends errors to Sentry, where SENTRY_DSN names one; of a request nothing but its number."""

from functools import cache
from typing import Any

import structlog

from promises.watching.rules import scrubbed
from tracker.env import BadEnvironmentError


@cache
def send_errors_to(dsn: str) -> None:
    """Send every error that is logged from now on; with no DSN none. Asked again, nothing changes.

    Raises BadEnvironmentError when the package for it is not installed.
    """
    if not dsn:
        return
    try:
        import sentry_sdk
    except ImportError as error:
        raise BadEnvironmentError(
            "SENTRY_DSN is set, but the package sentry-sdk is not installed: "
            ".venv/bin/uv pip install sentry-sdk (docs/environment.md)."
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        default_integrations=True,
        before_send=without_people,
    )


def without_people(event: dict[str, Any], _hint: Any = None) -> dict[str, Any]:
    """Return an event without request, person and machine, its texts scrubbed."""
    for name in ("request", "user", "server_name", "breadcrumbs", "extra"):
        event.pop(name, None)
    event["tags"] = {
        name: value
        for name, value in structlog.contextvars.get_contextvars().items()
        if name in {"request_id", "task"}
    }
    cleaned: dict[str, Any] = _scrubbed(event)
    return cleaned


def _scrubbed(part: Any) -> Any:
    if isinstance(part, str):
        return scrubbed(part)
    if isinstance(part, dict):
        return {name: _scrubbed(value) for name, value in part.items()}
    return [_scrubbed(value) for value in part] if isinstance(part, list) else part
