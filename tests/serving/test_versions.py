"""A thousand edits: the version of a public answer changes exactly when a byte of it does."""

import random
import sys
import time
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from promises.evidence.models import Evidence
from promises.ledger.chain import current_edition
from promises.metrics.models import Metric
from promises.officials.models import Person
from promises.pledges.models import Pledge, Topic
from tests import record
from tests.mirror import officials, papers, pledges
from tests.mirror.hands import Hand
from tests.serving.conftest import Ask, Given

pytestmark = pytest.mark.django_db(transaction=True)
DEEDS = (*officials.DEEDS, *pledges.DEEDS, *papers.DEEDS)
SECTIONS = (
    "prosecutors", "offices", "elections", "terms", "topics", "pledges", "evidence",
    "status-updates", "reviews", "responses", "corrections", "metrics", "stale-flags", "scorecards",
    "record-requests", "changes",
)  # fmt: skip
LISTS = (
    "/", "/pledges/", "/prosecutors/", "/topics/", "/updates/", "/corrections/", "/stale/",
    "/methodology/", "/search/?q=example", "/sitemap.xml", "/updates.atom", "/updates.json",
    "/es/pledges/", "/llms.txt", "/robots.txt", "/about/", "/data/", "/api/client.py", "/api/v1/",
    *(f"/api/v1/{name}/" for name in SECTIONS),
)  # fmt: skip
# Pages of single rows: how their addresses begin, and the rows.
ROWS = (
    ("/pledges", Pledge.objects.published),
    ("/api/v1/pledges", Pledge.objects.published),
    ("/evidence", Evidence.objects.published),
    ("/api/v1/evidence", Evidence.objects.published),
    ("/prosecutors", Person.objects.published),
    ("/api/v1/prosecutors", Person.objects.published),
    ("/topics", Topic.objects.all),
    ("/metrics", Metric.objects.published),
)


class Looked:
    """What was seen at each address so far."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.seen = ask, dict[str, Given]()
        self.changed = self.same = 0

    def versioned(self, address: str, **environ: str) -> Given:
        """Ask until the answer has a version: a busy machine may be late to know what is true."""
        for _ in range(200):
            found = self.ask(address, **environ)
            if found.status != 200 or "etag" in found.headers:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{address} has no version.")

    def look(self, address: str) -> None:
        """Ask whether the version that was seen still holds, and what there is now."""
        before = self.seen.get(address)
        tag = before.headers["etag"] if before else ""
        asked = self.versioned(address, HTTP_IF_NONE_MATCH=tag) if tag else None
        now = self.versioned(address)
        if now.status != 200:
            # Withdrawn, or not there yet: whoever has the old version is told so.
            assert asked is None or asked.status == now.status, address
            self.seen.pop(address, None)
            return
        if before and asked:
            is_same = now.body == before.body
            assert (now.headers["etag"] == tag) == is_same, address
            assert asked.status == (304 if is_same else 200), address
            assert asked.body == (b"" if is_same else now.body)
            self.same, self.changed = self.same + is_same, self.changed + (not is_same)
        assert now.headers["etag"].startswith('"')
        self.seen[address] = now


def edits(chance: random.Random) -> Iterator[str]:
    """Do one random thing after the other, and yield what changed."""
    by, *others = [record.user(f"editor-number-{number}") for number in range(3)]
    record.methodology(by=by)
    hand = Hand(by, others, chance)
    for begin in (officials.add_term, papers.save_law, pledges.draft_pledge):
        begin(hand)
    while True:
        if hand.try_one(DEEDS):
            yield str(current_edition())


def addresses(chance: random.Random, seen: Collection[str]) -> set[str]:
    """Return some lists, the newest and another row of each kind, and some that were seen."""
    found = {*chance.sample(LISTS, 12), *chance.sample(sorted(seen), min(5, len(seen)))}
    for start, rows in ROWS:
        slugs = list(rows().order_by("pk").values_list("slug", flat=True))
        chosen = [*slugs[-1:], *chance.sample(slugs, min(1, len(slugs)))]
        found |= {f"{start}/{slug}/" for slug in chosen}
    return found


def look_after(ask: Ask, wanted: int, enough: int, seed: int) -> None:
    """Look at public addresses after each of so many edits, or more of them.

    Until `enough` answers were seen to have changed, and as many to be the same: what an edit
    touches is chance.
    """
    chance = random.Random(seed)
    looked = Looked(ask)
    for done, _edition in enumerate(edits(chance)):
        if done >= wanted and min(looked.changed, looked.same) >= enough:
            break
        # Whoever writes through this process makes it look at the record again.
        ask("/account/login/", "POST")
        for address in sorted(addresses(chance, looked.seen)):
            looked.look(address)
    sys.stdout.write(
        f"\nEdition {current_edition()}: {looked.changed} changed, {looked.same} not\n"
    )


@pytest.fixture(autouse=True)
def nobody_asks_too_often(settings: Any) -> None:
    settings.API_REQUESTS_PER_HOUR = 1_000_000


def test_versions_are_as_the_bytes_are(ask: Ask) -> None:
    look_after(ask, 25, enough=50, seed=1907)


@pytest.mark.slow
def test_versions_are_as_the_bytes_are_after_a_thousand_edits(ask: Ask) -> None:
    look_after(ask, 1000, enough=5000, seed=2017)
