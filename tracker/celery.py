"""The Celery application. Tasks live in promises/*/tasks.py, the timetable in schedule.py."""

import gc
import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

from tracker.sentry import send_errors_to

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# Celery would run Django's checks and drop what they find, and with them read in every page,
# which a beat never needs.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
app = Celery("tracker", task_cls="tracker.carrying:Carried")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
send_errors_to(settings.SENTRY_DSN)


@worker_init.connect
def _read_in_once(**_: Any) -> None:
    """Read in what tasks need before a worker forks: its children then share that memory.

    Addresses stand in mails and messages, so tasks need them. What is frozen is not looked at
    again by the collector, which would write to it and so copy it.
    """
    for name in (settings.ROOT_URLCONF, "feedparser"):
        import_module(name)
    gc.collect()
    gc.freeze()
