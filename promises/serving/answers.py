"""Answers that are ready: as bytes, compressed once, in a bounded room of this process."""

import gzip
import hashlib
import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from promises.serving.rules import (
    OF_ONE_CALLER,
    Asked,
    Headers,
    accepts_gzip,
    is_compressible,
    said_again,
)

UNCHANGED = "304 Not Modified"
OK = "200 OK"
REVALIDATED = "public, max-age=0, must-revalidate"
SMALLEST_COMPRESSED = 200
LARGEST = 2_000_000
_OUTSIDE = {"content-length", "etag", "vary", "cache-control", "set-cookie", "content-encoding"}


@dataclass
class Answer:
    """One public answer, the same for everybody, in each of its encodings."""

    headers: Headers  # As views and middleware gave them, without those that differ by encoding.
    body: bytes
    packed: bytes | None
    etag: str  # Without quotation marks.
    vary: str
    cache_control: str
    work: int | None = None  # The state of what machines write, where it is shown.
    route: str = "none"  # By which name it is counted when it is given again.
    was_used: bool = field(default=False, compare=False)

    @cached_property
    def plain(self) -> Headers:
        """The headers of the answer as it is."""
        return [*self._common(self.etag), ("Content-Length", str(len(self.body)))]

    @cached_property
    def zipped(self) -> Headers:
        """The headers of the compressed answer."""
        return [
            *self._common(self.packed_etag),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(self.packed or b""))),
        ]

    def taken_as(self, encodings: str) -> tuple[Headers, bytes]:
        """Return headers and body for a caller who takes these encodings."""
        if self.packed is not None and accepts_gzip(encodings):
            return self.zipped, self.packed
        return self.plain, self.body

    @cached_property
    def unchanged(self) -> Headers:
        """The headers of 304 to a caller who takes the answer as it is."""
        return [*said_again(self.plain), ("ETag", f'"{self.etag}"')]

    @cached_property
    def unchanged_zipped(self) -> Headers:
        """The headers of 304 to a caller who takes it compressed."""
        return [*said_again(self.zipped), ("ETag", f'"{self.packed_etag}"')]

    @cached_property
    def etags(self) -> frozenset[str]:
        """The tags of all its encodings, as conditions write them."""
        return frozenset({f'"{self.etag}"', f'"{self.packed_etag}"'})

    @cached_property
    def counted_given(self) -> str:
        """The number that goes up when this answer is given."""
        return _number_of(self.route, OK)

    @cached_property
    def counted_unchanged(self) -> str:
        """The number that goes up when a caller has it already."""
        return _number_of(self.route, UNCHANGED)

    @property
    def packed_etag(self) -> str:
        """The tag of the compressed answer: a strong tag names bytes (RFC 9110, 8.8.1)."""
        return f"{self.etag}-gzip" if self.packed is not None else self.etag

    @property
    def size(self) -> int:
        """How much room it takes."""
        return len(self.body) + len(self.packed or b"") + 4000

    def _common(self, etag: str) -> Headers:
        return [
            *self.headers,
            ("Cache-Control", self.cache_control),
            ("Vary", self.vary),
            ("ETag", f'"{etag}"'),
        ]


def _number_of(route: str, status: str) -> str:
    return f'tracker_requests_total{{route="{route}",status="{status[:3]}",kept="yes"}}'


def answer_of(
    headers: Headers, body: bytes, work: int | None, route: str = "none"
) -> Answer | None:
    """Return what may be kept of an answer, or None where its headers forbid it."""
    found = {name.lower(): value for name, value in headers}
    vary = {word.strip() for word in found.get("vary", "").split(",") if word.strip()}
    if _is_of_one_reader(found, vary) or "content-encoding" in found or len(body) > LARGEST:
        return None
    kept = [
        (name, value)
        for name, value in headers
        if name.lower() not in _OUTSIDE and name.lower() not in OF_ONE_CALLER
    ]
    packed = _packed(found.get("content-type", ""), body)
    # The address says the language, so `Accept-Language` changes nothing.
    vary -= {"Accept-Language"}
    if packed is not None:
        vary |= {"Accept-Encoding"}
    return Answer(
        headers=kept,
        body=body,
        packed=packed,
        etag=_tag(found.get("etag", ""), body),
        vary=", ".join(sorted(vary)),
        cache_control=found.get("cache-control", REVALIDATED),
        work=work,
        route=route,
    )


def _is_of_one_reader(headers: Mapping[str, str], vary: Collection[str]) -> bool:
    control = {word.strip().lower() for word in headers.get("cache-control", "").split(",")}
    return bool(
        "set-cookie" in headers
        or {"cookie", "*"} & {word.lower() for word in vary}
        or control & {"no-store", "no-cache", "private"}
    )


def _packed(media_type: str, body: bytes) -> bytes | None:
    if len(body) < SMALLEST_COMPRESSED or not is_compressible(media_type):
        return None
    return gzip.compress(body, 6, mtime=0)


def _tag(given: str, body: bytes) -> str:
    """Return the tag the view gave if it is a strong one, else the hash of the bytes."""
    if given.startswith('"') and given.endswith('"') and len(given) > 2:
        return given[1:-1]
    return hashlib.sha256(body).hexdigest()[:32]


def as_bytes(answer: Answer) -> bytes:
    """Return an answer as it is kept outside of this process."""
    head = {
        "headers": answer.headers,
        "etag": answer.etag,
        "vary": answer.vary,
        "cache_control": answer.cache_control,
        "work": answer.work,
        "route": answer.route,
        "is_packed": answer.packed is not None,
    }
    body = answer.body if answer.packed is None else answer.packed
    return json.dumps(head).encode() + b"\n" + body


def from_bytes(kept: bytes) -> Answer:
    """Return an answer that `as_bytes` of this version made; about all else nothing is said."""
    line, _, body = kept.partition(b"\n")
    head = json.loads(line)
    is_packed = head.pop("is_packed")
    headers = [(str(name), str(value)) for name, value in head.pop("headers")]
    packed = body if is_packed else None
    return Answer(
        headers=headers, body=gzip.decompress(body) if is_packed else body, packed=packed, **head
    )


class Answers:
    """The answers of one state of the record, as many as fit; what nobody asks for goes first."""

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, 0
        self._kept: dict[Asked, Answer] = {}
        self._one_adds = threading.Lock()

    def get(self, asked: Asked, work: int) -> Answer | None:
        """Return the answer that is ready, if it is still true."""
        answer = self._kept.get(asked)
        if answer is None or (answer.work is not None and answer.work != work):
            return None
        answer.was_used = True
        return answer

    def add(self, asked: Asked, answer: Answer) -> None:
        """Keep an answer, and let go of those that have been asked for least lately."""
        if answer.size > self.room // 4:
            return
        with self._one_adds:
            self._remove(asked)
            self._kept[asked] = answer
            self.taken += answer.size
            while self.taken > self.room:
                self._let_one_go()

    def __len__(self) -> int:
        return len(self._kept)

    def _let_one_go(self) -> None:
        """Give each answer that was used since last time another round, and drop the next."""
        for _ in range(len(self._kept)):
            asked = next(iter(self._kept))
            oldest = self._kept[asked]
            if not oldest.was_used:
                break
            del self._kept[asked]
            oldest.was_used = False
            self._kept[asked] = oldest
        self._remove(next(iter(self._kept)))

    def _remove(self, asked: Asked) -> None:
        if gone := self._kept.pop(asked, None):
            self.taken -= gone.size
