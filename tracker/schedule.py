"""The timetable: every periodic job, each under a sentence that says when and why."""

from datetime import timedelta
from typing import Any

from tracker import env

SWEEP_SECONDS = env.number("SWEEP_SECONDS", 60)

TIMETABLE: dict[str, dict[str, Any]] = {
    # Every minute (SWEEP_SECONDS): open a flag for each pledge that has become due for another
    # look, and close the flags whose cause is gone.
    "sweep-stale": {
        "task": "promises.staleness.tasks.sweep",
        "schedule": timedelta(seconds=SWEEP_SECONDS),
        # A sweep that could not start in time is replaced by the next one.
        "options": {"expires": SWEEP_SECONDS},
    },
}
