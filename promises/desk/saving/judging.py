"""What is left to others: whoever declared a conflict of interest judges no official there."""

from collections.abc import Iterable

from promises.accounts.models import User
from promises.officials.models import ConflictOfInterest
from promises.updates.standing import conflict_faults


def left_to_others(officials: Iterable[int], person: User) -> str:
    """Return why this person judges none of what is said of these officials (ids), or ""."""
    if not ConflictOfInterest.objects.open().filter(person=person).exists():
        return ""
    faults = (fault for one in officials for fault in conflict_faults(official=one, by=person))
    return next((str(fault) for fault in faults), "")
