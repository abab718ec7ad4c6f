"""The Celery application. Tasks live in promises/*/tasks.py, the timetable in schedule.py."""

import os

from celery import Celery
from django.conf import settings

from tracker.sentry import send_errors_to

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
app = Celery("tracker", task_cls="tracker.carrying:Carried")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
send_errors_to(settings.SENTRY_DSN)
