"""Every due date computed anew."""

from collections.abc import Iterator

from django.db import connection

from promises.pledges.models import Pledge

# Pledges computed at once: who writes one of them waits so long.
PART = 1000


def recompute_due_dates() -> Iterator[tuple[int, int]]:
    """Compute every due date anew, a transaction a part; yield how many of how many are done.

    No write of the record: it makes derived rows what they are by definition. For when someone
    switched the triggers off.
    """
    ids = list(Pledge.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        with connection.cursor() as cursor:
            cursor.execute("SELECT staleness_derive(%s)", [part])
        yield start + len(part), len(ids)
