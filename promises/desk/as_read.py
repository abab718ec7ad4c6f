"""A step is taken on a record as the person read it, or not at all.

Each page carries the version that it shows. An approver approves what they read, not what the
author changed a second before.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from promises.common.refusals import Refused
from promises.desk.meanwhile import as_seen
from promises.desk.worded import Names, in_words, label, shown_fields
from promises.editorial.actions import locked
from promises.editorial.models import Versioned

# The field, of forms and of addresses, that carries the version a person read.
READ = "seen_version"


class ChangedSinceRead(Refused):
    """The record is no longer as the person who takes the step read it."""


@dataclass(frozen=True)
class Since:
    """One field that someone changed: as it was read, and as it now stands."""

    label: str
    was: str
    now: str


def version_of(record: Any) -> str:
    """Return the version of a record as pages carry it; "" where changes are not counted."""
    return str(record.version) if isinstance(record, Versioned) else ""


def carrying(address: str, record: Any) -> str:
    """Return an address that carries the version of the record from which it is reached."""
    version = version_of(record)
    return f"{address}?{urlencode({READ: version})}" if version else address


def require_as_read(record: Any, read: str) -> None:
    """Lock a record; raise ChangedSinceRead unless it stands at the version that was read."""
    if not isinstance(record, Versioned):
        return
    stands = str(locked(record).version)
    if not read.isdecimal():
        raise ChangedSinceRead(
            _(
                "The page that was sent does not say which version of this you read. Nothing has"
                " been done. Read it as it now stands, and decide again."
            )
        )
    if read != stands:
        raise ChangedSinceRead(
            _(
                "Someone changed this after you opened it. Nothing has been done. Read it as it"
                " now stands, and decide again."
            )
        )


def changes_since(site: AdminSite, request: HttpRequest, record: Any, read: str) -> list[Since]:
    """Return what differs between the version that was read and the record as it now stands."""
    before = as_seen(record, read) if read != version_of(record) else None
    if before is None:
        return []
    names = Names(site, request)
    fields = [
        field
        for field in shown_fields(type(record), ())
        if getattr(before, field.attname, None) != getattr(record, field.attname)
    ]
    pairs = [(field, getattr(before, field.attname, None)) for field in fields]
    for field, was in pairs:
        names.want(field, was)
        names.want(field, getattr(record, field.attname))
    names.find()
    return [
        Since(
            label(field),
            in_words(field, was, names),
            in_words(field, getattr(record, field.attname), names),
        )
        for field, was in pairs
    ]
