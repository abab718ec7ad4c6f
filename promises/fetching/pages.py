"""What came back: every hop on the way, the bytes as sent and as unpacked."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import IO


@dataclass(frozen=True)
class Hop:
    """One answer on the way; `head` as it was sent, `address` the number connected to."""

    url: str
    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    head: bytes
    request_head: bytes
    address: str

    def header(self, name: str) -> str:
        """Return the values of a header, joined by commas, or ""."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())


@dataclass(frozen=True)
class Fetched:
    """The last answer. `wire` is the body as sent, without chunks; `body` is it unpacked.

    Both files stand at their beginning and are gone when the `with` block of the fetch ends.
    `seconds` of wall time; `sha256` of the body, in hex.
    """

    asked_url: str
    hops: Sequence[Hop]
    wire: IO[bytes]
    body: IO[bytes]
    size: int
    sha256: str
    seconds: float

    @property
    def last(self) -> Hop:
        """The answer that is no redirect."""
        return self.hops[-1]

    @property
    def url(self) -> str:
        """Where it was in the end."""
        return self.last.url

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return self.last.status

    @property
    def media_type(self) -> str:
        """What the server says it is, in lower case, or ""."""
        return self._content_type().get_content_type() if self.last.header("content-type") else ""

    @property
    def charset(self) -> str:
        """The encoding that the server names, or ""."""
        return str(self._content_type().get_content_charset() or "")

    def _content_type(self) -> Message:
        message = Message()
        message["content-type"] = self.last.header("content-type")
        return message
