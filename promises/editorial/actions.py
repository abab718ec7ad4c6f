from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import TypeVar

from django.db.models import Model

from promises.accounts.models import User
from promises.common.prepared import Prepared
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial.checks import clean
from promises.editorial.choices import State
from promises.editorial.models import Editorial, UnsavedWork, Versioned
from promises.editorial.rules import (
    KEPT_FOR,
    LARGEST_WORK,
    SESSIONS_KEPT,
    Fields,
    kept_fields,
    size,
)

Record = TypeVar("Record", bound=Editorial)
AnyRow = TypeVar("AnyRow", bound=Versioned)


class WrongState(Refused):
    """The record is not in a state from which this step is possible."""


class NoReason(Refused):
    """This step needs a reason in words."""


class Gone(Refused):
    """Someone has removed the row after it was read."""


def locked(record: AnyRow) -> AnyRow:
    """Return the row as it now stands in the database, locked until the transaction ends.

    Others may still point new rows at it: they look at its key while they hold the ledger, and
    whoever holds the row may be waiting for that. Raises Gone when there is none any more.
    """
    for stored in _locking(type(record))(record.pk):
        return stored  # type: ignore[no-any-return]
    raise Gone("Someone else removed this after you opened it. Nothing has been saved.")


@cache
def _locking(model: type[Versioned]) -> Prepared:
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    return Prepared(lambda pk: rows.filter(pk=pk).order_by(), is_planned=False)


@cache
def _versions(model: type[Versioned]) -> Prepared:
    rows = model._default_manager.values_list("version", flat=True)
    return Prepared(lambda pk: rows.filter(pk=pk).order_by(), is_planned=False)


class NameStays(Refused):
    """Links from outside, and copies of the record, know the row by the name that it has."""


class EditedMeanwhile(Refused):
    """The row was saved after this one was read. `stored` is how it stands now."""

    def __init__(self, stored: Model) -> None:
        words = (
            "Someone else saved this after you opened it. Yours is not saved yet: compare the two"
            " and save again. What you replace stays in the history."
        )
        # A login and a group keep no history: nobody knows who it was.
        if not isinstance(stored, Versioned):
            words = (
                "This was saved after you opened it, by someone else or by you in another window."
                " Yours is not saved yet: compare the two and save again."
            )
        super().__init__(words)
        self.stored = stored


class UnknownVersion(EditedMeanwhile):
    """The save does not say which version of the row it was made from."""

    def __init__(self, stored: Model) -> None:
        super().__init__(stored)
        self.args = (
            "The page that was sent does not say which version of the record it was made from."
            " Nothing has been saved. Compare the two and save again.",
        )


def require_seen(stored: Versioned, version: int | None) -> None:
    """Raise EditedMeanwhile unless this is the version that now stands; None is not known."""
    if version is None:
        raise UnknownVersion(stored)
    if stored.version != version:
        raise EditedMeanwhile(stored)


def store(row: Versioned, *, fields: Collection[str] | None = None) -> None:
    """Validate a row and save it, or these fields of it, over the version it was read from.

    A row of version 0 does not know what it was read from. Afterwards the row carries its new
    version. Raises ValidationError, EditedMeanwhile, UnknownVersion, NameStays.
    """
    stored = None if row.pk is None else locked(row)
    if stored is not None:
        require_seen(stored, row.version or None)
        _require_same_name(stored, row)
    clean(row)
    row.save(update_fields=None if stored is None else _changed(stored, row, fields))
    _read_version(row)


def _require_same_name(stored: Versioned, row: Versioned) -> None:
    """Raise NameStays where a row that others know would get another name."""
    renamed = [
        field
        for field in map(row._meta.get_field, row.known_by)
        if getattr(stored, field.attname) != getattr(row, field.attname)  # type: ignore[union-attr]
    ]
    if renamed and stored.is_known:
        known = ", ".join(str(getattr(stored, name)) for name in stored.known_by)
        raise NameStays(
            f"Links from outside, and copies of the record, know this as “{known}”. It keeps that"
            " name. Nothing has been saved."
        )


def _changed(stored: Versioned, row: Versioned, fields: Collection[str] | None) -> list[str]:
    """Return those of the fields (None: all) of which the row has other values than stored.

    A write that names a key, even the same one, locks the row against everyone who points at it.
    Two who publish would then wait for each other: one for the ledger, one for the row.
    """
    columns = [
        column
        for column in row._meta.concrete_fields
        if not column.primary_key and (fields is None or column.name in fields)
    ]
    return [
        column.name
        for column in columns
        if getattr(stored, column.attname) != getattr(row, column.attname)
    ]


