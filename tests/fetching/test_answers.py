"""Servers that answer with too much, too slowly, too little or something else."""

import gzip
import socket
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from promises.fetching.errors import (
    BadAddress,
    Blocked,
    BrokenAnswer,
    NoConnection,
    NotFetched,
    PrivateAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Truncated,
    UnknownEncoding,
)
from tests.fetching.conftest import Page, asked, rules
from tests.fetching.servers import HERE, Canary, Hostile, drips, raw, says

BOMB = gzip.compress(b"0" * 5_000_000)
DEFLATED = zlib.compress(b"0" * 5_000_000)
BARE = zlib.compress(b"hello", wbits=-15)
# The names of tests are made of these: no clock may stand in them.
PLAIN = gzip.compress(b"hello", mtime=0)
TWO_PARTS = gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo", mtime=0)
A_WHILE: Callable[[], object] = lambda: time.sleep(0.1)  # noqa: E731 -- an argument of tables
AT_ONCE: Callable[[], object] = lambda: None  # noqa: E731
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def get(server: Hostile, path: str = "/", **more: Any) -> Page:
    return asked(server.url(path), rules=rules(server.port), **more)


TOO_MUCH = {
    "gzip bomb": says(BOMB, head="Content-Encoding: gzip\r\n"),
    "x-gzip bomb": says(BOMB, head="Content-Encoding: x-gzip\r\n"),
    "deflate bomb": says(DEFLATED, head="Content-Encoding: deflate\r\n"),
    "bare deflate bomb": says(
        zlib.compress(b"0" * 5_000_000, wbits=-15), head="Content-Encoding: deflate\r\n"
    ),
    "bomb in the last of many members": says(PLAIN * 500, BOMB, head="Content-Encoding: gzip\r\n"),
    "long body": says(b"x" * 400_000),
    "long body that says it is short": raw(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB), BOMB
    ),
    "endless body": drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 9999, AT_ONCE),
    "endless chunks": drips(CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n", AT_ONCE),
    "endless tiny chunks": drips(CHUNKED, b"1\r\nx\r\n" * 1000, AT_ONCE),
    "endless head": drips(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 999 + b"\r\n", AT_ONCE),
    "endless line of the head": drips(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 9999, AT_ONCE),
    "endless status line": drips(b"HTTP/1.1 200 ", b"O" * 9999, AT_ONCE),
    "endless hints": drips(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 99, AT_ONCE),
    "endless continues": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99, AT_ONCE),
    "many headers": says(b"x", head="X-A: a\r\n" * 300),
    "long header": says(b"x", head=f"X-A: {'a' * 20_000}\r\n"),
}
TOO_SLOW = {
    "silence": drips(b"", b"", A_WHILE),
    "head byte by byte": drips(b"HTTP/1.1 200 OK\r\nX-A: ", b"a", A_WHILE),
    "status byte by byte": drips(b"", b"H", lambda: time.sleep(5)),
    "body byte by byte": drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x", A_WHILE),
    "promised body that stays away": drips(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"", A_WHILE
    ),
    "chunks byte by byte": drips(CHUNKED, b"1\r\nx\r\n", A_WHILE),
    "chunk size that stays away": drips(CHUNKED + b"5", b"", A_WHILE),
    "hints for ever": drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", A_WHILE),
    "gzip with an endless name": drips(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\xff",
        b"a",
        A_WHILE,
    ),
    "trailers for ever": drips(CHUNKED + b"0\r\n", b"X-A: a\r\n", A_WHILE),
}
CUT_SHORT = {
    "length that is too long": says(b"hello", head="Content-Length: 50\r\n"),
    "chunks without an end": raw(CHUNKED + b"5\r\nhello\r\n"),
    "chunk cut in two": raw(CHUNKED + b"50\r\nhello"),
    "gzip cut in two": says(PLAIN[:-9], head="Content-Encoding: gzip\r\n"),
    "second member cut in two": says(PLAIN, PLAIN[:9], head="Content-Encoding: gzip\r\n"),
    "deflate cut in two": says(DEFLATED[:50], head="Content-Encoding: deflate\r\n"),
}
NOT_HTTP = {
    "endless white space before HTTP": drips(b"", b"\r\n" * 999, AT_ONCE),
    "endless trailers": drips(CHUNKED + b"0\r\n", b"X-A: " + b"a" * 999 + b"\r\n", AT_ONCE),
    "endless chunk extension": drips(CHUNKED + b"5;", b"a" * 9999, AT_ONCE),
    "nothing": raw(b""),
    "a line": raw(b"hello\r\n\r\n"),
    "a mail server": raw(b"220 mail.example.org ESMTP\r\n\r\n"),
    "HTTP 0.9": raw(b"<html>hello</html>\r\n\r\n"),
    "a database": raw(b"-ERR unknown command\r\n\r\n"),
    "two lengths": says(b"hello", head="Content-Length: 5\r\nContent-Length: 6\r\n"),
    "negative length": says(b"hello", head="Content-Length: -5\r\n"),
    "length in words": says(b"hello", head="Content-Length: five\r\n"),
    "a chunk size of letters": raw(CHUNKED + b"xyz\r\nhello\r\n"),
    "a negative chunk": raw(CHUNKED + b"-5\r\nhello\r\n"),
    "unknown transfer": says(b"hello", head="Transfer-Encoding: gzip, chunked\r\n"),
    "a header without a name": says(b"hello", head=": x\r\n"),
    "a header without a colon": says(b"hello", head="hello\r\n"),
    "a zero byte in the head": says(b"hello", head="X-A: a\0b\r\n"),
    "a space before the colon": says(b"hello", head="X-A : a\r\n"),
    "a status of letters": says(b"hello", status="abc"),
    "a status of four digits": says(b"hello", status="2000 OK"),
    "TLS": raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9),
}
PACKED_OTHERWISE = {
    "brotli": says(b"x", head="Content-Encoding: br\r\n"),
    "zstd": says(b"x", head="Content-Encoding: zstd\r\n"),
    "twice": says(gzip.compress(PLAIN), head="Content-Encoding: gzip, gzip\r\n"),
    "twice on two lines": says(
        gzip.compress(PLAIN), head="Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"
    ),
    "five times": says(PLAIN, head=f"Content-Encoding: {', '.join(['gzip'] * 5)}\r\n"),
    "not gzip at all": says(b"hello world", head="Content-Encoding: gzip\r\n"),
    "gzip, then rubbish": says(PLAIN, b"rubbish", head="Content-Encoding: gzip\r\n"),
    "not deflate at all": says(b"\xff\xff\xff\xff", head="Content-Encoding: deflate\r\n"),
}
CASES = [
    *((name, answer, (TooLarge, TooSlow)) for name, answer in TOO_MUCH.items()),
    *((name, answer, TooSlow) for name, answer in TOO_SLOW.items()),
    *((name, answer, Truncated) for name, answer in CUT_SHORT.items()),
    *((name, answer, BrokenAnswer) for name, answer in NOT_HTTP.items()),
    *((name, answer, UnknownEncoding) for name, answer in PACKED_OTHERWISE.items()),
]


