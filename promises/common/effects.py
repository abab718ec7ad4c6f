"""What else happens when the record changes: the one place where lower steps reach upper ones."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string


def pledges_published(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "published", in the caller's transaction."""
    _run(settings.PLEDGE_EFFECTS["published"], pledge_ids=pledge_ids, by=by, now=now)


def pledges_changed(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "changed", in the caller's transaction."""
    _run(settings.PLEDGE_EFFECTS["changed"], pledge_ids=pledge_ids, by=by, now=now)


def pledges_looked_at(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "looked_at", in the caller's transaction.

    Instead of `pledges_changed`, where a person has reviewed or rated them.
    """
    _run(settings.PLEDGE_EFFECTS["looked_at"], pledge_ids=pledge_ids, by=by, now=now)


def told_with(kind: str, ids: Collection[int]) -> set[int]:
    """Return the pledges the ledger hears of when a "pledge" or "evidence" becomes public.

    Lock them before the first entry is written (settings.TOLD_WITH).
    """
    rows: Any = apps.get_model(settings.TOLD_WITH[kind])
    found: set[int] = rows.objects.told_with(ids)
    return found


def evidence_published(*, evidence_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.EVIDENCE_EFFECTS lists under "published", in the caller's transaction."""
    _run(settings.EVIDENCE_EFFECTS["published"], evidence_ids=evidence_ids, by=by, now=now)


def evidence_retracted(
    *, evidence_ids: Collection[int], reason: str, by: Any, now: datetime
) -> None:
    """Run what settings.EVIDENCE_EFFECTS lists under "retracted", in the caller's transaction."""
    given = {"evidence_ids": evidence_ids, "reason": reason, "by": by, "now": now}
    _run(settings.EVIDENCE_EFFECTS["retracted"], **given)


def login_closed(*, person_id: int, by: Any, now: datetime) -> None:
    """Run what settings.LOGIN_EFFECTS lists under "closed", in the caller's transaction."""
    _run(settings.LOGIN_EFFECTS["closed"], person_id=person_id, by=by, now=now)


def _run(actions: Sequence[str], **arguments: Any) -> None:
    """Call the actions listed for an event, in order."""
    for path in actions:
        import_string(path)(**arguments)
