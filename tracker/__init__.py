"""Wiring only: settings, environment, addresses, the timetable. The domain is in promises/."""

from tracker.celery import app as celery

__all__ = ["celery"]
