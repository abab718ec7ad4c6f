"""The Celery application. Tasks live in promises/*/tasks.py, the timetable in schedule.py."""

import os
from contextlib import suppress
from datetime import time, timedelta
from importlib import import_module
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django.conf import settings
from kombu.exceptions import OperationalError

from tracker.foreign import forget_foreign
from tracker.queue import read_only_tasks
from tracker.reading_in import read_in
from tracker.schedule import TIMETABLE
from tracker.sentry import send_errors_to

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# Celery would run Django's checks and drop what they find, and with them read in every page,
# which a beat never needs.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
read_only_tasks()
app = Celery("tracker", task_cls="tracker.carrying:Carried")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A worker that Redis refuses connects anew instead of ending.
app.conf.broker_channel_error_retry = True
app.autodiscover_tasks()


def as_celery_has_it(when: time | timedelta) -> crontab | timedelta:
    """Return how often, or when each day, as Celery takes it."""
    return crontab(hour=when.hour, minute=when.minute) if isinstance(when, time) else when


app.conf.beat_schedule = {
    name: {**entry, "schedule": as_celery_has_it(entry["schedule"])}
    for name, entry in TIMETABLE.items()
}
send_errors_to(settings.SENTRY_DSN)


def ring(name: str) -> None:
    """Have a worker do a task now. If the bell is lost, the timetable rings it within a minute."""
    import_module(name.rpartition(".")[0])
    # Asked of this application: a shared task takes that of its thread, and threads of the web
    # have none.
    with suppress(OperationalError):
        app.tasks[name].delay()


@worker_init.connect
def _make_ready(**_: Any) -> None:
    """Read in what tasks need before a worker forks: its children then share that memory.

    Addresses stand in mails and messages, so tasks need them. And clear the way to the queue.
    """
    read_in(settings.ROOT_URLCONF, "feedparser")
    forget_foreign(settings.REDIS_URL)
