"""The timetable: every periodic job, each under a sentence that says when and why.

A timedelta says how often, a time says when each day, in UTC. tracker/celery.py gives them to
Celery, so that whoever reads the settings does not read in Celery too.
"""

from datetime import time, timedelta
from typing import Any

from tracker import env

# How often the sweep runs: by it everyone tells whether one was missed.
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 60, least=1)
DELIVERY_SECONDS = env.number("DELIVERY_SECONDS", 5, least=1)
CHECK_SECONDS = env.number("CHECK_SECONDS", 60, least=1)
PUBLISH_SECONDS = env.number("PUBLISH_SECONDS", 20, least=1)
CAPTURE_SECONDS = env.number("CAPTURE_SECONDS", 60, least=1)
PACKAGE_SECONDS = env.number("PACKAGE_SECONDS", 300, least=1)
# A call that no worker took is dropped after an hour, so that a week without workers leaves no
# week of calls. Generous for every job, because the clocks of sender and worker may differ: with a
# minute, a beat some minutes behind had calls sent that each worker took for old. Harmless, because
# each call does all there is to do, and those behind it find nothing.
FORGOTTEN_AFTER = {"expires": 3600}
# What the beat runs itself.
BY_THE_BEAT = frozenset({"watch-the-sweep"})
# What is due when the beat starts. Celery counts every interval from there.
AT_ONCE = ("sweep-stale", "gather-words")

TIMETABLE: dict[str, dict[str, Any]] = {
    # Every minute (SWEEP_SECONDS): open a flag for each pledge that has become due for another
    # look, and close the flags whose cause is gone.
    "sweep-stale": {
        "task": "promises.staleness.tasks.sweep",
        "schedule": timedelta(seconds=SWEEP_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every minute (SWEEP_SECONDS), by the beat itself: note that sweeps stay away. Who watches the
    # workers must not be one.
    "watch-the-sweep": {
        "task": "promises.staleness.tasks.watch",
        "schedule": timedelta(seconds=SWEEP_SECONDS),
    },
    # Every five seconds (DELIVERY_SECONDS): take up the mails about logins, and deliver what is
    # due, so that mail is out well within a minute.
    "deliver": {
        "task": "promises.outbox.tasks.deliver",
        "schedule": timedelta(seconds=DELIVERY_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every minute (SWEEP_SECONDS), from DIGEST_HOUR on: one mail a day to each person in whose
    # hands something became stale.
    "write-digests": {
        "task": "promises.staleness.tasks.digests",
        "schedule": timedelta(seconds=SWEEP_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every five seconds (DELIVERY_SECONDS): read on in the ledger, and write the mails that are due
    # to followers, so that they are out within a minute of a publication.
    "tell-followers": {
        "task": "promises.alerts.tasks.tell",
        "schedule": timedelta(seconds=DELIVERY_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every five seconds (DELIVERY_SECONDS): read on in the ledger, and tell the webhooks of others.
    "tell-webhooks": {
        "task": "promises.webhooks.tasks.deliver",
        "schedule": timedelta(seconds=DELIVERY_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every night: delete messages to webhooks that were settled more than 90 days ago.
    "forget-webhook-messages": {
        "task": "promises.webhooks.tasks.forget",
        "schedule": time(4, 37),
    },
    # Every hour: erase the addresses that nobody confirmed in time.
    "forget-unconfirmed": {
        "task": "promises.alerts.tasks.forget",
        "schedule": timedelta(hours=1),
        "options": FORGOTTEN_AFTER,
    },
    # Every night: delete what was delivered more than 90 days ago.
    "forget-deliveries": {
        "task": "promises.outbox.tasks.forget",
        "schedule": time(4, 17),
    },
    # Three times a minute (PUBLISH_SECONDS): publish what was planned for a moment that has come.
    "publish-due": {
        "task": "promises.newsroom.tasks.publish_due",
        "schedule": timedelta(seconds=PUBLISH_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every minute (CHECK_SECONDS): visit the sources that are due, a server at a time.
    "check-sources": {
        "task": "promises.sources.tasks.check",
        "schedule": timedelta(seconds=CHECK_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every hour: erase who sent the challenges and suggestions that were closed long ago.
    "erase-senders": {
        "task": "promises.suggestions.tasks.erase",
        "schedule": timedelta(hours=1),
        "options": FORGOTTEN_AFTER,
    },
    # Once a day: forget what was typed on the desk, never saved and not taken up for 30 days.
    "forget-unsaved-work": {
        "task": "promises.editorial.tasks.forget_unsaved_work",
        "schedule": timedelta(days=1),
    },
    # Every minute (SWEEP_SECONDS), after a change of the record: gather the words of its published
    # texts, by which searches know other forms of a word and misspelled ones.
    "gather-words": {
        "task": "promises.vocabulary.tasks.gather",
        "schedule": timedelta(seconds=SWEEP_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every minute: read the feeds that are due, and hold what they brought against the pledges.
    "read-feeds": {
        "task": "promises.discovery.tasks.read_feeds",
        "schedule": timedelta(minutes=1),
        "options": FORGOTTEN_AFTER,
    },
    # Every hour: remove the failed attempts to log in that count no more.
    "forget-attempts": {
        "task": "promises.accounts.tasks.forget",
        "schedule": timedelta(hours=1),
        "options": FORGOTTEN_AFTER,
    },
    # Every minute: import the files that researchers have asked for and that no worker has
    # finished, because none was woken or one was killed.
    "import-asked": {
        "task": "promises.imports.tasks.run_asked",
        "schedule": timedelta(minutes=1),
        "options": FORGOTTEN_AFTER,
    },
    # Every minute (CAPTURE_SECONDS): ask for copies of public evidence that has none, and make
    # those that are due. One run at a time, at most 50 seconds, so that other work goes on.
    "capture-due": {
        "task": "promises.captures.tasks.capture",
        "schedule": timedelta(seconds=CAPTURE_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
    # Every ten minutes: have the newest copies signed by the timestamp authority, if there is one.
    "sign-copies": {
        "task": "promises.captures.tasks.sign",
        "schedule": timedelta(minutes=10),
        "options": FORGOTTEN_AFTER,
    },
    # Every night: read every stored file again and say which is no longer what it was.
    "scrub-copies": {
        "task": "promises.captures.tasks.scrub",
        "schedule": time(2, 41),
    },
    # Every five minutes (PACKAGE_SECONDS): make the package of the day, where something was
    # published since the last or a new day has begun (UTC).
    "keep-packages": {
        "task": "promises.packages.tasks.keep",
        "schedule": timedelta(seconds=PACKAGE_SECONDS),
        "options": FORGOTTEN_AFTER,
    },
}
