"""What it costs to hold feed items against the pledges: `python -m benchmarks.matching [10000]`.

Pledges and items are made of the words of the seed record, frequent ones often and rare ones
seldom (Zipf). 500 officials in 500 places; half of 100 feeds are of a place, and a third of the
items of the others name an official.
"""

import random
import re
import sys
from datetime import UTC, datetime
from statistics import median
from typing import Any

from benchmarks.sweep import own_database, rolled_back, run, seconds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUNS = 5
ITEMS = 1000
OFFICIALS = 500
FEEDS = 100
FILL = f"""
SET session_replication_role = replica;
INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, display_name, is_service)
VALUES (1, '', false, 'bench', '', '', '', true, true, now(), 'Bench', false);
INSERT INTO officials_jurisdiction (id, version, slug, name, kind, state, fips, note)
SELECT n, 1, 'place-' || n, 'Place ' || n, 'county', 'PA', '', ''
FROM generate_series(1, {OFFICIALS}) n;
INSERT INTO officials_office (id, version, slug, title, jurisdiction_id, term_years, selection)
SELECT n, 1, 'office-' || n, 'Office ' || n, n, 4, 'election'
FROM generate_series(1, {OFFICIALS}) n;
INSERT INTO officials_term (id, version, slug, person_id, office_id, started_on, end_reason, note)
SELECT n, 1, 'term-' || n, n, n, '2020-01-01', '', '' FROM generate_series(1, {OFFICIALS}) n;
INSERT INTO pledges_topic (id, version, slug, name, position, about)
VALUES (1, 1, 'topic', 'Topic', 1, '');
INSERT INTO discovery_feed (id, version, name, url, publisher, kind, jurisdiction_id, is_active,
    fetch_every, quiet_days, added_at, added_by_id, etag, last_modified, failures, tries,
    next_fetch_at, last_error)
SELECT n, 1, 'Feed ' || n, 'https://example.org/' || n, 'Example', 'newsroom',
    CASE WHEN n % 2 = 0 THEN n END, true, 180, 30, now(), 1, '', '', 0, 0, now(), ''
FROM generate_series(1, {FEEDS}) n;
"""
PERSON = """
INSERT INTO officials_person (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, name, party_at_election, background)
VALUES (%s, 1, 'published', now(), 1, now(), 1, '', %s, %s, '', '')
"""
PLEDGE = """
INSERT INTO pledges_pledge (id, version, state, created_at, created_by_id, published_at,
    published_by_id, retraction_reason, slug, person_id, term_id, position, topic_id, title,
    statement, quote, quote_attribution, kind, origin, made_on, controlled_by, status,
    status_is_provisional, confidence, supports_count, contradicts_count, context_count, edition)
VALUES (%s, 1, 'published', now(), 1, now(), 1, '', %s, %s, %s, 0, 1, %s, %s, '', '', 'outcome',
    'campaign', '2019-01-01', 'office', 'not_yet_rated', false, '', 0, 0, 0, 0)
"""
ITEM = """
INSERT INTO discovery_feeditem (feed_id, guid, url, title, summary, first_seen_at)
VALUES (%s, %s, %s, %s, %s, now())
"""


def main(sizes: list[int]) -> None:
    """Measure every size and print a table."""
    chance = random.Random(5)
    with own_database():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print("| pledges | items | ms, 1,000 items | ms, 10 items | candidates |")
        print("|" + "---:|" * 5)
        for size in sizes:
            fill(size, chance)
            print(measured(size))


def fill(size: int, chance: random.Random) -> None:
    """Make so many pledges of the words of the seed record."""
    from django.db import connection

    run(
        "SET session_replication_role = replica; TRUNCATE pledges_pledge, pledges_topic,"
        " officials_person, officials_term, officials_office, officials_jurisdiction,"
        " discovery_feed, discovery_feeditem, discovery_candidate, accounts_user CASCADE"
    )
    run(FILL)
    words = vocabulary()
    weights = [1 / (place + 1) for place in range(len(words))]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length))

    names = [f"Quillon{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(OFFICIALS)]
    with connection.cursor() as cursor:
        people = [(n + 1, f"p-{n}", f"Jane {name}") for n, name in enumerate(names)]
        cursor.executemany(PERSON, people)
        who = [n % OFFICIALS + 1 for n in range(size)]
        pledges = [(n + 1, f"p-{n}", one, one, text(6), text(25)) for n, one in enumerate(who)]
        cursor.executemany(PLEDGE, pledges)
        for n in range(ITEMS):
            name = f" {chance.choice(names)} " if chance.random() < 1 / 3 else " "
            row = (n % FEEDS + 1, str(n), f"https://example.org/{n}", text(10), name + text(40))
            cursor.execute(ITEM, row)
    run("SET session_replication_role = origin")
    run("VACUUM ANALYZE")


def vocabulary() -> list[str]:
    """Return the words of the seed record, the most frequent first."""
    from collections import Counter

    from tracker.env import ROOT

    counted: Counter[str] = Counter()
    for name in ("pledges", "evidence", "status_updates"):
        text = (ROOT / "seeds" / f"{name}.csv").read_text(encoding="utf-8")
        counted.update(re.findall(r"[a-z]{3,}", text.lower()))
    return [word for word, _count in counted.most_common()]


def measured(size: int) -> str:
    """Return the line of one size: the median of five runs, each taken back."""
    from promises.accounts.models import User
    from promises.discovery.matching import match_items
    from promises.discovery.models import Candidate, FeedItem

    by = User.objects.get(pk=1)

    def match() -> Any:
        return match_items(by=by, now=NOW)

    many = median(rolled_back(match) for _ in range(RUNS))
    match()
    found = Candidate.objects.count()
    few_ids = list(FeedItem.objects.order_by("pk").values_list("pk", flat=True)[:10])
    Candidate.objects.all().delete()
    FeedItem.objects.filter(pk__in=few_ids).update(matched_at=None)
    few = median(rolled_back(match) for _ in range(RUNS))
    return f"| {size:,} | {ITEMS:,} | {many * 1000:.0f} | {few * 1000:.0f} | {found:,} |"


if __name__ == "__main__":
    print(f"Made in {seconds(lambda: main([int(one) for one in sys.argv[1:]] or [10_000])):.0f} s.")
