"""How the client asks: pages, single rows, versions, waiting, problems.

Written by hand and put into the file that is handed out (`writing`); it needs nothing of ours.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

Query = Mapping[str, str | int | bool | Sequence[str] | None]
# How many answers are remembered, to be asked for again without paying for them.
REMEMBERED = 200
LARGEST_PAGE = 200
# Refused for a while. Every answer has a Retry-After; after other refusals asking again is no use.
PASSING = (429, 503)


class ProblemError(Exception):
    """The tracker answers with a problem (RFC 9457), whose members are `document`.

    `retry_after` is how many seconds to wait before asking again, None where that is no use.
    """

    def __init__(
        self, status: int, document: Mapping[str, Any], retry_after: float | None = None
    ) -> None:
        super().__init__(f"{status} {document.get('title', '')}: {document.get('detail', '')}")
        self.status, self.document, self.retry_after = status, document, retry_after


@dataclass(frozen=True)
class Answer:
    """An answer and its version. `body` is None where nothing has changed since that version."""

    status: int
    etag: str
    body: Any


class Client:
    """Asks one tracker, and no other address: a key never leaves for another host.

    `address` is like https://tracker.example. `key` is needed for nothing that is public.
    `patience` is for how many seconds in all a request waits when the tracker refuses it for a
    while (429, 503); it never asks sooner than Retry-After says, and raises ProblemError where it
    would take longer.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str = "",
        patience: float = 120,
        timeout: float = 60,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            raise ValueError("The address of a tracker begins with https:// or http://.")
        self.address = address.rstrip("/")
        self.patience, self.timeout, self._key, self._sleep = patience, timeout, key, sleep
        self._remembered: dict[str, Answer] = {}

    def ask(self, path: str, query: Query | None = None, *, etag: str = "") -> Answer:
        """Ask for JSON; with the `etag` of an earlier answer the body is None if it still holds.

        Raises ProblemError, and OSError where the tracker cannot be reached.
        """
        with closing(self.open(path, query, etag=etag)) as answer:
            if answer.status == 304:
                return Answer(304, answer.headers.get("ETag", etag), None)
            return Answer(answer.status, answer.headers.get("ETag", ""), json.load(answer))

    def read(self, path: str, query: Query | None = None) -> Any:
        """Return the body of an answer; what was read before is only asked for if it changed."""
        address = _with_query(path, query)
        before = self._remembered.pop(address, None)
        answer = self.ask(address, etag=before.etag if before else "")
        if answer.body is None and before:
            answer = before
        if answer.etag:
            self._remembered[address] = answer
        while len(self._remembered) > REMEMBERED:
            self._remembered.pop(next(iter(self._remembered)))
        return answer.body

    def pages(self, path: str, query: Query | None = None) -> Iterator[list[Any]]:
        """Yield the rows of a list page by page, by following `next`; no page is empty."""
        page = self.read(path, {"page_size": LARGEST_PAGE, **_given(query)})
        while True:
            if page["results"]:
                yield page["results"]
            if page["next"] is None:
                return
            following = urlsplit(page["next"])
            page = self.ask(f"{following.path}?{following.query}").body

    def rows(self, path: str, query: Query | None = None) -> Iterator[Any]:
        """Yield the rows of a list, one by one."""
        for page in self.pages(path, query):
            yield from page

    def open(self, path: str, query: Query | None = None, *, etag: str = "") -> Any:
        """Return an open answer, or raise ProblemError; wait where the tracker asks for it."""
        address, patience = self.address + _with_query(path, query), self.patience
        while True:
            try:
                return self._open(address, etag)
            except ProblemError as problem:
                wait = problem.retry_after
                if wait is None or wait > patience:
                    raise
                patience -= max(wait, 1)
                self._sleep(wait)

    def _open(self, address: str, etag: str) -> Any:
        request = Request(address, headers={"User-Agent": "promise-tracker-client"})  # noqa: S310
        if etag:
            request.add_header("If-None-Match", etag)
        if self._key:
            # Not taken along by a redirect.
            request.add_unredirected_header("Authorization", f"Bearer {self._key}")
        try:
            answer = urlopen(request, timeout=self.timeout)  # noqa: S310 -- checked at the start
        except HTTPError as error:
            if error.code == 304:
                return error
            with closing(error):
                raise _problem(error) from None
        if answer.headers.get("Deprecation"):
            end = answer.headers.get("Sunset", "a day that is not set yet")
            warnings.warn(
                f"{address} is deprecated and goes on {end}.", DeprecationWarning, stacklevel=3
            )
        return answer


def filled(path: str, **parts: str | int) -> str:
    """Return an address with its parts put in."""
    return path.format(**{name: quote(str(value), safe=":") for name, value in parts.items()})


def _given(query: Query | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def _with_query(path: str, query: Query | None) -> str:
    """Return a path with the parameters that are given; several values stand behind commas."""
    written = {name: _written(value) for name, value in _given(query).items()}
    return f"{path}?{urlencode(written, safe=',:')}" if written else path


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) else ",".join(value)


def _problem(error: HTTPError) -> ProblemError:
    try:
        document = json.load(error)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {"title": str(error.reason), "status": error.code, "detail": ""}
    wait = error.headers.get("Retry-After") if error.code in PASSING else None
    return ProblemError(error.code, document, _seconds(wait))


def _seconds(retry_after: str | None) -> float | None:
    """Return how long a Retry-After header says to wait: seconds, or until a moment."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        left = parsedate_to_datetime(retry_after) - datetime.now(UTC)
    except (TypeError, ValueError):
        return None
    return max(0.0, left.total_seconds())
