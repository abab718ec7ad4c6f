"""What a courier brings: the files of one copy and what was seen on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stored:
    """A file in the store: SHA-256 in hex, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Copy:
    """One complete copy. What was uploaded has no WARC, no status and no headers."""

    captured_at: datetime
    body: Stored
    media_type: str
    charset: str = ""
    requested_at: datetime | None = None
    final_url: str = ""
    http_status: int | None = None
    headers: Sequence[tuple[str, str]] = ()
    warc: Stored | None = None
    rendering: Stored | None = None
    text: str = ""
    verdict: str = ""
    is_suspect: bool = False
