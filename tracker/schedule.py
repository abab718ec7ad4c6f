"""The timetable: every periodic job, each under a sentence that says when and why."""

from datetime import timedelta
from typing import Any

TIMETABLE: dict[str, dict[str, Any]] = {
    # Every minute: open a flag for each pledge that has become due for another look, and close
    # the flags whose cause is gone.
    "sweep-stale": {
        "task": "promises.staleness.tasks.sweep",
        "schedule": timedelta(seconds=60),
        # A sweep that could not start within the minute is replaced by the next one.
        "options": {"expires": 55},
    },
}
