"""What else happens when the record changes: the one place where lower steps reach upper ones."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def pledges_published(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "published", in the caller's transaction."""
    _run(settings.PLEDGE_EFFECTS["published"], pledge_ids=pledge_ids, by=by, now=now)


def pledges_changed(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "changed", in the caller's transaction."""
    _run(settings.PLEDGE_EFFECTS["changed"], pledge_ids=pledge_ids, by=by, now=now)


def told_with_pledges(pledge_ids: Collection[int]) -> set[int]:
    """Return the pledges the ledger hears of when these become public: lock them all first.

    As the functions say that settings.PLEDGE_EFFECTS lists under "tells of".
    """
    return _found(settings.PLEDGE_EFFECTS["tells of"], pledge_ids)


def told_with_evidence(evidence_ids: Collection[int]) -> set[int]:
    """Return the pledges the ledger hears of when this evidence becomes public: lock them first.

    As the functions say that settings.EVIDENCE_EFFECTS lists under "tells of".
    """
    return _found(settings.EVIDENCE_EFFECTS["tells of"], evidence_ids)


def evidence_published(*, evidence_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.EVIDENCE_EFFECTS lists under "published", in the caller's transaction."""
    _run(settings.EVIDENCE_EFFECTS["published"], evidence_ids=evidence_ids, by=by, now=now)


def evidence_retracted(
    *, evidence_ids: Collection[int], reason: str, by: Any, now: datetime
) -> None:
    """Run what settings.EVIDENCE_EFFECTS lists under "retracted", in the caller's transaction."""
    given = {"evidence_ids": evidence_ids, "reason": reason, "by": by, "now": now}
    _run(settings.EVIDENCE_EFFECTS["retracted"], **given)


def _found(reads: Sequence[str], ids: Collection[int]) -> set[int]:
    """Return the ids that the reads listed for an event find together."""
    return {found for path in reads for found in import_string(path)(ids)}


def _run(actions: Sequence[str], **arguments: Any) -> None:
    """Call the actions listed for an event, in order."""
    for path in actions:
        import_string(path)(**arguments)
