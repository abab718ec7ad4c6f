"""The advisory locks of PostgreSQL: every key there is, and the three ways of asking for one.

Each key is a word in ASCII, so that a row of pg_locks can be read. Besides these, attempts to log
in take turns under keys made from what they are counted by (accounts/security.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Held by a session or a transaction as a whole: one at a time.
BEAT = 0x62656174  # "beat": the beat that sends; the others stand by.
CAPTURING = 0x63617074  # "capt": one run, which leaves the other workers to other work.
DELIVERING = 0x6D61696C  # "mail": one run, as well.
IMPORT = 0x696D706F  # "impo": files of researchers, which are compared in turn.
LOAD = 0x6C6F6164  # "load": packages, which are compared with the record as it stands.
PUBLISHING = 0x7075626C  # "publ": one run, for the transaction of each item.
SWEEP = 0x7377656570  # "sweep"
WORDS = 0x776F7264  # "word": words are gathered.

# Held with the name of whom or what it is about: one at a time for each.
FOLLOWS_OF_NETWORK = 0x666F6C6C  # "foll": requests to follow are counted.
FOLLOWS_OF_MAILBOX = FOLLOWS_OF_NETWORK + 1
FORM = 0x6F6E6365  # "once": two presses of one form of the desk.
SENT_BY_NETWORK = 0x6368616C  # "chal": what a network sends is counted.


def wait_for(lock: int) -> None:
    """Wait until nobody else holds this; it is held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def wait_for_turn(lock: int, whose: str) -> None:
    """The same for one name under a lock: others of that name wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [lock, whose])


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Tell whether nobody else holds this; nobody else gets it before the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
