"""200 links and what becomes of them over weeks: each kind with what is true of it."""

from collections.abc import Iterator
from hashlib import sha256

from tests.sources.sites import Asked, Behaviour, Reply, page, story

# What is true of a link at the end: readers find it, they do not, or nobody can tell from here.
THERE, GONE, BARRED = "there", "gone", "barred"
# Asked by https, which its server does not speak.
NO_TLS = "no encryption"

LOST = page("Page not found", "We could not find the page you were looking for.")
HOME = page("The Example Paper", "Welcome to the front page.", "Here is the news of the day.")
WALL = page(
    "Subscribers",
    "The district attorney announced a new policy on bail on Monday.",
    "Subscribe to continue reading this story.",
)
LOGIN = page("Log in", "Please log in to read this.", extra='<input type="password">')
REGION = page("Unavailable", "This content is not available in your region.")
TEST = page("One moment", "Verify you are human.", extra='<div class="cf-turnstile"></div>')
COOKIES = page(
    "Before you continue",
    "We and our partners use cookies with your consent.",
    "Accept all cookies",
)
PARKED = page("old.example", "This domain is for sale. Buy this domain today.")


def _chance(seed: str, day: int) -> float:
    return int(sha256(f"{seed}/{day}".encode()).hexdigest()[:6], 16) / 0xFFFFFF


def always(reply: Reply) -> Behaviour:
    return lambda asked: reply


def _flaky(seed: str, share: float, fault: Reply) -> Behaviour:
    """Fails on a share of the days, never on more than four in a row."""

    def answer(asked: Asked) -> Reply:
        row = [_chance(seed, asked.day - back) < share for back in range(5)]
        return fault if row[0] and not all(row) else Reply(200, story(1))

    return answer


def _from(day: int, before: Reply, after: Reply, until: int = 10**6) -> Behaviour:
    """Another answer from a day on, up to another day."""
    return lambda asked: after if day <= asked.day < until else before


def _home(asked: Asked) -> Reply:
    if asked.path == "/":
        return Reply(200, HOME)
    return Reply(302, "", "Location: /\r\n")


def _moved(asked: Asked) -> Reply:
    """A new address for the same story."""
    if asked.path.startswith("/archive"):
        return Reply(200, story(2))
    return Reply(301, "", f"Location: /archive{asked.path}\r\n")


def _varies(asked: Asked) -> Reply:
    """A page with another count and time at every visit."""
    return Reply(
        200, story(3).replace("</article>", f"<p>{asked.number + 3} comments</p></article>")
    )


STORY = Reply(200, story())
BUSY = Reply(503, "busy", "Retry-After: 3600\r\n")
PDF = Reply(200, "%PDF-1.4\n%%EOF", "Content-Type: application/pdf\r\n")


# Name, what is true of it at the end, how many there are, how it behaves.
KINDS: tuple[tuple[str, str, int, Behaviour], ...] = (
    ("living", THERE, 12, always(STORY)),
    ("living, in Spanish", THERE, 6, always(Reply(200, story(4, "es")))),
    ("moved with a redirect", THERE, 6, _moved),
    ("other furniture every time", THERE, 6, _varies),
    ("a file", THERE, 4, always(PDF)),
    ("down for five days", THERE, 8, _from(8, STORY, Reply(0), until=13)),
    ("under repair for five days", THERE, 8, _from(8, STORY, BUSY, until=13)),
    ("a wrong 404 for four days", THERE, 6, _from(8, STORY, Reply(404, LOST), until=12)),
    (
        "home page for four days",
        THERE,
        4,
        _from(8, STORY, Reply(302, "", "Location: /\r\n"), until=12),
    ),
    ("403 to robots", BARRED, 14, always(Reply(403, "no"))),
    ("403 to robots after a while", BARRED, 6, _from(8, STORY, Reply(403, "no"))),
    ("401", BARRED, 4, always(Reply(401, "no"))),
    ("402", BARRED, 4, always(Reply(402, "no"))),
    (NO_TLS, BARRED, 4, always(STORY)),
    ("a paywall", BARRED, 8, always(Reply(200, WALL))),
    ("a login", BARRED, 4, always(Reply(200, LOGIN))),
    ("a test for robots", BARRED, 6, always(Reply(503, TEST))),
    ("cookies first", BARRED, 4, always(Reply(200, COOKIES))),
    ("not in this region", BARRED, 4, always(Reply(200, REGION))),
    ("451", BARRED, 2, always(Reply(451, "no"))),
    ("too many requests", BARRED, 4, always(Reply(429, "slow", "Retry-After: 7200\r\n"))),
    ("404", GONE, 14, always(Reply(404, LOST))),
    ("410", GONE, 4, always(Reply(410, "gone"))),
    ("404 after a while", GONE, 8, _from(9, STORY, Reply(404, LOST))),
    ("says with 200 that it is not there", GONE, 10, always(Reply(200, LOST))),
    ("the same after a while", GONE, 4, _from(9, STORY, Reply(200, LOST))),
    ("redirects home", GONE, 8, _home),
    ("name for sale", GONE, 4, always(Reply(200, PARKED))),
    ("errors for good", GONE, 4, always(Reply(500, "error"))),
    ("silence for good", GONE, 4, _from(9, STORY, Reply(0))),
)


def kinds(share: int) -> Iterator[tuple[str, str, Behaviour]]:
    """Yield 200 links: what is true at the end, the name of the kind, how it behaves.

    Or a share of them: of a `share` of four every fourth, two of each kind at least.
    """
    for name, truth, count, behaviour in KINDS:
        for _number in range(max(2, count // share)):
            yield truth, name, behaviour
    for number in range(max(4, 16 // share)):
        fault = (Reply(0), Reply(500, "error"), Reply(404, LOST), Reply(503, "busy"))[number % 4]
        yield THERE, "stumbles", _flaky(f"flaky {number}", 0.3, fault)
