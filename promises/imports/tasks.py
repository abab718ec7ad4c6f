from contextlib import suppress

from celery import shared_task

from promises.common.clock import database_clock
from promises.common.refusals import Refused
from promises.imports.actions import run_import, try_import
from promises.imports.models import Import
from promises.imports.waiting import is_import_running, say_progress

# How long it may take, in seconds.
_LONGEST = 1800


# No retries: the timetable sends the next one within a minute, and each takes up what is left. The
# limit is that of 20,000 rows on a machine with much else to do.
@shared_task(name="promises.imports.tasks.run_asked", time_limit=_LONGEST)
def run_asked() -> int:
    """Import what people have asked for, oldest first; return how many files.

    While a worker imports, the next one has nothing to do: it would only stand in the way.
    """
    if is_import_running():
        return 0
    return sum(run_one(upload) for upload in Import.objects.asked_for())


def run_one(upload: Import) -> int:
    """Import one file; where it is refused, keep the reason with a new report. Return 1 if done."""
    by, done = upload.asked_by, 0
    assert by is not None

    def progress(rows: int) -> None:
        nonlocal done
        done += rows
        say_progress(upload.pk, done)

    try:
        run_import(upload=upload, by=by, now=database_clock(), progress=progress)
    except Refused as error:
        with suppress(Refused):
            try_import(upload=upload, by=by, now=database_clock(), problem=str(error))
        return 0
    return 1
