"""Links over five weeks: which are called gone, and which of those are.

200 of them in the long form, and fewer of the same kinds each time.
"""

from collections import Counter

import pytest

from promises.accounts.models import User
from promises.sources.checking import check_due
from promises.sources.choices import LOST_STATES
from promises.sources.models import LinkCheck, Source
from tests.sources.conftest import Clock, entered
from tests.sources.link_kinds import BARRED, GONE, NO_TLS, THERE, kinds
from tests.sources.sites import Sites

WEEKS = 5
# The days on which our own network is down.
OUTAGE = (16, 17)
# How many links there are of each sort, in each share.
COUNTS = {
    1: {THERE: 76, BARRED: 64, GONE: 60},
    4: {THERE: 23, BARRED: 25, GONE: 19},
}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_links_over_five_weeks(sites: Sites, clock: Clock, by: User, share: int) -> None:
    truth: dict[int, tuple[str, str]] = {}
    for is_true, name, behaviour in kinds(share):
        url = sites.add(behaviour, scheme="https") if name == NO_TLS else ""
        truth[entered(sites, behaviour, by=by, url=url).pk] = (is_true, name)
    assert Counter(is_true for is_true, _name in truth.values()) == COUNTS[share]
    called_gone: set[int] = set()
    outages = 0
    for half_day in range(WEEKS * 14):
        sites.day = half_day // 2
        if half_day == 2 * OUTAGE[0]:
            sites.cut_off()
        elif half_day == 2 * (OUTAGE[-1] + 1):
            sites.connect()
        done = check_due(by=by, clock=clock)
        outages += done.verdicts["no_network"]
        called_gone |= set(Source.objects.lost().values_list("pk", flat=True))
        clock.pass_by(hours=12)
    false = {truth[pk] for pk in called_gone if truth[pk][0] != GONE}
    missed = {truth[pk] for pk in truth if truth[pk][0] == GONE and pk not in called_gone}
    # 0 % false dead, 0 % missed.
    assert (false, missed) == (set(), set())
    assert len(called_gone) == COUNTS[share][GONE]
    assert outages > 0
    assert _states(truth) == STATES
    # A living link is asked about once a week, a link that fails every day.
    living = [pk for pk, (_truth, name) in truth.items() if name == "living"]
    checks = LinkCheck.objects.filter(source__in=living).exclude(verdict="no_network")
    assert 5 * len(living) <= checks.count() <= 6 * len(living)


def _states(truth: dict[int, tuple[str, str]]) -> dict[str, set[str]]:
    """Return in which states the links of each kind are at the end."""
    found: dict[str, set[str]] = {}
    for pk, state in Source.objects.values_list("pk", "state"):
        found.setdefault(truth[pk][1], set()).add(state)
    # What stumbles may be stumbling at this moment.
    assert found.pop("stumbles") <= {"there", "failing"}
    lost = set(LOST_STATES)
    assert all(found[name] <= lost for is_true, name in truth.values() if is_true == GONE)
    return found


STATES = {
    "living": {"there"},
    "living, in Spanish": {"there"},
    "moved with a redirect": {"there"},
    "other furniture every time": {"there"},
    "a file": {"there"},
    "down for five days": {"there"},
    "under repair for five days": {"there"},
    "a wrong 404 for four days": {"there"},
    "home page for four days": {"there"},
    "403 to robots": {"forbidden"},
    "403 to robots after a while": {"forbidden"},
    "401": {"login"},
    "402": {"payment_required"},
    NO_TLS: {"bad_certificate"},
    "a paywall": {"paywall"},
    "a login": {"login"},
    "a test for robots": {"bot_wall"},
    "cookies first": {"consent_wall"},
    "not in this region": {"region_block"},
    "451": {"region_block"},
    "too many requests": {"rate_limited"},
    "404": {"dead"},
    "410": {"dead"},
    "404 after a while": {"dead"},
    "says with 200 that it is not there": {"soft_404"},
    "the same after a while": {"soft_404"},
    "redirects home": {"redirected_home"},
    "name for sale": {"parked"},
    "errors for good": {"dead"},
    "silence for good": {"dead"},
}
