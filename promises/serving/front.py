"""The front of the site: answers what is ready before Django wakes up (PEP 3333).

1. A request that may have one answer for everybody is named by all that its answer depends on.
2. The state of the record is known, or asked.
3. An answer that is ready for that name in that state is given, as 304 where the caller has it.
4. Otherwise one caller has it made and the others wait for it; if the record did not change
   meanwhile, it is kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from promises.common.request_ids import is_request_id
from promises.serving.answers import OK, UNCHANGED, Answer, answer_of
from promises.serving.flights import Flights
from promises.serving.marks import BEHIND, FROM_RECORD_AND_WORK, KEPT, ROUTE, UNSPENT
from promises.serving.rules import (
    OF_ONE_CALLER,
    Asked,
    Doors,
    Headers,
    accepts_gzip,
    canonical_query,
    matches,
)
from promises.serving.shared import SharedRoom
from promises.serving.state import Knowledge, Standing

Environ = dict[str, Any]
# Returns more headers, or None to have Django answer instead.
Gate = Callable[[Environ, bool], Headers | None]
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
HIT = ("Cache-Status", "record; hit")
MADE = ("Cache-Status", "record; fwd=miss")
# Which addresses turned out not to be kept, so that nobody waits for others there.
_MOST_NOT_KEPT = 2000


class StartResponse(Protocol):
    """How a server is told status and headers."""

    def __call__(self, status: str, headers: Headers, exc_info: Any = None, /) -> Any: ...


Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def _nobody_counts(_name: str) -> None:
    """Count nothing."""


@dataclass
class Counts:
    """What became of the requests to this process, for those who watch it."""

    ready: int = 0
    unchanged: int = 0
    made: int = 0
    passed: int = 0


class Front:
    """A WSGI application before another one."""

    def __init__(
        self,
        application: Application,
        *,
        knowledge: Knowledge,
        doors: Doors,
        shared: SharedRoom,
        gates: tuple[tuple[str, Gate], ...] = (),
        count: Callable[[str], None] = _nobody_counts,
    ) -> None:
        self.application, self.knowledge, self.doors = application, knowledge, doors
        self.shared, self.gates = shared, gates
        self.counts, self._count = Counts(), count
        self._flights = Flights()
        # Paths, and what was asked where only one answer of a path was not to be kept.
        self._not_kept: set[str | Asked] = set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; to HEAD with the headers that GET would have, and without a body."""
        result = self._answered(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return result
        _close(result)
        return ()

    def _answered(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked = self.doors.asked(environ)
        if asked is None:
            return self._passed(environ, start_response)
        standing = self.knowledge.now()
        if standing is None:
            return self._passed(environ, start_response)
        answer = standing.answers.get(asked, standing.work)
        if answer is not None:
            return self._given(answer, environ, start_response)
        if self._is_not_kept(asked):
            return self._passed(environ, start_response)
        return self._from_afar_or_made(asked, standing, environ, start_response)

    def _given(
        self, answer: Answer, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Give an answer that is ready."""
        more: Headers = [HIT]
        condition = environ.get("HTTP_IF_NONE_MATCH")
        is_unchanged = condition is not None and (
            condition in answer.etags or matches(condition, answer.etags)
        )
        path = environ["PATH_INFO"]
        for prefix, gate in self.gates:
            if path.startswith(prefix):
                own = gate(environ, is_unchanged)
                if own is None:
                    return self._passed(environ, start_response)
                more = [HIT, *own]
        self._count(answer.counted_unchanged if is_unchanged else answer.counted_given)
        if (number := environ.get("HTTP_X_REQUEST_ID")) and is_request_id(number):
            more.append(("X-Request-ID", number))
        return self._sent(answer, environ, start_response, more, is_unchanged=is_unchanged)

    def _sent(
        self,
        answer: Answer,
        environ: Environ,
        start_response: StartResponse,
        more: Headers,
        *,
        is_unchanged: bool,
    ) -> Iterable[bytes]:
        encodings = environ.get("HTTP_ACCEPT_ENCODING", "")
        if is_unchanged:
            self.counts.unchanged += 1
            is_zipped = answer.packed is not None and accepts_gzip(encodings)
            start_response(
                UNCHANGED, (answer.unchanged_zipped if is_zipped else answer.unchanged) + more
            )
            return ()
        self.counts.ready += 1
        headers, body = answer.taken_as(encodings)
        start_response(OK, headers + more)
        return (body,)

    def _from_afar_or_made(
        self,
        asked: Asked,
        standing: Standing,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Fetch the answer from Redis or have it made, one caller for all who ask the same."""
        with self._flights.first(asked):
            # The one before us may have made it, in a state that is newer by now.
            standing = self.knowledge.now() or standing
            answer = standing.answers.get(asked, standing.work)
            if answer is None and (answer := self.shared.get(asked, standing)):
                standing.answers.add(asked, answer)
            if answer is None and not self._is_not_kept(asked):
                return self._made(asked, standing, environ, start_response)
        if answer is None:
            return self._passed(environ, start_response)
        return self._given(answer, environ, start_response)

    def _made(
        self,
        asked: Asked,
        standing: Standing,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Have Django answer as if nobody had anything yet, and keep what it says if it may be."""
        self.counts.made += 1
        inner = {name: value for name, value in environ.items() if name not in _CONDITIONS}
        # HEAD says what GET would say, so GET is what is made for it.
        inner |= {"QUERY_STRING": asked.query, "REQUEST_METHOD": "GET"}
        told, result, after = self._told_by_django(inner)
        mark = inner.get(KEPT)
        if told.status != OK or not mark or getattr(result, "streaming", True):
            if told.status == OK:
                self._note_not_kept(asked.path)
            start_response(told.status, told.headers)
            return result
        body = _read(result)
        work = standing.work if mark == FROM_RECORD_AND_WORK else None
        answer = answer_of(told.headers, body, work, inner.get(ROUTE, "none"))
        is_same = self._is_still(standing, answer, after)
        if answer is None:
            self._note_not_kept(asked)
            start_response(told.status, told.headers)
            return (body,)
        if is_same:
            standing.answers.add(asked, answer)
            self.shared.add(asked, standing, answer)
        return self._first_given(answer, told.headers, inner, environ, start_response)

    def _first_given(
        self,
        answer: Answer,
        headers: Headers,
        inner: Environ,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Give an answer to the caller for whom it was made, with what was said to them alone."""
        condition = environ.get("HTTP_IF_NONE_MATCH")
        is_unchanged = condition is not None and matches(condition, answer.etags)
        own = [pair for pair in headers if pair[0].lower() in OF_ONE_CALLER]
        if is_unchanged and (unspent := inner.get(UNSPENT)):
            own = unspent()
        return self._sent(answer, environ, start_response, [MADE, *own], is_unchanged=is_unchanged)

    def _told_by_django(self, inner: Environ) -> tuple["Told", Iterable[bytes], Standing | None]:
        """Have Django answer; return what it says, and how the record stands after that.

        What was read from a copy that is behind is not said: there was a newer state before.
        """
        told = Told()
        result = self.application(inner, told)
        after = self.knowledge.learn()
        if self.knowledge.is_behind:
            _close(result)
            inner[BEHIND] = True
            result = self.application(inner, told)
        return told, result, after

    @staticmethod
    def _is_still(standing: Standing, answer: Answer | None, after: Standing | None) -> bool:
        """Tell whether the record stands as it stood before the answer was made."""
        if answer is None or after is None or after.is_assumed or standing.is_assumed:
            return False
        return after.name == standing.name and answer.work in {None, after.work}

    def _is_not_kept(self, asked: Asked) -> bool:
        return asked.path in self._not_kept or asked in self._not_kept

    def _note_not_kept(self, what: str | Asked) -> None:
        if len(self._not_kept) >= _MOST_NOT_KEPT:
            self._not_kept.clear()
        self._not_kept.add(what)

    def _passed(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer. Afterwards what this process knows is not older than the answer."""
        self.counts.passed += 1
        method = environ["REQUEST_METHOD"]
        is_kept = not environ["PATH_INFO"].startswith(self.doors.never_kept)
        if is_kept and method in {"GET", "HEAD"}:
            return self._said_to_one(environ, start_response)
        result = self.application(environ, start_response)
        if method not in {"GET", "HEAD", "OPTIONS"}:
            self.knowledge.doubt()
        elif is_kept:
            self.knowledge.learn()
        return result

    def _said_to_one(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer one caller; what everybody is told has the bytes everybody gets."""
        inner = {**environ, "QUERY_STRING": canonical_query(environ.get("QUERY_STRING", ""))}
        told, result, _ = self._told_by_django(inner)
        answer = None
        if told.status == OK and inner.get(KEPT) and not getattr(result, "streaming", True):
            body = _read(result)
            result, answer = (body,), answer_of(told.headers, body, None)
        if answer is None:
            start_response(told.status, told.headers)
            return result
        own = [pair for pair in told.headers if pair[0].lower() in OF_ONE_CALLER]
        headers, body = answer.taken_as(environ.get("HTTP_ACCEPT_ENCODING", ""))
        start_response(OK, headers + own)
        return (body,)


class Told:
    """Takes status and headers from an application."""

    def __init__(self) -> None:
        self.status, self.headers = "", list[tuple[str, str]]()

    def __call__(self, status: str, headers: Headers, exc_info: Any = None, /) -> Any:
        """Take them."""
        self.status, self.headers = status, list(headers)


def _read(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        _close(result)


def _close(result: Iterable[bytes]) -> None:
    if close := getattr(result, "close", None):
        close()
