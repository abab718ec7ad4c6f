"""Reads every stored file again: copies rot on disks too."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from promises.accounts.models import User
from promises.captures.choices import Damage
from promises.captures.following import note_scrubbed
from promises.captures.models import StoredFile
from promises.captures.store import NotStored, is_whole

logger = logging.getLogger(__name__)

# Files read between two notes.
BATCH = 100


@dataclass
class Scrubbed:
    """What a scrub read and found."""

    read: int = 0
    damaged: int = 0


def scrub(*, by: User, clock: Callable[[], datetime]) -> Scrubbed:
    """Read each file that was stored before now, the longest unread first, and note what is wrong.

    A killed scrub goes on where it was: what it has read counts as read.
    """
    done, began_at = Scrubbed(), clock()
    while files := list(StoredFile.objects.unread_since(began_at)[:BATCH]):
        found = {file.sha256: _damage(file.sha256) for file in files}
        note_scrubbed(found=found, by=by, now=max(clock(), began_at))
        bad = [f"{name} ({damage})" for name, damage in found.items() if damage]
        done.read += len(found)
        done.damaged += len(bad)
        _say(bad)
    return done


def _damage(name: str) -> str:
    """Return what is wrong with a file, or ""."""
    try:
        return "" if is_whole(name) else Damage.CHANGED
    except NotStored:
        return Damage.MISSING


def _say(bad: Sequence[str]) -> None:
    if bad:
        logger.error("Stored files are damaged: %s", ", ".join(bad))
