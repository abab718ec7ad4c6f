"""What a verdict is given for: by status, by place, and by failures of a fetch."""

import io

import pytest

from promises.fetching import errors
from promises.sources.choices import Verdict
from promises.sources.reading import PageRead, read_page
from promises.sources.verdicts import judge, judge_failure

ASKED = "https://news.example/2017/11/bail"
SENTENCE = "The office said in a memo that it would ask for no cash bail in these cases. "
ARTICLE = (
    "<html><title>Memo on bail</title><body><h1>Memo on bail</h1>"
    f"<p>{SENTENCE * 8}</p></body></html>"
)


def page(html: str = ARTICLE, media_type: str = "text/html") -> PageRead:
    return read_page(io.BytesIO(html.encode()), media_type=media_type, charset="", url=ASKED)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.OK),
        (203, Verdict.OK),
        (204, Verdict.REFUSED),
        (301, Verdict.REFUSED),
        (400, Verdict.REFUSED),
        (401, Verdict.LOGIN),
        (402, Verdict.PAYMENT),
        (403, Verdict.FORBIDDEN),
        (404, Verdict.GONE),
        (405, Verdict.REFUSED),
        (410, Verdict.GONE),
        (418, Verdict.REFUSED),
        (429, Verdict.RATE_LIMITED),
        (451, Verdict.REGION_BLOCK),
        (500, Verdict.SERVER_ERROR),
        (503, Verdict.SERVER_ERROR),
        (521, Verdict.SERVER_ERROR),
    ],
)
def test_by_status(status: int, verdict: Verdict) -> None:
    assert judge(page(), status=status, asked_url=ASKED, url=ASKED) == verdict


@pytest.mark.parametrize(
    ("asked", "ended", "verdict"),
    [
        (ASKED, ASKED, Verdict.OK),
        (ASKED, "https://www.news.example/2017/11/bail/", Verdict.OK),
        (ASKED, "https://news.example/", Verdict.REDIRECTED_HOME),
        (ASKED, "https://news.example", Verdict.REDIRECTED_HOME),
        (ASKED, "https://news.example/es/", Verdict.REDIRECTED_HOME),
        (ASKED, "https://news.example/index.html?utm_source=old", Verdict.REDIRECTED_HOME),
        (ASKED, "https://elsewhere.example/", Verdict.REDIRECTED_HOME),
        (ASKED, "https://news.example/?p=77", Verdict.OK),
        ("https://news.example/", "https://www.news.example/en/", Verdict.OK),
        ("https://news.example/es/", "https://news.example/", Verdict.OK),
        (ASKED, "https://news.example/404", Verdict.SOFT_404),
        (ASKED, "https://news.example/errors/not-found", Verdict.SOFT_404),
        (ASKED, "https://news.example/login?next=/2017", Verdict.LOGIN),
        (ASKED, "https://consent.news.example/?continue=x", Verdict.CONSENT_WALL),
    ],
)
def test_by_where_it_ended(asked: str, ended: str, verdict: Verdict) -> None:
    assert judge(page(), status=200, asked_url=asked, url=ended) == verdict


def test_a_page_that_sends_on_is_judged_by_where_it_sends() -> None:
    sent = ARTICLE.replace("<title>", '<meta http-equiv="refresh" content="0; url=/"><title>')
    assert judge(page(sent), status=200, asked_url=ASKED, url=ASKED) == Verdict.REDIRECTED_HOME


def test_a_test_for_robots_is_known_by_its_header() -> None:
    headers = [("CF-Mitigated", "challenge")]
    assert (
        judge(page(), status=403, asked_url=ASKED, url=ASKED, headers=headers) == Verdict.BOT_WALL
    )
    assert judge(page(), status=403, asked_url=ASKED, url=ASKED) == Verdict.FORBIDDEN


def test_what_has_no_words_to_judge_is_the_source() -> None:
    assert judge(None, status=200, asked_url=ASKED, url=ASKED) == Verdict.OK
    picture = page("\x89PNG\r\n", "image/png")
    assert judge(picture, status=200, asked_url=ASKED, url=ASKED) == Verdict.OK


def test_every_failure_of_a_fetch_has_a_verdict() -> None:
    codes = {
        each.code
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.NotFetched)
    }
    judged = {code: judge_failure(code) for code in codes}
    assert judged == {
        "not_fetched": Verdict.UNREACHABLE,
        "blocked": Verdict.NOT_VISITED,
        "bad_address": Verdict.NOT_VISITED,
        "private_address": Verdict.NOT_VISITED,
        "robots": Verdict.ROBOTS,
        "too_many_redirects": Verdict.UNREACHABLE,
        "too_large": Verdict.TOO_LARGE,
        "timeout": Verdict.UNREACHABLE,
        "dns": Verdict.NO_NAME,
        "connect": Verdict.UNREACHABLE,
        "tls": Verdict.BAD_CERTIFICATE,
        "tls_expired": Verdict.BAD_CERTIFICATE,
        "tls_wrong_name": Verdict.BAD_CERTIFICATE,
        "tls_untrusted": Verdict.BAD_CERTIFICATE,
        "broken_answer": Verdict.UNREACHABLE,
        "truncated": Verdict.UNREACHABLE,
        "unknown_encoding": Verdict.UNREACHABLE,
    }


def test_only_the_page_itself_is_beyond_suspicion() -> None:
    assert [verdict for verdict in Verdict if not verdict.is_suspect] == [Verdict.OK]
    barred = {
        Verdict.LOGIN,
        Verdict.PAYMENT,
        Verdict.FORBIDDEN,
        Verdict.PAYWALL,
        Verdict.SOFT_404,
        Verdict.REDIRECTED_HOME,
        Verdict.BOT_WALL,
        Verdict.REGION_BLOCK,
        Verdict.RATE_LIMITED,
    }
    assert not any(verdict.is_dead_sign for verdict in barred)
