"""How an entry is hashed. No database: anyone can check a chain with this and SHA-256."""

from typing import Any

from promises.common.canonical import canonical_json, sha256_hex


def entry_hash(
    *,
    edition: int,
    event: str,
    subject: str,
    pledge: str,
    at: str,
    by: str,
    data: Any,
    previous_hash: str,
) -> str:
    """Return the hash of an entry: SHA-256 over the RFC 8785 form of all its columns.

    `at` is RFC 3339 in UTC with microseconds; `data` is the parsed public row.
    """
    columns = {
        "edition": edition,
        "event": event,
        "subject": subject,
        "pledge": pledge,
        "at": at,
        "by": by,
        "data": data,
        "previous_hash": previous_hash,
    }
    return sha256_hex(canonical_json(columns))
