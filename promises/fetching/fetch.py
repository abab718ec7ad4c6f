"""Fetches one page."""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

import httpcore2
from django.conf import settings

from promises.fetching.addresses import networks
from promises.fetching.decoding import ACCEPTED, decoded
from promises.fetching.door import Door, Meter, Rules
from promises.fetching.errors import (
    BrokenAnswer,
    NoConnection,
    NotFetched,
    TlsExpired,
    TlsFault,
    TlsUntrusted,
    TlsWrongName,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Truncated,
    Unwelcome,
)
from promises.fetching.limits import Limits
from promises.fetching.lines import Line, kept_line
from promises.fetching.pages import Fetched, Hop
from promises.fetching.urls import Place, follow, read_url

_REDIRECTS = {301, 302, 303, 307, 308}
# Bodies up to this size stay in memory.
_IN_MEMORY = 1_000_000
_NO_BODY = {204, 304}


def rules_of_this_site() -> Rules:
    """Return what settings say may be visited."""
    return Rules(
        ports=frozenset(settings.FETCH_PORTS), allowed=networks(settings.FETCH_ALLOWED_NETWORKS)
    )


@contextmanager
def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    limits: Limits | None = None,
    rules: Rules | None = None,
    keeps: int | None = None,
    may_visit: Callable[[str], bool] = lambda url: True,
    line: Line | None = None,
) -> Iterator[Fetched]:
    """Fetch an address over checked connections, following redirects of GET and HEAD.

    With `keeps` only so many bytes of the body are read, as sent, and a body that breaks off or
    takes too long is none the worse: for whoever asks for the status. `may_visit` is asked before
    each redirect is followed; where it says no, Unwelcome is raised. Nothing is kept between
    fetches: no cookies, no proxies of the environment, and no connection unless over a `line`.
    Never call it in a transaction. Raises NotFetched.
    """
    rules, started = rules or rules_of_this_site(), time.monotonic()
    limits = limits or Limits()
    meter, place, hops = Meter(limits), read_url(url, ports=rules.ports), list[Hop]()
    given = {**_our_headers(), **(headers or {})}
    while True:
        with _answer(place, method, given, content, meter, rules, line) as (hop, chunks):
            hops.append(hop)
            location = _further(hop, method)
            if not location:
                with _file() as wire, _file() as body:
                    if keeps is None:
                        measured = _read(chunks, _encoding(hop, method), meter, wire, body)
                    else:
                        measured = _read_start(chunks, keeps, wire, body)
                    spent = time.monotonic() - started
                    yield Fetched(url, hops, wire, body, *measured, spent)
                return
        if len(hops) > limits.redirects:
            raise TooManyRedirects(f"It redirects more than {limits.redirects} times.")
        place = follow(place, location, ports=rules.ports)
        if not may_visit(place.url):
            raise Unwelcome("It leads to a page that its server keeps robots from.")


def _our_headers() -> dict[str, str]:
    return {
        "User-Agent": f"PromiseTracker/1 (+{settings.SITE_URL})",
        "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
        "Accept-Encoding": ACCEPTED,
    }


def _further(hop: Hop, method: str) -> str:
    """Return where an answer sends us on to, or "" when it is the last."""
    is_followed = hop.status in _REDIRECTS and method != "POST"
    return hop.header("location") if is_followed else ""


def _encoding(hop: Hop, method: str) -> str:
    has_body = method != "HEAD" and hop.status not in _NO_BODY
    return hop.header("content-encoding") if has_body else ""


@contextmanager
def _answer(
    place: Place,
    method: str,
    headers: Mapping[str, str],
    content: bytes,
    meter: Meter,
    rules: Rules,
    line: Line | None,
) -> Iterator[tuple[Hop, Iterator[bytes]]]:
    """Ask one server, and hang up at the end unless the line is to be kept."""
    lines = [("Host", place.authority), *headers.items()]
    if line is None:
        lines.append(("Connection", "close"))
    if content or method == "POST":
        lines.append(("Content-Length", str(len(content))))
    request = "".join(f"{name}: {value}\r\n" for name, value in lines)
    url = httpcore2.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    with _in_our_words(), nullcontext(line) if line else kept_line() as over:
        pool, door = over.to(place, rules, meter)
        raw = [(name.encode(), value.encode()) for name, value in lines]
        with pool.stream(method, url, headers=raw, content=content or None) as response:
            over.is_used = True
            yield _hop(place, method, request, response, door), response.iter_stream()


