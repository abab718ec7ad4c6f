"""What we keep in Redis, signed: whatever else stands there is taken for nothing.

Redis is not guarded like the database. What stands under a name of ours may be another program's,
of another version, or of somebody who means ill; so it is not read before its signature is.
"""

from hmac import compare_digest

from django.utils.crypto import salted_hmac

_SIZE = 32


def vouched(name: str, content: bytes) -> bytes:
    """Return the content as it is kept under a name."""
    return _signature(name, content) + content


def unvouched(name: str, kept: bytes | None) -> bytes | None:
    """Return what was kept under this name; None for anything that was not signed for it."""
    if kept is None:
        return None
    content = kept[_SIZE:]
    return content if compare_digest(kept[:_SIZE], _signature(name, content)) else None


def _signature(name: str, content: bytes) -> bytes:
    signed = name.encode() + b"\0" + content
    return salted_hmac("promises.common.vouched", signed, algorithm="sha256").digest()
