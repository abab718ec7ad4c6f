"""Steps for many rows at once: first a page of what would happen, then all of them or none.

The page and the act run the same action; for the page it is rolled back. So a row is refused on
the page exactly when the act would refuse it, and for the same reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib.admin.utils import display_for_field
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.desk.amounts import counted
from promises.desk.saving.once import DoneAlready
from promises.desk.saving.refusals import REFUSALS, spoken
from promises.desk.saving.steps import Step, keep_in_log
from promises.pledges.actions import lock_pledges
from promises.pledges.models import Pledge

# More rows than this are not decided in one go.
BATCH_LIMIT = 500
# A page of what would happen can be confirmed for this many seconds.
_CONFIRMED_WITHIN = 24 * 60 * 60
# Not the name of the module: forms that are open stay good where this file moves.
_SALT = "promises.desk.batches"
# The batches that a session has done last, so that a form sent twice is told so.
_DONE, _REMEMBERED = "batches_done", 50


class ChangedMeanwhile(Refused):
    """A row is no longer as the page of what would happen showed it."""


@dataclass(frozen=True)
class Line:
    """One row of a batch: its name, what would happen to it, or why nothing can."""

    pk: int
    name: str
    changes: tuple[tuple[str, str, str], ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Batch:
    """A step for many rows, as a person was shown it: its rows, and how each stood then."""

    step: str
    # Primary key → what the row was made of.
    seen: dict[int, str]
    number: str

    def signed(self) -> str:
        """Return it as a form carries it: only what was shown can be confirmed."""
        body = {"step": self.step, "seen": list(self.seen.items()), "number": self.number}
        return signing.dumps(body, salt=_SALT, compress=True)


def read_batch(written: str, step: Step) -> Batch | None:
    """Return the batch that a form carries, if it was shown for this step."""
    try:
        body = signing.loads(written, salt=_SALT, max_age=_CONFIRMED_WITHIN)
    except signing.BadSignature:
        return None
    if body["step"] != step.name:
        return None
    return Batch(body["step"], dict(body["seen"]), body["number"])


def preview(
    admin: Any, request: HttpRequest, step: Step, rows: Sequence[Any], **given: Any
) -> list[Line]:
    """Return what the step would do to each of these rows, the refused ones first.

    Takes the step and takes it back. An action for many rows is asked once, and once more
    without the rows it refuses; where a step is an action for one row, each is asked by itself.
    Raises what is refused for no row's sake: an answer is at fault.
    """
    before = {row.pk: _shown(admin, row) for row in rows}
    names = {row.pk: admin.name_of(row) for row in rows}
    with _taken_back():
        lock_pledges(step.pledges(rows))
        faults = _try(step, sorted(rows, key=lambda row: row.pk), **given)
        stored = admin.get_queryset(request).filter(pk__in=before)
        after = {row.pk: _shown(admin, row) for row in stored}
    lines = [
        Line(
            pk,
            names[pk],
            tuple(
                (label, was, new)
                for (label, was), (_label, new) in zip(shown, after.get(pk, shown), strict=True)
                if was != new
            ),
            faults.get(pk, ""),
        )
        for pk, shown in before.items()
    ]
    return sorted(lines, key=lambda line: not line.refused)


def new_batch(step: Step, rows: Iterable[Any]) -> Batch:
    """Return a batch of these rows as they now stand."""
    return Batch(
        step.name, {row.pk: _made_of(row, step.looks_at(row)) for row in rows}, uuid4().hex
    )


def confirm(
    admin: Any, request: HttpRequest, step: Step, batch: Batch, person: User, **given: Any
) -> list[Any]:
    """Take a step for all rows of a batch as they were shown, once; return these rows.

    Raises ChangedMeanwhile, DoneAlready and whatever the action refuses; then nothing changed.
    """
    answers = {name: value for name, value in given.items() if name != "now"}
    with transaction.atomic():
        rows = _locked(admin, request, step, batch)
        if batch.number in _done_by(request):
            raise DoneAlready
        _require_unchanged(step, batch, rows)
        _act(step, rows, by=person, **given)
        keep_in_log(step, rows, person, answers)
        # Kept in the same transaction: whoever waits for these rows reads it next.
        request.session[_DONE] = [*_done_by(request), batch.number][-_REMEMBERED:]
        request.session.save()
    return rows


def done_in_words(step: Step, model: Any, count: int) -> str:
    """Return what to tell the person afterwards."""
    return f"{step.done}: {counted(model, count)}"


def refused_in_words(admin: Any, request: HttpRequest, error: Exception) -> str:
    """Return why a batch was refused as a whole, with the names of the rows that caused it."""
    rows = getattr(error, "rows", {})
    if not rows:
        return " ".join(spoken(error).messages)
    first = list(rows.items())[:5]
    found = admin.get_queryset(request).filter(pk__in=[pk for pk, _reason in first])
    named = {row.pk: admin.name_of(row) for row in found}
    reasons = [f"{named.get(pk, pk)}: {reason}" for pk, reason in first]
    more = len(rows) - len(reasons)
    if more:
        reasons.append(_("and %(more)d more") % {"more": more})
    return _("Nothing has changed. %(reasons)s") % {"reasons": "; ".join(reasons)}


def _try(step: Step, rows: list[Any], **given: Any) -> dict[int, str]:
    """Take a step as far as it goes; return which rows were refused and why."""
    if not step.is_set_based:
        return _try_each(step, rows, **given)
    faults: dict[int, str] = {}
    while left := [row for row in rows if row.pk not in faults]:
        try:
            with transaction.atomic():
                step.act(left, **given)
            break
        except REFUSALS as error:
            named = getattr(error, "rows", {})
            if not named.keys() & {row.pk for row in left}:
                # It is not about a row: an answer is at fault.
                raise
            faults |= named
    return faults


def _act(step: Step, rows: list[Any], **given: Any) -> None:
    """Take a step for all rows. A refusal names the row it comes from."""
    if step.is_set_based:
        step.act(rows, **given)
        return
    for row in rows:
        try:
            step.act([row], **given)
        except REFUSALS as error:
            words = " ".join(spoken(error).messages)
            raise Refused(words, rows={row.pk: words}) from error


def _try_each(step: Step, rows: list[Any], **given: Any) -> dict[int, str]:
    """Take a step row by row; return which rows were refused and why."""
    faults = {}
    for row in rows:
        try:
            with transaction.atomic():
                step.act([row], **given)
        except REFUSALS as error:
            faults[row.pk] = " ".join(spoken(error).messages)
    return faults


class _Back(Exception):  # noqa: N818 -- no error: the way out of a trial
    """Ends a trial, and with it whatever it wrote and would have told others."""


@contextmanager
def _taken_back() -> Iterator[None]:
    """Roll back whatever is written inside."""
    with suppress(_Back), transaction.atomic():
        yield
        raise _Back


def _shown(admin: Any, row: Any) -> list[tuple[str, str]]:
    """Return the fields that a preview shows, each with its value in words."""
    found = []
    for name, label in admin.preview_fields:
        field, value = row._meta.get_field(name), getattr(row, name)
        if field.is_relation:
            words = "—" if value is None else str(value)
        else:
            words = str(display_for_field(value or None, field, "—"))
        found.append((str(label), words))
    return found


def _made_of(row: Any, pledge: Pledge | None) -> str:
    """Return a digest of all columns of a row, derived ones included, and of what is looked at."""
    values = [repr(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    values += [repr(pledge.edition)] if pledge else []
    return sha256("\n".join(values).encode()).hexdigest()[:16]


def _locked(admin: Any, request: HttpRequest, step: Step, batch: Batch) -> list[Any]:
    """Return the rows of a batch, locked after their pledges and in one order."""
    rows = admin.get_queryset(request).filter(pk__in=batch.seen).order_by("pk")
    lock_pledges(step.pledges(list(rows)))
    return list(rows.select_for_update(of=("self",), no_key=True))


def _require_unchanged(step: Step, batch: Batch, rows: Sequence[Any]) -> None:
    """Raise ChangedMeanwhile, which names each row that is not as it was shown."""
    stands = {row.pk: _made_of(row, step.looks_at(row)) for row in rows}
    changed = {
        pk: _("It was changed after you saw the preview.")
        if pk in stands
        else _("It is no longer there.")
        for pk, stood in batch.seen.items()
        if stands.get(pk) != stood
    }
    if changed:
        raise ChangedMeanwhile(next(iter(changed.values())), rows=changed)


def _done_by(request: HttpRequest) -> list[str]:
    """Return the batches that this session has done, as the database has them now."""
    stored = type(request.session)(request.session.session_key)
    return list(stored.get(_DONE, []))
