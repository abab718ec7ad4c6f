"""Whether what came is the source, or something that stands in its place. Pure decisions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from promises.sources import signs
from promises.sources.choices import Verdict
from promises.sources.plain_text import folded, words
from promises.sources.reading import PageRead

# Words of main text. A page with more than LONG is what it seems to be, whatever it mentions;
# the beginning of an article before a paywall has up to TEASER.
LONG, TEASER, NOTICE, SHELL = 260, 420, 110, 20
_HOME = {"", "index.html", "index.htm", "index.php", "default.aspx", "home", "inicio", "accueil"}
_LANGUAGES = {"en", "es", "fr", "de", "it", "pt", "nl", "en-us", "es-us", "zh", "ko", "vi"}
_LOGIN_PATHS = {"login", "signin", "sign-in", "log-in", "sso", "auth", "iniciar-sesion", "acceso"}
_LOST_PATHS = {"404", "notfound", "not-found", "page-not-found", "error404", "404.html", "404.aspx"}
_CONSENT_HOSTS = ("consent.", "guce.", "privacy.", "cmp.")
_BOT_HEADERS = {"cf-mitigated", "x-datadome", "x-px-block", "x-captcha"}


@dataclass(frozen=True)
class Seen:
    """A page as verdicts look at it: folded texts and how many words they have."""

    top: list[str]
    body: str
    count: int
    whole_count: int

    def says(self, sign: re.Pattern[str], *, most: int) -> bool:
        """Tell whether a page of at most so many words has a sign."""
        return self.count <= most and signs.found(sign, [*self.top, self.body])

    def opens_with(self, sign: re.Pattern[str]) -> bool:
        """Tell whether title, headings or the first lines have a sign."""
        return signs.found(sign, self.top)


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
    return _by_words(page, seen, url) if page.is_html else _by_text(page, seen)


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
}


def judge_failure(code: str) -> Verdict:
    """Say what a fetch that brought nothing means, by the code of NotFetched."""
    return _FAILURES.get(code, Verdict.UNREACHABLE)


def _seen(page: PageRead | None) -> Seen:
    if page is None:
        return Seen([], "", 0, 0)
    body = folded(page.text)
    first = "\n".join(body.splitlines()[:3])[:400]
    top = [folded(page.title), folded(page.build.headings), first]
    return Seen(
        [text.strip() for text in top],
        f"{body}\n{folded(page.whole_text)[:8_000]}" if len(body) < 8_000 else body,
        len(words(page.text[:20_000])),
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
    has_test = bool(_BOT_HEADERS & headers.keys()) or _has_bot_test(page, seen)
    if has_test and (status >= 400 or seen.count <= NOTICE):
        return Verdict.BOT_WALL
    if status == 403:
        return Verdict.REGION_BLOCK if seen.says(signs.REGION, most=LONG) else Verdict.FORBIDDEN
    if status >= 500:
        return Verdict.SERVER_ERROR
    # Anything else that is no success is a refusal too; 202 and 204 bring nothing to keep.
    if status >= 300 or status == 204:
        return Verdict.REFUSED
    return None


def _has_bot_test(page: PageRead | None, seen: Seen) -> bool:
    """Tell whether the page is built around a test for robots. Forms on real pages have one too."""
    if page is None or seen.count > NOTICE:
        return False
    is_test = bool(signs.BOT_MARKUP.search(page.build.markup))
    speaks = seen.says(signs.BOT_WALL, most=NOTICE) or seen.says(signs.NEEDS_SCRIPTS, most=NOTICE)
    return is_test and (speaks or seen.whole_count <= SHELL)


def _by_place(asked_url: str, url: str, page: PageRead) -> Verdict | None:
    """Judge by where the redirects ended, those inside of the page included."""
    asked = urlsplit(asked_url)
    ended = urlsplit(urljoin(url, page.build.refresh_url) if page.build.refresh_url else url)
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
        if seen.says(sign, most=40):
            return verdict
    return Verdict.OK if seen.count else Verdict.EMPTY_SHELL


def _by_words(page: PageRead, seen: Seen, url: str) -> Verdict:
    """Judge a web page that came with success from where it was asked, by what it says."""
    for is_it, verdict in (
        (_is_paywalled(page, seen), Verdict.PAYWALL),
        (seen.count > LONG, Verdict.OK),
        (seen.says(signs.RATE, most=NOTICE) and seen.opens_with(signs.RATE), Verdict.RATE_LIMITED),
        (_is_notice(signs.REGION, seen), Verdict.REGION_BLOCK),
        (_is_notice(signs.BOT_WALL, seen), Verdict.BOT_WALL),
        (_is_notice(signs.PARKED, seen), Verdict.PARKED),
        (_is_notice(signs.NOT_HERE, seen), Verdict.SOFT_404),
        (_is_notice(signs.BROKEN_SERVER, seen), Verdict.SERVER_ERROR),
        (_is_login(page, seen), Verdict.LOGIN),
        (_is_consent(page, seen), Verdict.CONSENT_WALL),
        (_is_shell(page, seen), Verdict.EMPTY_SHELL),
    ):
        if is_it:
            return verdict
    return Verdict.OK


def _is_notice(sign: re.Pattern[str], seen: Seen) -> bool:
    """Tell whether a page is a short notice that opens with a sign."""
    return seen.count <= NOTICE and seen.opens_with(sign)


def _is_paywalled(page: PageRead, seen: Seen) -> bool:
    if seen.count > TEASER:
        return False
    says_so = page.build.is_free is False or "paywall" in page.build.markup
    asks = bool(signs.PAYWALL.search(folded(page.whole_text)))
    return asks and (says_so or seen.count <= LONG)


def _is_login(page: PageRead, seen: Seen) -> bool:
    if seen.count > NOTICE:
        return False
    if page.build.has_password_field:
        return True
    return seen.opens_with(signs.LOGIN) and len(page.text) < 400


def _is_consent(page: PageRead, seen: Seen) -> bool:
    """Tell whether a page says little beside its question about cookies."""
    if seen.count > 2 * NOTICE:
        return False
    lines = [line for line in folded(page.text).splitlines() if len(words(line)) > 3]
    asking = [line for line in lines if signs.CONSENT.search(line)]
    rest = sum(len(words(line)) for line in lines if line not in asking)
    return seen.opens_with(signs.CONSENT) and bool(asking) and rest < 40


def _is_shell(page: PageRead, seen: Seen) -> bool:
    """Tell whether there is nothing to read until a program of the page has run."""
    if signs.SHELL.match(folded(page.text)) or not seen.count:
        return True
    speaks = signs.found(signs.NEEDS_SCRIPTS, [folded(page.build.noscript), *seen.top])
    return seen.count <= 2 * SHELL and (
        (speaks and page.build.scripts > 0)
        or (seen.whole_count <= SHELL and page.build.scripts > 1)
    )
