"""What a task carries besides its arguments: the number of the request that rang for it.

So the lines that a worker logs are found by the number of the request that caused them. Each run
is counted.
"""

import logging
import time
from typing import Any

import structlog
from celery import Task
from celery.signals import task_postrun, task_prerun, task_received

from promises.common.request_ids import request_id
from promises.common.tally import the_tally
from promises.watching.rules import sample

log = logging.getLogger("tracker.tasks")


class Carried(Task[Any, Any]):
    """A task as every one of the tracker is."""

    def apply_async(self, args: Any = None, kwargs: Any = None, *more: Any, **options: Any) -> Any:
        """Send it, with the number of the request that is being answered, if any."""
        headers = {**(options.pop("headers", None) or {})}
        if number := structlog.contextvars.get_contextvars().get("request_id"):
            headers["request_id"] = number
        return super().apply_async(args, kwargs, *more, headers=headers, **options)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Run it, and count what became of it."""
        name, began, state = str(self.name), time.perf_counter(), "failed"
        try:
            result = super().__call__(*args, **named)
            state = "done"
            return result
        finally:
            tally = the_tally()
            tally.add(sample("tracker_tasks_total", task=name, state=state))
            tally.add(sample("tracker_task_seconds_total", task=name), time.perf_counter() - began)


@task_received.connect
def _say_received(request: Any, **_: Any) -> None:
    """Say that a task has come; Celery itself would say so without its number (LOGGING)."""
    given = request.request_dict.get("request_id")
    known = {"request_id": request_id(given)} if given else {}
    with structlog.contextvars.bound_contextvars(task=request.name, task_id=request.id, **known):
        log.info("received")


@task_prerun.connect
def _bind(task_id: str, task: Any, **_: Any) -> None:
    """Put the number it came with, or one of its own, on every line from here to its end.

    Celery says what became of a task, and the traceback, after the task itself has ended.
    """
    given = getattr(task.request, "request_id", None) or (task.request.headers or {}).get(
        "request_id"
    )
    task.request.lines_bound = structlog.contextvars.bind_contextvars(
        request_id=request_id(given), task=str(task.name), task_id=task_id
    )


@task_postrun.connect
def _unbind(task: Any, **_: Any) -> None:
    structlog.contextvars.reset_contextvars(**getattr(task.request, "lines_bound", {}))
