"""How long a publication takes to its followers: `python -m benchmarks.followers [1000]`.

Builds an installation of its own as the fault tests do, with a real worker, a real beat and a
mail server on loopback, gives one pledge so many followers, publishes a piece of evidence, and
prints how long after it each mail was taken. Mails are looked for as often as in production.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import items
from tests.faults.stage import Stage

FOLLOWERS = """
    WITH people AS (
        INSERT INTO alerts_subscriber (reference, address, language, first_asked_at)
        SELECT 'reader-' || n, 'reader-' || n || '@example.org', 'en', now()
        FROM generate_series(1, %s) n RETURNING id
    )
    INSERT INTO alerts_subscription
        (subscriber_id, pledge_id, frequency, asked_at, confirmed_at, since_edition)
    SELECT people.id, pledge.id, 'immediate', now(), now(), head.edition
    FROM people, ledger_head head, pledges_pledge pledge WHERE pledge.slug = 'the-first'
"""
PUBLISH = """
from django.utils import timezone
from promises.accounts.models import User
from promises.pledges.models import Pledge
from tests import record
record.evidence(by=User.objects.get(username="author"), now=timezone.now(),
    about=Pledge.objects.get(slug="the-first"))
"""
SENT = """
    SELECT extract(epoch FROM delivery.sent_at - entry.at)::float
    FROM outbox_delivery delivery, ledger_entry entry
    WHERE delivery.key LIKE 'alert:%' AND delivery.sent_at IS NOT NULL
        AND entry.event = 'evidence_link:published' ORDER BY 1
"""


def main(followers: int) -> None:
    """Measure once and print one line."""
    # The database is copied from the prototype of the tests by a program that settings name.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    folder = Path(tempfile.mkdtemp(prefix="followers-"))
    folder.chmod(0o755)
    stage = Stage(folder)
    stage.environment |= {"DELIVERY_SECONDS": "5", "SWEEP_SECONDS": "10"}
    try:
        items.prepare(stage)
        stage.sql(FOLLOWERS, followers)
        stage.start("worker-1", "beat-1")
        # The worker is up once it has swept.
        stage.wait_for(lambda: stage.sql("SELECT 1 FROM staleness_sweep LIMIT 1"), 600)
        time.sleep(5)
        stage.python(PUBLISH)
        stage.wait_for(lambda: len(stage.sql(SENT)) == followers, 600)
        waits = [seconds for (seconds,) in stage.sql(SENT)]
        at = {percent: waits[max(0, followers * percent // 100 - 1)] for percent in (50, 95, 100)}
        print(
            f"{followers:,} followers: half of the mails out after {at[50]:.1f} s, 95 % after"
            f" {at[95]:.1f} s, the last after {at[100]:.1f} s"
        )
    finally:
        stage.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
