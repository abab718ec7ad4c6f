"""Which requests are alike, and what HTTP says of conditions and encodings."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.serving.answers import Answer, Answers, answer_of, as_bytes, from_bytes
from promises.serving.rules import Asked, Doors, accepts_gzip, canonical_query, matches

DOORS = Doors(("/static/", "/admin/"), ("/api/",), ("session", "messages"))
PLAIN = {"REQUEST_METHOD": "GET", "PATH_INFO": "/pledges/", "wsgi.url_scheme": "http"}
PAIRS = st.lists(
    st.tuples(st.sampled_from("abcq"), st.text("xyz%2&= ", max_size=4).map(lambda t: t.strip("&")))
)


@given(PAIRS)
def test_a_canonical_query_asks_for_the_same(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    found = canonical_query(query)
    assert canonical_query(found) == found
    before, after = (parse_qsl(text, keep_blank_values=True) for text in (query, found))
    names = {name for name, _ in before}
    assert sorted(before) == sorted(after)
    for name in names:
        assert [v for n, v in before if n == name] == [v for n, v in after if n == name]


@given(PAIRS, st.randoms())
def test_parameters_in_another_order_are_one_address(
    pairs: list[tuple[str, str]], chance: object
) -> None:
    single = {name: value.replace("&", "") for name, value in pairs}
    words = [f"{name}={value}" for name, value in single.items()]
    assert canonical_query("&".join(words)) == canonical_query("&".join(reversed(words)))


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"HTTP_COOKIE": "a=1; session=abc"},
        {"HTTP_COOKIE": "__Host-session=abc"},
        {"HTTP_COOKIE": "messages=abc"},
        {"HTTP_AUTHORIZATION": "Bearer abc"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_IF_MATCH": '"a"'},
        {"PATH_INFO": "/admin/"},
        {"PATH_INFO": "/static/site.css"},
        {"QUERY_STRING": "q=" + "a" * 2000},
    ],
    ids=str,
)
def test_what_is_somebodys_is_never_alike(more: dict[str, str]) -> None:
    assert DOORS.asked({**PLAIN, **more}) is None


def test_a_name_of_this_host_that_is_longer_than_names_are_is_not_kept() -> None:
    """Zeros before the number of a port are allowed, and the room for answers counts no names."""
    assert DOORS.asked({**PLAIN, "HTTP_HOST": "127.0.0.1:" + "0" * 60_000}) is None


def test_what_is_said_of_tls_makes_two_answers_and_no_more() -> None:
    """As Django reads it; whoever asks may write there what they like, as long as they like."""
    said = ("https", "https, http", " https ", "", "http", "HTTPS", "gopher", "a" * 60_000)
    asked = [DOORS.asked({**PLAIN, "HTTP_X_FORWARDED_PROTO": scheme}) for scheme in said]
    assert len(set(asked[:3])) == len(set(asked[3:])) == 1
    assert asked[0] != asked[3]


def test_what_an_answer_depends_on_names_it() -> None:
    asked = DOORS.asked({**PLAIN, "HTTP_COOKIE": "csrf=abc", "HTTP_ACCEPT": "text/html"})
    assert asked == Asked("/pledges/", "", "", "http", "")
    api = {**PLAIN, "PATH_INFO": "/api/v1/", "HTTP_HOST": "a.example"}
    assert DOORS.asked({**api, "HTTP_ACCEPT": "text/html"}) == Asked(
        "/api/v1/", "", "a.example", "http", "text/html"
    )
    assert DOORS.asked({**api, "HTTP_ACCEPT": "*/*"}) == DOORS.asked(api)
    assert DOORS.asked({**api, "HTTP_X_FORWARDED_PROTO": "https"}) != DOORS.asked(api)


def test_two_long_wishes_are_not_alike_because_they_begin_alike() -> None:
    api, long = {**PLAIN, "PATH_INFO": "/api/v1/"}, "image/png, " * 20
    for wish in ("text/csv", "application/json"):
        assert DOORS.asked({**api, "HTTP_ACCEPT": long + wish}) is None
        assert DOORS.asked({**PLAIN, "HTTP_ACCEPT": long + wish}) == DOORS.asked(PLAIN)


@pytest.mark.parametrize(
    ("encodings", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
    ],
)
def test_gzip_only_for_those_who_take_it(encodings: str, takes: bool) -> None:
    assert accepts_gzip(encodings) is takes


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False)],
)
def test_conditions_name_tags(condition: str, is_met: bool) -> None:
    assert matches(condition, {'"a"'}) is is_met


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", "csrf=1"),
        ("Vary", "Cookie"),
        ("Vary", "*"),
        ("Cache-Control", "max-age=0, no-store"),
        ("Cache-Control", "private"),
        ("Content-Encoding", "gzip"),
    ],
)
def test_what_its_headers_forbid_is_not_kept(header: tuple[str, str]) -> None:
    assert answer_of([("Content-Type", "text/html"), header], b"page", None) is None


def made(body: bytes = b"a" * 1000, **more: str) -> Answer:
    found = answer_of([("Content-Type", "text/html"), *more.items()], body, None)
    assert found is not None
    return found


def test_each_encoding_has_its_own_strong_tag() -> None:
    answer = made(Vary="Accept-Language")
    tags = [dict(headers)["ETag"] for headers in (answer.plain, answer.zipped)]
    assert tags == [f'"{answer.etag}"', f'"{answer.etag}-gzip"']
    assert answer.vary == "Accept-Encoding"
    assert dict(answer.zipped)["Content-Length"] == str(len(answer.packed or b""))
    assert made(b"short").packed is None
    assert dict(made(b"short").plain)["Vary"] == ""


def test_what_was_said_to_one_caller_is_not_kept() -> None:
    said = {"RateLimit": "r=3", "RateLimit-Policy": "q=9", "Retry-After": "0"}
    answer = made(**said, **{"X-Frame-Options": "DENY"})
    assert [name for name, _ in answer.headers] == ["Content-Type", "X-Frame-Options"]


def test_an_answer_is_the_same_after_redis() -> None:
    for answer in (made(), made(b"short")):
        assert from_bytes(as_bytes(answer)) == answer
    with pytest.raises((ValueError, KeyError, OSError)):
        from_bytes(b"something else")


def asked(number: int) -> Asked:
    return Asked(f"/{number}", "", "", "http", "")


def test_the_room_is_bounded_and_what_is_asked_for_stays() -> None:
    answers = Answers(room=60_000)
    for number in range(100):
        answers.add(asked(number), made())
        assert answers.get(asked(0), 0) is not None
        assert answers.taken <= 60_000
    size = made().size
    assert len(answers) == 60_000 // size
    assert answers.taken == len(answers) * size
    answers.add(asked(0), made(b"b" * 60_000))
    assert answers.taken == len(answers) * size


def test_what_shows_work_is_true_for_that_work_only() -> None:
    answers = Answers(room=60_000)
    shown = made()
    shown.work = 3
    answers.add(asked(0), shown)
    assert answers.get(asked(0), 3) is shown
    assert answers.get(asked(0), 4) is None
