"""Visits the addresses of sources: the network, never inside a transaction."""

import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from promises.accounts.models import User
from promises.common.away import is_away
from promises.common.failpoints import failpoint
from promises.fetching.errors import NotFetched
from promises.fetching.fetch import fetch
from promises.fetching.limits import Limits
from promises.fetching.patience import asked_wait
from promises.sources.actions import (
    claim_source,
    claim_witness,
    record_visit,
    release_witness,
)
from promises.sources.choices import SILENCES, Verdict
from promises.sources.entering import follow_evidence
from promises.sources.meeting import Robot, found_on, robots_found
from promises.sources.models import Host, LinkCheck, Source
from promises.sources.querysets import SourceQuerySet
from promises.sources.reading import read_page
from promises.sources.robots import MOST_BYTES
from promises.sources.verdicts import judge, judge_failure
from promises.sources.visits import PAUSE, RobotsFound, Visit

logger = logging.getLogger(__name__)
# A round begins no visit after so long, so that other work has its turn; the next begins soon.
_ROUND = timedelta(seconds=50)
# So long an answer of another server says that our network works.
_JUST_NOW = timedelta(minutes=2)
# Servers asked before we say that it is our network.
_WITNESSES = 5
# What a server that lives may answer instead of a robots.txt.
_SAYS_SOMETHING = {
    "bad_address",
    "blocked",
    "private_address",
    "too_large",
    "too_many_redirects",
    "truncated",
    "unknown_encoding",
}
_ROBOTS = Limits(seconds=10, on_wire=2 * MOST_BYTES, decoded=2 * MOST_BYTES)


@dataclass
class Round:
    """What a round of checks found, by verdict; `changed` counts other wording.

    `is_cut_off` says that it ended because no server answered.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    checks: list[LinkCheck] = field(default_factory=list)
    is_cut_off: bool = False

    @property
    def visits(self) -> int:
        """How many sources were visited."""
        return sum(self.verdicts.values())


def check_due(
    *,
    by: User,
    clock: Callable[[], datetime],
    most: int | None = None,
    among: SourceQuerySet | None = None,
) -> Round:
    """Visit what is due, server by server, until nothing is, or our own network is down.

    A round takes a minute at most, or `most` visits. Any number of rounds may run at once. One
    that dies leaves a server alone for a few minutes; its source is visited again.
    """
    done, ends_at = Round(), clock() + _ROUND
    follow_evidence(by=by, now=clock())
    while (most is None or done.visits < most) and clock() < ends_at:
        source = claim_source(by=by, now=clock(), among=among)
        if source is None:
            break
        failpoint("source_claimed")
        visit, done.is_cut_off = _visited(source, by=by, clock=clock)
        failpoint("source_visited")
        visit, check = _recorded(source, visit, by=by, clock=clock)
        done.verdicts[visit.verdict] += 1
        done.changed += bool(visit.difference)
        if check is not None:
            done.checks.append(check)
        if done.is_cut_off:
            break
    return done


def _chance() -> float:
    return random.random()  # noqa: S311 -- no secret


def _visited(source: Source, *, by: User, clock: Callable[[], datetime]) -> tuple[Visit, bool]:
    """Visit; return what came, and whether we are cut off: no server answers.

    A fault of ours about one page is noted, and says nothing of the network.
    """
    try:
        visit = visit_source(source, now=clock())
        if visit.verdict not in SILENCES or _network_works(source.host, by=by, clock=clock):
            return visit, False
    except Exception as error:
        return _failed(source, error), False
    return replace(visit, verdict=Verdict.NO_NETWORK, text=None), True


def _failed(source: Source, error: Exception) -> Visit:
    """Note what is wrong with one page. A database that is away is not: that is raised."""
    if is_away(error):
        raise error
    logger.exception("The visit of %s failed", source.url)
    return Visit(Verdict.NO_NETWORK, error=f"{type(error).__name__}: {error}")


def _recorded(
    source: Source, visit: Visit, *, by: User, clock: Callable[[], datetime]
) -> tuple[Visit, LinkCheck | None]:
    """Write down a visit, or that it cannot be written down; return which of them."""
    record = partial(record_visit, source=source, chance=_chance(), by=by)
    try:
        return visit, record(visit=visit, now=clock())
    except Exception as error:
        visit = _failed(source, error)
        return visit, record(visit=visit, now=clock())


def _network_works(silent: Host, *, by: User, clock: Callable[[], datetime]) -> bool:
    """Tell whether any other server answers, asking those first that answered last.

    Where there is no other server to ask, its silence is taken as its own.
    """
    others = Host.objects.exclude(pk=silent.pk)
    if others.answered_since(clock() - _JUST_NOW).exists() or not others.exists():
        return True
    tried = [silent.pk]
    for _time in range(_WITNESSES):
        witness = claim_witness(besides=tried, by=by, now=clock())
        if witness is None:
            return False
        tried.append(witness.pk)
        has_answered = _answers(witness)
        release_witness(host=witness, is_answered=has_answered, by=by, now=clock())
        if has_answered:
            return True
    return False


def _answers(host: Host) -> bool:
    """Tell whether a server says anything at all."""
    address = Source.objects.filter(host=host).values_list("url", flat=True).first()
    if address is None:
        return False
    try:
        with fetch(_robots_address(address), limits=_ROBOTS):
            return True
    except NotFetched as error:
        return judge_failure(error.code) not in SILENCES


def visit_source(source: Source, *, now: datetime) -> Visit:
    """Ask a source's address, if its robots.txt lets us, and say what came back."""
    robot = Robot.of(source.host, now)
    fetched = None
    if robot is None:
        try:
            fetched = _robots(source.url, now)
        except NotFetched as error:
            if error.code in _SAYS_SOMETHING:
                # Something that is no robots.txt: there is none (RFC 9309, 2.3.1.2 and 2.3.1.3).
                fetched = robots_found(404, b"", now)
            else:
                return Visit(judge_failure(error.code), error=f"robots.txt: {error}")
        robot = Robot.met(source.host, fetched, now)
    visit = _page(source, robot, now) if robot.allows(source.url) else Visit(Verdict.ROBOTS)
    is_answered = visit.is_answered or fetched is not None
    pause = max(PAUSE, robot.pause, min(visit.asked_pause or PAUSE, timedelta(days=1)))
    return replace(visit, robots=fetched, is_answered=is_answered, pause=pause)


