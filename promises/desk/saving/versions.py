"""Which version of a row a page shows: a number that tells later whether someone changed the row.

What people edit counts its changes itself. A login and a group do not: whoever logs in writes to
the row of their login, and a role is none of its columns. Theirs is computed from all that an
administrator decides about them.
"""

from hashlib import sha256
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model, prefetch_related_objects

from promises.accounts.models import User
from promises.common.canonical import canonical_json
from promises.common.numbers import FEW_DIGITS
from promises.editorial.actions import EditedMeanwhile, Gone, UnknownVersion
from promises.editorial.actions import locked as versioned_and_locked
from promises.editorial.models import Versioned

# Beside its columns: the rows that say what someone may do.
_RIGHTS: dict[type[Model], tuple[str, ...]] = {
    User: ("groups", "user_permissions", "partnerships"),
    Group: ("permissions",),
}
# Written when someone logs in or sets their password. No administrator's page shows or saves them.
_ITS_OWNERS = ("password", "last_login")


def version_of(record: Any) -> str:
    """Return the version of a record as pages carry it; "" where changes are not counted."""
    if isinstance(record, Versioned):
        return str(record.version)
    if type(record) not in _RIGHTS or record.pk is None:
        return ""
    columns = [
        [field.name, field.value_to_string(record)]
        for field in record._meta.concrete_fields
        if field.name not in _ITS_OWNERS
    ]
    rights = [sorted(row.pk for row in getattr(record, name).all()) for name in _rights_of(record)]
    digest = sha256(canonical_json([columns, rights]).encode()).hexdigest()
    # Never 0, which says that nobody knows the version.
    return str(int(digest, 16) % (10**FEW_DIGITS - 1) + 1)


def with_its_rights(record: Any) -> Any:
    """Read together with a login or a group what it may do: what changes later shows as changed."""
    if record is not None:
        prefetch_related_objects([record], *_rights_of(record))
    return record


def locked(record: Any) -> Any:
    """Return a row as it now stands, locked to the end of the transaction. Raises Gone."""
    if isinstance(record, Versioned):
        return versioned_and_locked(record)
    rows = type(record)._default_manager.select_for_update(no_key=True)
    stored = rows.filter(pk=record.pk).first()
    if stored is None:
        raise Gone("Someone else removed this after you opened it. Nothing has been saved.")
    return stored


def require_seen(record: Any, seen: int | None) -> None:
    """Lock a login or a group; raise EditedMeanwhile unless it stands as a page showed it.

    `seen` is the version that the page carried: UnknownVersion where it carried none.
    """
    stored = locked(record)
    if not seen:
        raise UnknownVersion(stored)
    if str(seen) != version_of(stored):
        raise EditedMeanwhile(stored)


def _rights_of(record: Any) -> tuple[str, ...]:
    return _RIGHTS[type(record)]
