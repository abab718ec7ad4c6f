"""robots.txt as RFC 9309 reads it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.sources.robots import Robots, read_robots

SITE = "https://news.example"


def allowed(text: str, path: str) -> bool:
    return read_robots(text).allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "path", "is_allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("user-AGENT : *\n disallow : /a # no", "/a/b", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: PromiseTracker\nDisallow: /", "/a", False),
        ("User-agent: promisetracker/2.0\nDisallow: /", "/a", False),
        ("User-agent: PromiseTrackerPlus\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: PromiseTracker\nDisallow: /x", "/a", True),
        ("User-agent: a\nUser-agent: *\nDisallow: /a", "/a", False),
        (
            "User-agent: PromiseTracker\nAllow: /\nUser-agent: PromiseTracker\nDisallow: /a",
            "/a",
            False,
        ),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x=1", True),
        ("User-agent: *\nDisallow: /*/private", "/a/private/x", False),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /a%20b", "/a b", False),
        ("User-agent: *\nDisallow: /%7Ejane", "/~jane/x", False),
        ("User-agent: *\nDisallow: /a%2fb", "/a/b", True),
        ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", False),
        ("User-agent: *\nDisallow: /d\u00eda", "/d%C3%ADa", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /a", "/a", False),
        ("<html>not found</html>", "/a", True),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
    ],
)
def test_rules(text: str, path: str, is_allowed: bool) -> None:
    assert allowed(text, path) is is_allowed


def test_the_pause() -> None:
    assert read_robots("User-agent: *\nCrawl-delay: 12.5").pause == 12.5
    assert read_robots("User-agent: *\nCrawl-delay: 99999").pause == 120
    assert read_robots("User-agent: *\nCrawl-delay: soon").pause == 0


def test_no_pattern_takes_long() -> None:
    started = time.process_time()
    allowed("User-agent: *\nDisallow: /" + "*a" * 5000 + "$", "/" + "a" * 2000 + "b")
    allowed("User-agent: *\n" + "Disallow: /*a*a*a*b$\n" * 20_000, "/" + "a" * 2000)
    assert time.process_time() - started < 30


@given(st.text(), st.text(alphabet="/abc*%?$. \u00e9"))
def test_nothing_breaks_it(text: str, path: str) -> None:
    assert isinstance(read_robots(text), Robots)
    allowed(f"User-agent: *\nDisallow: {text}", "/" + path)