def _robots_address(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def _robots(url: str, now: datetime) -> RobotsFound:
    """Fetch the robots.txt of an address's server. Raises NotFetched when nobody answers."""
    with fetch(_robots_address(url), limits=_ROBOTS, headers={"Accept": "text/plain"}) as page:
        return robots_found(page.status, page.body.read(MOST_BYTES), now)


def _is_welcome(source: Source, robot: Robot, now: datetime, url: str) -> bool:
    """Tell whether we may follow a redirect there, asking its server if that is another one."""
    if urlsplit(url).netloc == urlsplit(source.url).netloc:
        return robot.allows(url)
    try:
        found = _robots(url, now)
    except NotFetched:
        # It has no rules, or it is not there: the visit itself will say which.
        return True
    return Robot.met(Host(), found, now).allows(url)


def _page(source: Source, robot: Robot, now: datetime) -> Visit:
    """Fetch the page and judge it. A HEAD would be cheaper; too many servers answer it wrongly."""
    try:
        with fetch(source.url, may_visit=partial(_is_welcome, source, robot, now)) as page:
            read = read_page(
                page.body, media_type=page.media_type, charset=page.charset, url=page.url
            )
            headers = page.last.headers
            verdict = judge(
                read, status=page.status, asked_url=source.url, url=page.url, headers=headers
            )
            found = Visit(verdict, page.url, page.status, is_answered=True)
            asked, sent = page.last.header("retry-after"), page.last.header("date")
            wait = asked_wait(asked, now, date=sent) or None
    except NotFetched as error:
        verdict = judge_failure(error.code)
        # Too large, or broken on the way, is an answer all the same.
        is_answered = verdict not in SILENCES or error.code in {"truncated", "broken_answer"}
        return Visit(verdict, error=str(error), is_answered=is_answered)
    if verdict == Verdict.OK:
        return found_on(read, source, found)
    return replace(found, asked_pause=wait)