@pytest.mark.parametrize(
    ("answer", "error"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_an_answer_is_cut_off_and_named(
    serve: Callable[..., Hostile],
    answer: Any,
    error: type[NotFetched] | tuple[type[NotFetched], ...],
) -> None:
    with pytest.raises(NotFetched) as refusal:
        get(serve(answer))
    # A machine that is busy runs out of time before it has seen too much.
    assert isinstance(refusal.value, error), repr(refusal.value)


LEADS_TO = {
    "file:///etc/passwd": Blocked,
    "ftp://example.org/": Blocked,
    "gopher://127.0.0.1:CANARY/_x": Blocked,
    "data:text/html,hello": Blocked,
    "javascript:alert(1)": Blocked,
    "http://127.0.0.1:CANARY/": PrivateAddress,
    "//127.0.0.1:CANARY/": PrivateAddress,
    "http://[::1]:CANARY/": PrivateAddress,
    "http://[::ffff:7f00:1]:CANARY/": PrivateAddress,
    "http://169.254.169.254/latest/meta-data/": PrivateAddress,
    "http://2130706433:CANARY/": BadAddress,
    "http://localhost:CANARY/": Blocked,
    "http://user@127.0.0.1:CANARY/": Blocked,
    "http://127.0.0.1:22/": Blocked,
    "\\\\127.0.0.1:CANARY\\x": BadAddress,
    "http:\\\\127.0.0.1:CANARY/": BadAddress,
    "http://127.0.0.1:CANARY\t/": BadAddress,
    "/\\127.0.0.1:CANARY/": BadAddress,
    # Joined with where it came from it is that place again.
    "http://": TooManyRedirects,
    "https://10.0.0.1/": PrivateAddress,
    "/round": TooManyRedirects,
    "http://[": BadAddress,
    # Its name is in UTF-8, as the head is sent byte by byte.
    "//\xe2\x84\x80.example/": BadAddress,
    "//[::1": BadAddress,
}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
@pytest.mark.parametrize("location", LEADS_TO)
def test_a_redirect_is_checked_like_any_address(
    serve: Callable[..., Hostile], canary: Canary, connected: list[Any], location: str, status: str
) -> None:
    there = location.replace("CANARY", str(canary.port))
    server = serve(says(head=f"Location: {there}\r\nContent-Length: 0\r\n", status=status))
    with pytest.raises(LEADS_TO[location]):
        asked(server.url(), rules=rules(server.port, canary.port))
    assert {address[0] for address in connected} == {HERE}
    assert canary.calls == []


def test_five_redirects_are_followed_and_the_sixth_is_not(serve: Callable[..., Hostile]) -> None:
    def counted(connection: Any, path: str) -> None:
        steps = int(path.strip("/"))
        head = f"Location: {steps - 1}\r\n" if steps else ""
        says(b"there", head=head, status="302 Found" if steps else "200 OK")(connection, path)

    server = serve(counted)
    page = get(server, "/5")
    assert [hop.url for hop in page.hops] == [server.url(f"/{n}") for n in range(5, -1, -1)]
    assert (page.body.read(), page.url, page.asked_url) == (
        b"there",
        server.url("/0"),
        server.url("/5"),
    )
    with pytest.raises(TooManyRedirects):
        get(server, "/6")
    assert len(server.asked) == 6 + 6


def test_a_post_is_not_redirected_and_cookies_are_not_kept(serve: Callable[..., Hostile]) -> None:
    server = serve(
        says(head="Location: /\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n", status="307 T")
    )
    assert get(server, method="POST", content=b"{}").status == 307
    assert len(server.asked) == 1
    with pytest.raises(TooManyRedirects):
        get(server)
    assert not any("cookie" in one.lower() for one in server.asked)


def test_what_is_sent_and_what_comes_back_is_kept(serve: Callable[..., Hostile]) -> None:
    head = "Content-Type: Text/HTML; Charset=UTF-8\r\nContent-Encoding: gzip\r\n"
    head += "X-Name: Jos\xc3\xa9\r\n"
    server = serve(says(PLAIN, head=head))
    page = get(server, "/a?b=1", headers={"If-None-Match": '"x"'})
    assert (page.status, page.media_type, page.charset) == (200, "text/html", "utf-8")
    assert (page.body.read(), page.wire.read()) == (b"hello", PLAIN)
    assert page.size == 5
    assert page.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert page.last.header("x-name") == "José"
    assert page.last.head == f"HTTP/1.1 200 OK\r\n{head}".encode("latin-1").removesuffix(b"\r\n")
    (sent,) = server.asked
    assert sent.encode("latin-1").startswith(page.last.request_head)
    assert sent.startswith("GET /a?b=1 HTTP/1.1\r\n")
    assert 'If-None-Match: "x"' in sent


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (PLAIN, "gzip"), (PLAIN, "X-GZIP"), (PLAIN + PLAIN[:0], "identity, gzip"),
        (zlib.compress(b"hello"), "deflate"), (BARE, "deflate"), (b"hello", "identity"),
        (PLAIN + b"\0" * 20, "gzip"), (TWO_PARTS, "gzip"),
    ],
)  # fmt: skip
def test_what_is_packed_as_agreed_is_unpacked(
    serve: Callable[..., Hostile], body: bytes, encoding: str
) -> None:
    page = get(serve(says(body, head=f"Content-Encoding: {encoding}\r\n")))
    assert page.body.read() == b"hello"


def test_no_body_is_no_fault(serve: Callable[..., Hostile]) -> None:
    head = "Content-Encoding: gzip\r\nContent-Length: 500\r\n"
    assert get(serve(says(head=head)), method="HEAD").size == 0
    assert get(serve(says(head="Content-Encoding: gzip\r\n", status="304 Not Modified"))).size == 0
    assert get(serve(says(head="Content-Length: 0\r\n"))).size == 0


def test_nobody_there_and_hung_up_are_named(serve: Callable[..., Hostile]) -> None:
    def resets(connection: Any, _path: str) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    server = serve(resets)
    with pytest.raises(NotFetched) as refusal:
        get(server)
    assert refusal.value.code in {"truncated", "broken_answer"}
    with socket.create_server((HERE, 0)) as nobody:
        port = int(nobody.getsockname()[1])
    with pytest.raises(NoConnection):
        asked(f"http://{HERE}:{port}/", rules=rules(port))


def test_proxies_of_the_environment_are_not_asked(
    serve: Callable[..., Hostile], canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    assert get(serve(says(b"hello"))).body.read() == b"hello"
    assert canary.calls == []
