"""When a feed is read again, and what of an entry is kept. Pure decisions."""

from datetime import date, timedelta

# A feed in the hands of a reader that may have died is free again after this: longer than a
# fetch (20 s) and the parsing of the largest feed together.
LEASE = timedelta(minutes=2)
# A feed that ends its reader as often as this without an outcome counts as failed.
MOST_TRIES = 3
LONGEST_PAUSE = timedelta(days=7)
# Bytes of a feed: on the wire, and unpacked.
LARGEST_ON_WIRE, LARGEST = 2_000_000, 4_000_000
# Bytes of a feed that is no XML and is read by guesswork all the same.
LARGEST_BROKEN = 300_000
MOST_ENTRIES = 500
DEEPEST = 40
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_GUID, LONGEST_URL = 300, 2000, 300, 1000
# Feeds claim odd days: before the web, or long after today.
FIRST_DAY = date(1991, 1, 1)


def pause_after(failures: int, every: timedelta, chance: float) -> timedelta:
    """Return how long to leave a feed alone after so many failures in a row.

    It doubles from the usual pause up to a week; `chance` between 0 and 1 spreads feeds that
    failed together by up to a tenth.
    """
    usual = max(every, timedelta(minutes=1))
    doubled = usual * (1 << min(failures, 16))
    return max(usual, min(doubled, LONGEST_PAUSE)) * (1 + chance / 10)


def believable(day: date | None, today: date) -> date | None:
    """Return the day an entry claims, or None when it cannot be."""
    if day is None or not FIRST_DAY <= day <= today + timedelta(days=1):
        return None
    return day