def move(row: Versioned, *fields: str) -> None:
    """Save these fields of a locked row, which then carries its new version."""
    row.save(update_fields=fields)
    _read_version(row)


def _read_version(row: Versioned) -> None:
    """Let a row that was just saved know the number that the database gave this version."""
    (row.version,) = _versions(type(row))(row.pk)


def require_state(record: Editorial, *states: State) -> None:
    """Raise WrongState unless the record is in one of these states."""
    require_states([record], *states)


def require_states(records: Iterable[Editorial], *states: State) -> None:
    """Raise WrongState, which names each record that is in none of these states."""
    wanted = " or ".join(state.label.lower() for state in states)
    faults = {
        record.pk: f"This is {record.get_state_display()}; it must be {wanted} for that."
        for record in records
        if record.state not in states
    }
    if faults:
        raise WrongState(next(iter(faults.values())), rows=faults)


@write
def submit(*, record: Record, by: User, now: datetime) -> Record:
    """Hand a draft to a second person. Raises WrongState unless it is a draft."""
    record = locked(record)
    require_state(record, State.DRAFT)
    record.state, record.submitted_by, record.submitted_at = State.IN_REVIEW, by, now
    move(record, "state", "submitted_by", "submitted_at")
    return record


@write
def send_back(*, record: Record, by: User, now: datetime) -> Record:
    """Make a record in review a draft again. Callers keep the reason. Raises WrongState."""
    record = locked(record)
    require_state(record, State.IN_REVIEW)
    record.state = State.DRAFT
    move(record, "state")
    return record


@write
def delete_draft(*, record: Record, by: User, now: datetime) -> None:
    """Remove a draft that was never public. Raises WrongState, and ProtectedError while used."""
    record = locked(record)
    require_state(record, State.DRAFT)
    record.delete()


@write
def publish(*, record: Record, by: User, now: datetime) -> Record:
    """Make a draft or a reviewed record public. Callers write the ledger entry."""
    record = locked(record)
    require_state(record, State.DRAFT, State.IN_REVIEW)
    record.state, record.published_by, record.published_at = State.PUBLISHED, by, now
    move(record, "state", "published_by", "published_at")
    return record


@write
def retract(*, record: Record, reason: str, by: User, now: datetime) -> Record:
    """Withdraw a published record, with a reason. Callers write the tombstone in the ledger."""
    if not reason.strip():
        raise NoReason("Say why it is withdrawn: readers will see the reason.")
    record = locked(record)
    require_state(record, State.PUBLISHED)
    record.state, record.retracted_by, record.retracted_at = State.RETRACTED, by, now
    record.retraction_reason = reason.strip()
    move(record, "state", "retracted_by", "retracted_at", "retraction_reason")
    return record


class TooMuchToKeep(Refused):
    """More was typed on one page than is kept without saving."""


@write
def keep_unsaved(
    *,
    table: str,
    object_id: str,
    session: str,
    fields: Fields,
    seen_version: int | None,
    by: User,
    now: datetime,
) -> UnsavedWork:
    """Keep what `by` has typed on a page and not saved: one row a session, written over.

    Whoever calls it has asked whether `by` may edit the record. Raises TooMuchToKeep.
    """
    fields = kept_fields(fields)
    if size(fields) > LARGEST_WORK:
        raise TooMuchToKeep("This is too long to be kept without saving. Save it.")
    work = UnsavedWork(
        typed_by=by,
        table=table,
        object_id=object_id,
        session=session,
        fields=fields,
        seen_version=seen_version,
        begun_at=now,
        typed_at=now,
    )
    UnsavedWork.objects.bulk_create(
        [work],
        update_conflicts=True,
        unique_fields=["typed_by", "table", "object_id", "session"],
        update_fields=["fields", "seen_version", "typed_at"],
    )
    mine = UnsavedWork.objects.of(by).on(table, object_id)
    UnsavedWork.objects.filter(pk__in=mine.values_list("pk", flat=True)[SESSIONS_KEPT:]).delete()
    return work


@write
def discard_unsaved(
    *, table: str, object_id: str, sessions: Collection[str], by: User, now: datetime
) -> int:
    """Forget what `by` typed in these sessions of a page; return how many there were."""
    mine = UnsavedWork.objects.of(by).filter(table=table, object_id=object_id)
    return mine.filter(session__in=sessions).delete()[0]


@write
def forget_unsaved(*, by: User, now: datetime) -> int:
    """Forget what nobody has taken up in KEPT_FOR; return how many sessions that were."""
    return UnsavedWork.objects.all().older_than(KEPT_FOR, now).delete()[0]