def _hop(place: Place, method: str, request: str, response: httpcore2.Response, door: Door) -> Hop:
    """Return the answer as it came. Raises TooLarge."""
    stream, limits = door.stream, door.meter.limits
    assert stream is not None
    stream.is_in_head = False
    head = bytes(stream.head).partition(b"\r\n\r\n")[0]
    if len(head) > limits.head or len(response.headers) > limits.headers:
        raise TooLarge("The head of the answer is too long.")
    return Hop(
        url=place.url,
        status=response.status,
        reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
        headers=[(name.decode("latin-1"), _text(value)) for name, value in response.headers],
        head=head,
        request_head=f"{method} {place.target} HTTP/1.1\r\n{request}".encode(),
        address=door.address,
    )


def _text(value: bytes) -> str:
    """Read the value of a header: UTF-8 where it is, else the Latin-1 of old."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _read(
    chunks: Iterator[bytes], encoding: str, meter: Meter, wire: IO[bytes], body: IO[bytes]
) -> tuple[int, str]:
    """Read the body of the last answer into files; return its size and its SHA-256."""
    size, digest = 0, sha256()

    def kept() -> Iterator[bytes]:
        for chunk in chunks:
            wire.write(chunk)
            yield chunk

    for piece in decoded(kept(), encoding, limit=meter.limits.decoded):
        meter.left()
        body.write(piece)
        digest.update(piece)
        size += len(piece)
    wire.seek(0)
    body.seek(0)
    return size, digest.hexdigest()


def _read_start(
    chunks: Iterator[bytes], keeps: int, wire: IO[bytes], body: IO[bytes]
) -> tuple[int, str]:
    """Read the start of a body into files, whatever becomes of the rest."""
    start = b""
    with suppress(NotFetched, httpcore2.TimeoutException, httpcore2.NetworkError,
                  httpcore2.RemoteProtocolError):  # fmt: skip
        for chunk in chunks:
            start = (start + chunk)[:keeps]
            if len(start) == keeps:
                break
    for file in (wire, body):
        file.write(start)
        file.seek(0)
    return len(start), sha256(start).hexdigest()


def _file() -> IO[bytes]:
    return cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY))


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn what the library raises into NotFetched."""
    try:
        yield
    except ssl.SSLError as error:
        raise _tls(error) from error
    except httpcore2.TimeoutException as error:
        raise TooSlow("It was not complete in time.") from error
    except httpcore2.RemoteProtocolError as error:
        if "complete message body" in str(error) or "incomplete chunked" in str(error):
            raise Truncated("It ended before it was complete.") from error
        raise BrokenAnswer("What came is not HTTP.") from error
    except httpcore2.ConnectError as error:
        cause = _cause(error)
        raise _tls(cause) if cause else NoConnection("No server answers there.") from error
    except httpcore2.NetworkError as error:
        raise Truncated("The connection broke off.") from error
    except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise BrokenAnswer("What came is not HTTP.") from error


def _cause(error: BaseException) -> ssl.SSLError | None:
    found: Any = error
    while found is not None and not isinstance(found, ssl.SSLError):
        found = found.__cause__ or found.__context__
    return found


def _tls(error: ssl.SSLError) -> TlsFault:
    """Say what is wrong with the encryption. The numbers are those of OpenSSL's verify(1)."""
    number = getattr(error, "verify_code", None)
    if number in {9, 10}:
        return TlsExpired("The server's certificate is not valid today.")
    if number in {62, 64}:
        return TlsWrongName("The server's certificate is for another name.")
    if number:
        return TlsUntrusted("Nobody we trust has signed the server's certificate.")
    return TlsFault("No encrypted connection could be made.")
