"""Reads every stored file again, for copies rot on disks too; removes what is left half written."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from promises.accounts.models import User
from promises.captures.choices import Damage
from promises.captures.models import StoredFile
from promises.captures.store import NotStored, is_whole, the_store
from promises.common.writes import write

logger = logging.getLogger(__name__)

# Files read between two notes.
BATCH = 100
# Nobody writes a file for so long: whoever began it is dead.
DEAD_AFTER = timedelta(days=1)


@dataclass
class Scrubbed:
    """What a scrub read and found, and how many half written files it removed."""

    read: int = 0
    damaged: int = 0
    parts: int = 0


def scrub(*, by: User, clock: Callable[[], datetime]) -> Scrubbed:
    """Read each file that was stored before now, the longest unread first, and note what is wrong.

    What writers that died a day ago left half written is removed. A killed scrub goes on where it
    was: what it has read counts as read.
    """
    done, began_at = Scrubbed(), clock()
    done.parts = the_store().remove_parts(began_at - DEAD_AFTER)
    while files := list(StoredFile.objects.unread_since(began_at)[:BATCH]):
        found = {file.sha256: _damage(file.sha256) for file in files}
        note_scrubbed(found=found, by=by, now=max(clock(), began_at))
        bad = [f"{name} ({damage})" for name, damage in found.items() if damage]
        done.read += len(found)
        done.damaged += len(bad)
        _say(bad)
    return done


@write
def note_scrubbed(*, found: Mapping[str, str], by: User, now: datetime) -> None:
    """Note which files were read, and what is wrong with each ("" for nothing).

    The first moment of a damage stays; a file that is whole again is no longer damaged.
    """
    whole = [name for name, damage in found.items() if not damage]
    StoredFile.objects.filter(pk__in=found).update(last_verified_at=now)
    StoredFile.objects.damaged().filter(pk__in=whole).update(damaged_at=None, damage="")
    for kind in Damage.values:
        names = [name for name, damage in found.items() if damage == kind]
        sound = StoredFile.objects.filter(pk__in=names).exclude(damage=kind)
        sound.update(damaged_at=now, damage=kind)


def _damage(name: str) -> str:
    """Return what is wrong with a file, or ""."""
    try:
        return "" if is_whole(name) else Damage.CHANGED
    except NotStored:
        return Damage.MISSING


def _say(bad: Sequence[str]) -> None:
    if bad:
        logger.error("Stored files are damaged: %s", ", ".join(bad))
