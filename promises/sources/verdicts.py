"""Whether what came is the source, or something that stands in its place. Pure decisions."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from promises.sources import signs
from promises.sources.choices import Verdict
from promises.sources.plain_text import folded, words
from promises.sources.reading import PageRead

# Words of running text: in lines of at least so many. A notice has few of them, and a page with
# more than LONG is what it seems to be, whatever it mentions; the beginning of an article before a
# paywall has up to TEASER.
_LINE, NOTICE, LONG, TEASER = 6, 60, 260, 420
# Words that there may be in all where there is nothing to read.
SHELL = 30
_HOME = {"", "index.html", "index.htm", "index.php", "default.aspx", "home", "inicio", "accueil"}
_LANGUAGES = {"en", "es", "fr", "de", "it", "pt", "nl", "en-us", "es-us", "zh", "ko", "vi"}
_LOGIN_PATHS = {"login", "signin", "sign-in", "log-in", "sso", "auth", "iniciar-sesion", "acceso"}
_LOST_PATHS = {"404", "notfound", "not-found", "page-not-found", "error404", "404.html", "404.aspx"}
_CONSENT_HOSTS = ("consent.", "guce.", "privacy.", "cmp.")
_BOT_HEADERS = {"cf-mitigated", "x-datadome", "x-px-block", "x-captcha"}


@dataclass(frozen=True)
class Seen:
    """A page as verdicts look at it: folded texts, its running words, and all words on it."""

    title: str
    headings: str
    first: str
    body: str
    prose: int
    whole: int

    @property
    def is_notice(self) -> bool:
        """Whether it says little."""
        return self.prose <= NOTICE

    def says(self, sign: re.Pattern[str]) -> bool:
        """Tell whether a notice has a sign anywhere."""
        texts = [self.title, self.headings, self.body]
        return self.is_notice and signs.found(sign, texts)

    def opens_with(self, sign: re.Pattern[str]) -> bool:
        """Tell whether a notice has a sign in its title, headings or first lines."""
        return self.is_notice and signs.found(sign, [self.title, self.headings, self.first])


def judge(
    page: PageRead | None,
    *,
    status: int,
    asked_url: str,
    url: str,
    headers: Iterable[tuple[str, str]] = (),
) -> Verdict:
    """Say what came back: by status, by where it ended, and by what the page says.

    `page` is None where there was no body to read; `url` is where the redirects ended.
    """
    named = {name.lower(): value for name, value in headers}
    seen = _seen(page)
    by_status = _by_status(status, seen, page, named)
    if by_status is not None:
        return by_status
    if page is None:
        return Verdict.OK
    by_place = _by_place(asked_url, url, page)
    if by_place is not None:
        return by_place
    return _by_words(page, seen) if page.is_html else _by_text(page, seen)


# What became of a fetch that brought nothing (promises.fetching.errors).
_FAILURES = {
    "dns": Verdict.NO_NAME,
    "tls": Verdict.BAD_CERTIFICATE,
    "tls_expired": Verdict.BAD_CERTIFICATE,
    "tls_wrong_name": Verdict.BAD_CERTIFICATE,
    "tls_untrusted": Verdict.BAD_CERTIFICATE,
    "too_large": Verdict.TOO_LARGE,
    "blocked": Verdict.NOT_VISITED,
    "bad_address": Verdict.NOT_VISITED,
    "private_address": Verdict.NOT_VISITED,
    "robots": Verdict.ROBOTS,
}


def judge_failure(code: str) -> Verdict:
    """Say what a fetch that brought nothing means, by the code of NotFetched."""
    return _FAILURES.get(code, Verdict.UNREACHABLE)


def _seen(page: PageRead | None) -> Seen:
    if page is None:
        return Seen("", "", "", "", 0, 0)
    lines = folded(page.text[:20_000]).splitlines()
    counts = [len(words(line)) for line in lines]
    running = [line for line, count in zip(lines, counts, strict=True) if count >= _LINE]
    return Seen(
        folded(page.title).strip(),
        folded(page.build.headings).strip(),
        "\n".join([*lines[:2], *running[:2]])[:500],
        folded(page.whole_text[:8_000]),
        sum(count for count in counts if count >= _LINE),
        len(words(page.whole_text[:20_000])),
    )


def _by_status(
    status: int, seen: Seen, page: PageRead | None, headers: dict[str, str]
) -> Verdict | None:
    match status:
        case 404 | 410:
            return Verdict.GONE
        case 401 | 407:
            return Verdict.LOGIN
        case 402:
            return Verdict.PAYMENT
        case 429:
            return Verdict.RATE_LIMITED
        case 451:
            return Verdict.REGION_BLOCK
    if status == 200 and not _has_bot_test(page, seen, headers):
        return None
    if _has_bot_test(page, seen, headers):
        return Verdict.BOT_WALL
    if status == 403:
        return Verdict.REGION_BLOCK if seen.says(signs.REGION) else Verdict.FORBIDDEN
    if status >= 500:
        return Verdict.SERVER_ERROR
    # Anything else that is no success is a refusal too; 202 and 204 bring nothing to keep.
    return Verdict.REFUSED if status >= 300 or status == 204 else None


def _has_bot_test(page: PageRead | None, seen: Seen, headers: dict[str, str]) -> bool:
    """Tell whether the page is built around a test for robots. Forms on real pages have one too."""
    if _BOT_HEADERS & headers.keys():
        return True
    if page is None or not seen.is_notice:
        return False
    is_test = bool(signs.BOT_MARKUP.search(page.build.markup))
    speaks = seen.says(signs.BOT_WALL) or seen.says(signs.NEEDS_SCRIPTS)
    return is_test and (speaks or seen.whole <= SHELL)


def _by_place(asked_url: str, url: str, page: PageRead) -> Verdict | None:
    """Judge by where the redirects ended, those inside of the page included."""
    asked, ended = urlsplit(asked_url), urlsplit(url)
    # What leads nowhere leads nobody away.
    with suppress(ValueError):
        ended = urlsplit(urljoin(url, page.build.refresh_url))
    if (asked.netloc, asked.path, asked.query) == (ended.netloc, ended.path, ended.query):
        return None
    steps = {step for step in ended.path.lower().split("/") if step}
    asked_steps = {step for step in asked.path.lower().split("/") if step}
    if (steps - asked_steps) & _LOST_PATHS:
        return Verdict.SOFT_404
    if (steps - asked_steps) & _LOGIN_PATHS:
        return Verdict.LOGIN
    if (ended.hostname or "").startswith(_CONSENT_HOSTS) and asked.hostname != ended.hostname:
        return Verdict.CONSENT_WALL
    if _is_home(ended.path, ended.query) and not _is_home(asked.path, asked.query):
        return Verdict.REDIRECTED_HOME
    return None


def _is_home(path: str, query: str) -> bool:
    steps = [step for step in path.lower().split("/") if step]
    if steps and steps[0] in _LANGUAGES:
        steps = steps[1:]
    names = [name for name, _value in parse_qsl(query) if not name.startswith("utm_")]
    return not names and (not steps or (len(steps) == 1 and steps[0] in _HOME))


def _by_text(page: PageRead, seen: Seen) -> Verdict:
    """Judge what is no web page: a short text may be a message of the server."""
    if page.media_type not in {"text/plain", "text/xml"}:
        return Verdict.OK
    for sign, verdict in (
        (signs.RATE, Verdict.RATE_LIMITED),
        (signs.BOT_WALL, Verdict.BOT_WALL),
        (signs.BROKEN_SERVER, Verdict.SERVER_ERROR),
        (signs.NOT_HERE, Verdict.SOFT_404),
    ):
        if seen.says(sign):
            return verdict
    return Verdict.OK if seen.whole else Verdict.EMPTY_SHELL


# Notices, in the order in which they are told apart: each is a short page that opens with a sign.
_NOTICES = (
    (signs.RATE, Verdict.RATE_LIMITED),
    (signs.REGION, Verdict.REGION_BLOCK),
    (signs.PARKED, Verdict.PARKED),
    (signs.NOT_HERE, Verdict.SOFT_404),
    (signs.BOT_WALL, Verdict.BOT_WALL),
    (signs.BROKEN_SERVER, Verdict.SERVER_ERROR),
)


def _by_words(page: PageRead, seen: Seen) -> Verdict:
    """Judge a web page that came with success from where it was asked, by what it says."""
    if _is_paywalled(page, seen):
        return Verdict.PAYWALL
    if seen.prose > LONG:
        return Verdict.OK
    if _is_login(page, seen):
        return Verdict.LOGIN
    if _is_consent(page, seen):
        return Verdict.CONSENT_WALL
    for sign, verdict in _NOTICES:
        if seen.opens_with(sign):
            return verdict
    return Verdict.EMPTY_SHELL if _is_shell(page, seen) else Verdict.OK


def _is_paywalled(page: PageRead, seen: Seen) -> bool:
    if seen.prose > TEASER:
        return False
    says_so = page.build.is_free is False or "paywall" in page.build.markup
    ending = folded(page.whole_text)
    if says_so and (signs.PROMOTION.search(ending) or signs.PAYWALL.search(ending)):
        return True
    return seen.prose <= LONG and bool(signs.PAYWALL.search(ending))


def _is_login(page: PageRead, seen: Seen) -> bool:
    """Tell whether a page wants a password, or says that one has to log in first."""
    if not seen.is_notice:
        return False
    is_named = signs.found(signs.LOGIN, [seen.title, seen.headings, seen.first])
    return (page.build.has_password_field and is_named) or seen.opens_with(signs.LOGIN_FIRST)


def _is_consent(page: PageRead, seen: Seen) -> bool:
    """Tell whether a page says little beside its question about cookies."""
    if seen.prose > 2 * NOTICE:
        return False
    if not signs.found(signs.CONSENT, [seen.title, seen.headings, seen.first]):
        return False
    lines = [line for line in folded(page.text).splitlines() if len(words(line)) >= _LINE]
    rest = sum(len(words(line)) for line in lines if not signs.CONSENT.search(line))
    return rest < 2 * _LINE and any(signs.CONSENT.search(line) for line in lines)


def _is_shell(page: PageRead, seen: Seen) -> bool:
    """Tell whether there is nothing to read until a program of the page has run."""
    if not seen.whole or signs.SHELL.match(folded(page.whole_text)):
        return True
    told = [folded(page.build.noscript), seen.title, seen.headings, seen.first]
    speaks = signs.found(signs.NEEDS_SCRIPTS, told)
    return page.build.scripts > 0 and seen.whole <= SHELL and (speaks or not seen.prose)
