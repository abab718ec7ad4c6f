"""How an entry is hashed. No database: anyone can check a chain with this and SHA-256."""

from promises.common.canonical import canonical_json, sha256_hex


def entry_hash(
    *,
    edition: int,
    event: str,
    subject: str,
    pledge: str,
    at: str,
    by: str,
    data: str,
    previous_hash: str,
) -> str:
    """Return the hash of an entry: SHA-256 over the RFC 8785 form of all its columns.

    `at` is RFC 3339 in UTC with microseconds; `data` is the public row in its RFC 8785 form, which
    stands in that of the entry as it is: at its place in the alphabet.
    """
    before = canonical_json({"at": at, "by": by})
    after = canonical_json(
        {
            "edition": edition,
            "event": event,
            "pledge": pledge,
            "previous_hash": previous_hash,
            "subject": subject,
        }
    )
    return sha256_hex(f'{before[:-1]},"data":{data},{after[1:]}')
