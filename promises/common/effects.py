"""What else happens when pledges change: the one place where lower steps reach upper ones."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def pledges_published(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "published", in the caller's transaction."""
    _run("published", pledge_ids=pledge_ids, by=by, now=now)


def pledges_changed(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run what settings.PLEDGE_EFFECTS lists under "changed", in the caller's transaction."""
    _run("changed", pledge_ids=pledge_ids, by=by, now=now)


def _run(event: str, **arguments: Any) -> None:
    """Call the actions listed for an event, in order."""
    for path in settings.PLEDGE_EFFECTS[event]:
        import_string(path)(**arguments)
