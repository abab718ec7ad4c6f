"""A step is taken on a record as the person read it, or not at all.

Each page carries the version that it shows. An approver approves what they read, not what the
author changed a second before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from promises.common.refusals import Refused
from promises.desk.saving.meanwhile import as_seen
from promises.desk.saving.versions import locked, version_of
from promises.desk.saving.worded import Names, in_words, label, shown_fields
from promises.pledges.models import Pledge

# The fields, of forms and of addresses, that carry the version a person read, and the edition of
# the pledge whose whole record they looked at: ratings, evidence and replies are no columns of it.
READ, LOOKED_AT = "seen_version", "seen_edition"


class ChangedSinceRead(Refused):
    """The record is no longer as the person who takes the step read it."""


@dataclass(frozen=True)
class Since:
    """One field that someone changed: as it was read, and as it now stands."""

    label: str
    was: str
    now: str


def standing(record: Any, pledge: Pledge | None) -> dict[str, str]:
    """Return what pages carry of a record, and of the pledge that is looked at with it, if any."""
    marks = {READ: version_of(record), LOOKED_AT: str(pledge.edition) if pledge else ""}
    return {name: mark for name, mark in marks.items() if mark}


def read_by(
    request: HttpRequest, stands: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return how a request read a record that stands so, and what the page of its step carries.

    Beside changed columns that page shows what they were. That something else about the pledge
    was published since it was looked at is told by a refusal, so it carries what was looked at.
    """
    is_answered = request.method == "POST"
    sent = request.POST if is_answered else request.GET
    read = {name: sent.get(name, "" if is_answered else mark) for name, mark in stands.items()}
    looked_at = {name: mark for name, mark in read.items() if name == LOOKED_AT and mark}
    return read, {**stands, **looked_at}


def carrying(address: str, marks: Mapping[str, str]) -> str:
    """Return an address that carries how the record stands from which it is reached."""
    return f"{address}?{urlencode(marks)}" if marks else address


def require_as_read(record: Any, read: Mapping[str, str], pledge: Pledge | None) -> None:
    """Lock a record; raise ChangedSinceRead unless it stands as it was read.

    The caller has locked the pledge that is looked at with it.
    """
    if version_of(record):
        _require_same(read.get(READ, ""), version_of(locked(record)))
    if pledge is not None:
        pledge.refresh_from_db(fields=["edition"])
        _require_same(read.get(LOOKED_AT, ""), str(pledge.edition))


def _require_same(read: str, stands: str) -> None:
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
