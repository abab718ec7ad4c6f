"""The number by which one request is found in every log: `X-Request-ID`."""

import re
import uuid

# What a proxy may give: letters, digits and what stands in usual identifiers. Nothing that could
# begin a new line of a log or mean something to a program that reads it.
_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def request_id(given: str | None) -> str:
    """Return the number that was given if it has the form of one, else a new one."""
    return given if given and is_request_id(given) else uuid.uuid4().hex


def is_request_id(given: str) -> bool:
    """Tell whether this has the form of a request's number: 8 to 64 plain signs."""
    return _FORM.fullmatch(given) is not None
