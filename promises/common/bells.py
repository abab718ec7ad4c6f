"""Wakes a worker for what a person waits for."""

from django.conf import settings
from django.utils.module_loading import import_string


def ring(task: str) -> None:
    """Have a worker do a task now. If the bell is lost, the timetable rings it within a minute.

    The queue and all it takes are read in with the first bell: most processes ring none.
    """
    import_string(settings.BELL)(task)
