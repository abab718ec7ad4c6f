"""What else happens when pledges change: the one place where lower steps reach upper ones."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def pledges_changed(*, pledge_ids: Collection[int], by: Any, now: datetime) -> None:
    """Run the actions listed in settings.PLEDGE_EFFECTS, in order, in the caller's transaction."""
    for path in settings.PLEDGE_EFFECTS:
        import_string(path)(pledge_ids=pledge_ids, by=by, now=now)
