"""Which requests are alike, and what HTTP says about conditions and encodings. No Django."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

Headers = list[tuple[str, str]]

# What asks at a longer address or of a longer host, or accepts more, is answered, and not kept.
LONGEST_ADDRESS, LONGEST_HOST, LONGEST_ACCEPT = 2000, 300, 200
# If-Match and parts of answers: rare, and answered by the views.
_RARE = ("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_MATCH")
_SAFE = frozenset({"GET", "HEAD"})
_ANYTHING = frozenset({"", "*/*", "application/json"})
# What is said to one caller, not to all.
OF_ONE_CALLER = frozenset({"ratelimit", "ratelimit-policy", "retry-after", "date", "x-request-id"})
# What a 304 says again (RFC 9110, 15.4.5), and what scripts of other sites need to read it.
_SAID_AGAIN = ("cache-control", "vary", "access-control-", "cross-origin-resource-policy")
_COMPRESSIBLE = ("text/", "application/json", "application/feed+json", "application/xml",
    "application/atom+xml", "application/ld+json", "application/problem+json",
    "application/vnd.oai.openapi", "image/svg+xml")  # fmt: skip


class Asked(NamedTuple):
    """Everything about a request that its answer may depend on, besides record and date."""

    path: str
    query: str
    host: str
    scheme: str
    accept: str


@dataclass(frozen=True)
class Doors:
    """Which paths are never kept, which answer by `Accept`, and which cookies are somebody's."""

    never_kept: tuple[str, ...]
    by_accept: tuple[str, ...]
    private_cookies: tuple[str, ...]

    def asked(self, environ: Mapping[str, Any]) -> Asked | None:
        """Return what is asked for, or None where the answer cannot be one for everybody."""
        if environ["REQUEST_METHOD"] not in _SAFE:
            return None
        for name in _RARE:
            if name in environ:
                return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and any(name in cookies for name in self.private_cookies):
            return None
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if path.startswith(self.never_kept) or len(path) + len(query) > LONGEST_ADDRESS:
            return None
        accept = environ.get("HTTP_ACCEPT", "") if path.startswith(self.by_accept) else ""
        host = environ.get("HTTP_HOST", "")
        if len(accept) > LONGEST_ACCEPT or len(host) > LONGEST_HOST:
            return None
        return Asked(
            path,
            canonical_query(query) if query else "",
            host,
            _scheme(environ),
            "" if accept in _ANYTHING else accept,
        )


def _scheme(environ: Mapping[str, Any]) -> str:
    """Return all that Django may read of the scheme: one of few words, whatever a caller writes."""
    scheme: str = environ["wsgi.url_scheme"]
    said: str | None = environ.get("HTTP_X_FORWARDED_PROTO")
    if said is None:
        return scheme
    is_tls = said == "https" or said.partition(",")[0].strip() == "https"
    return f"{scheme}, https" if is_tls else f"{scheme}, http"


def canonical_query(query: str) -> str:
    """Return the query with its parameters in order of name, each as it was written.

    Parameters of one name stay in their order, which means something. Nothing is decoded, so
    that nothing is lost: two ways to write one letter are two addresses.
    """
    return _ordered_once(query) if len(query) <= LONGEST_ADDRESS else _ordered(query)


def _ordered(query: str) -> str:
    parts = [part for part in query.split("&") if part]
    return "&".join(sorted(parts, key=lambda part: part.partition("=")[0]))


_ordered_once = lru_cache(maxsize=1024)(_ordered)


@lru_cache(maxsize=256)
def accepts_gzip(encodings: str) -> bool:
    """Tell whether a caller takes gzip (RFC 9110, 12.5.3); a quality of 0 says no."""
    found = {}
    for part in encodings.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        quality = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        found[name] = quality.strip("0.") != ""
    return found.get("gzip", found.get("*", False))


def matches(condition: str, etags: Collection[str]) -> bool:
    """Tell whether If-None-Match names one of these tags; weak ones count (RFC 9110, 13.1.2)."""
    if condition.strip() == "*":
        return True
    return any(tag.strip().removeprefix("W/") in etags for tag in condition.split(","))


def is_compressible(media_type: str) -> bool:
    """Tell whether gzip makes this kind of answer smaller."""
    return media_type.lower().startswith(_COMPRESSIBLE)


def said_again(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return the headers that an answer "unchanged" repeats."""
    return [pair for pair in headers if pair[0].lower().startswith(_SAID_AGAIN)]
