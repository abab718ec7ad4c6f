"""What came from a server, worked out before it is written down: no network, no transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from promises.sources.anchoring import find
from promises.sources.comparing import Difference, Text, difference
from promises.sources.models import Host, PageText, Passage, Source
from promises.sources.reading import PageRead
from promises.sources.robots import Robots, read_robots
from promises.sources.visits import RobotsFound, TextFound, Visit

# RFC 9309, section 2.4: a copy is kept for a day at most.
_KEPT = timedelta(days=1)
# Section 2.3.1.4: who has not been able to send one for so long has none.
_GIVEN_UP = timedelta(days=30)


@dataclass(frozen=True)
class Robot:
    """What a robots.txt means for us: `is_closed` where its server cannot say."""

    robots: Robots
    is_closed: bool = False

    @property
    def pause(self) -> timedelta:
        """The pause between two visits that it asks for."""
        return timedelta(seconds=self.robots.pause)

    def allows(self, url: str) -> bool:
        """Tell whether we may visit an address."""
        return not self.is_closed and self.robots.allows(url)

    @classmethod
    def of(cls, host: Host, now: datetime) -> "Robot | None":
        """Return what we know of a server's robots.txt; None when it has to be asked again."""
        if host.robots_expires_at is None or host.robots_expires_at <= now:
            return None
        return cls._of(host.robots_text, host.robots_status or 0, host.robots_read_at, now)

    @classmethod
    def met(cls, host: Host, found: RobotsFound, now: datetime) -> "Robot":
        """Return what a robots.txt just asked for means; an old copy stands in for none."""
        if found.status >= 500 and host.robots_text:
            return cls(read_robots(host.robots_text))
        return cls._of(found.text, found.status, host.robots_read_at or now, now)

    @classmethod
    def _of(cls, text: str, status: int, since: datetime | None, now: datetime) -> "Robot":
        if text or status < 500:
            return cls(read_robots(text))
        return cls(Robots(), is_closed=since is None or now - since < _GIVEN_UP)


def robots_found(status: int, body: bytes, now: datetime) -> RobotsFound:
    """Read the answer to a question for robots.txt: what is no success is no rules (2.3.1.3)."""
    text = body.decode("utf-8", "replace").replace("\x00", "") if 200 <= status < 300 else ""
    return RobotsFound(text.removeprefix("\ufeff"), status, now + _KEPT)


def found_on(page: PageRead, source: Source, visit: Visit) -> Visit:
    """Add what the source itself says: its text, what differs, and which passages stand in it."""
    text = TextFound(page.text, page.whole_text)
    if not text.main:
        return visit
    changed, is_confirmed = _changed(source, text, is_page=page.is_html)
    passages = {
        passage.pk: find(
            passage.exact, page.whole_text, prefix=passage.prefix, suffix=passage.suffix
        )
        is not None
        for passage in Passage.objects.of_evidence(source.evidence_id)
    }
    return replace(
        visit, text=text, difference=changed, is_confirmed=is_confirmed, passages=passages
    )


def _changed(source: Source, text: TextFound, *, is_page: bool) -> tuple[Difference, bool]:
    """Return what differs from the accepted text, and whether the visit before saw it too.

    Web pages flicker: a difference counts when it is seen twice. Documents do not.
    """
    accepted = _text(source.accepted_text, source.accepted_whole)
    if accepted is None or accepted.main == text.main:
        return Difference(), True
    now = difference(accepted, Text(text.main, text.whole), is_page=is_page)
    before = _text(source.found_text, source.found_whole)
    if not is_page or before is None:
        return now, True
    return now, now.is_seen_again_after(difference(accepted, before, is_page=is_page))


def _text(main: PageText | None, whole: PageText | None) -> Text | None:
    return None if main is None else Text(main.text, whole.text if whole else main.text)
