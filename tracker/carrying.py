"""What a task carries besides its arguments: the number of the request that rang for it, and when.

So the lines that a worker logs are found by the number of the request that caused them, and the
age of the queue can be told. Each run is counted.
"""

import time
from typing import Any

import structlog
from celery import Task

from promises.common.request_ids import request_id
from promises.common.tally import the_tally
from promises.watching.rules import sample


class Carried(Task[Any, Any]):
    """A task as every one of the tracker is."""

    def apply_async(self, args: Any = None, kwargs: Any = None, *more: Any, **options: Any) -> Any:
        """Send it, with the number of the request that is being answered, if any."""
        headers = {"sent_at": time.time(), **(options.pop("headers", None) or {})}
        if number := structlog.contextvars.get_contextvars().get("request_id"):
            headers["request_id"] = number
        return super().apply_async(args, kwargs, *more, headers=headers, **options)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Run it under the number it came with, or one of its own."""
        name, began, state = str(self.name), time.perf_counter(), "failed"
        given = getattr(self.request, "request_id", None) or (self.request.headers or {}).get(
            "request_id"
        )
        with structlog.contextvars.bound_contextvars(
            request_id=request_id(given), task=name, task_id=self.request.id
        ):
            try:
                result = super().__call__(*args, **named)
                state = "done"
                return result
            finally:
                tally = the_tally()
                tally.add(sample("tracker_tasks_total", task=name, state=state))
                tally.add(
                    sample("tracker_task_seconds_total", task=name), time.perf_counter() - began
                )
