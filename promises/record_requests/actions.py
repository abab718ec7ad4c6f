"""Requests for records: written, linked and published. What came of them follows elsewhere."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.effects import pledges_changed
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial import actions as editorial
from promises.editorial.choices import State
from promises.ledger.actions import record_rows, record_tombstones
from promises.ledger.chain import is_told_of
from promises.pledges.actions import locked_with_pledges
from promises.record_requests import columns
from promises.record_requests.choices import DueBasis
from promises.record_requests.models import (
    Extension,
    RecordRequest,
    RecordsLaw,
    RequestDocument,
    RequestPledge,
)


class AboutNoPledge(Refused):
    """A request is published beside a pledge that readers can see."""


@write
def save_records_law(*, law: RecordsLaw, by: User, now: datetime) -> RecordsLaw:
    """Save a law; it is public at once. Raises ValidationError."""
    editorial.store(law)
    record_rows(table=columns.RECORDS_LAWS, ids=[law.pk], verb="saved", by=by, now=now)
    return law


@write
def save_record_request(*, record_request: RecordRequest, by: User, now: datetime) -> RecordRequest:
    """Save the content of a request that is not published; a new one is a draft.

    Raises WrongState, NotCounted, ValidationError.
    """
    if record_request.pk is None:
        record_request.created_by, record_request.created_at = by, now
    else:
        stored = editorial.locked(record_request)
        editorial.require_state(stored, State.DRAFT, State.IN_REVIEW)
    if record_request.due_basis == DueBasis.COUNTED:
        law, filed_on = record_request.law, record_request.filed_on
        record_request.due_by_law_on = law.counted_due(filed_on) if law else None
    elif record_request.due_basis == DueBasis.NONE:
        record_request.due_by_law_on = None
    editorial.store(record_request)
    record_request.refresh_from_db(fields=["answer_due_on", "next_due_on"])
    return record_request


@write
def save_request_pledge(*, link: RequestPledge, by: User, now: datetime) -> RequestPledge:
    """Say that a request is about a pledge. Raises ValidationError."""
    # The others too: what is told of the request below names each of its pledges.
    locked_request(link.record_request, link.pledge_id)
    link.full_clean()
    link.save(force_insert=True)
    if RequestPledge.objects.published().filter(pk=link.pk).exists():
        # It may be the only pledge that lets readers see the request.
        _record_all(link.record_request, verb="saved", by=by, now=now)
        pledges_changed(pledge_ids=[link.pledge_id], by=by, now=now)
    return link


@write
def delete_request_pledge(*, link: RequestPledge, by: User, now: datetime) -> None:
    """Take a pledge off a request that is not published. Raises WrongState."""
    stored = locked_request(link.record_request)
    editorial.require_state(stored, State.DRAFT, State.IN_REVIEW)
    link.delete()


@write
def save_request_document(*, link: RequestDocument, by: User, now: datetime) -> RequestDocument:
    """Say that a piece of evidence came of a request. Raises ValidationError."""
    locked_request(link.record_request)
    link.full_clean()
    editorial.locked(link.evidence)
    link.save(force_insert=True)
    _tell_of_document(link, by=by, now=now)
    return link


@write
def delete_request_document(*, link: RequestDocument, reason: str, by: User, now: datetime) -> None:
    """Say that a piece of evidence did not come of a request; a tombstone stays of what was told.

    Also while the request is hidden with its pledges: a public pledge brings it back. Raises
    NoReason.
    """
    if not reason.strip():
        raise editorial.NoReason(_("Say why this evidence did not come of the request."))
    locked_request(link.record_request)
    table = columns.RECORD_REQUEST_DOCUMENTS
    if is_told_of(table, link.pk):
        record_tombstones(table=table, ids=[link.pk], reason=reason.strip(), by=by, now=now)
    link.delete()


@write
def publish_record_request(
    *, record_request: RecordRequest, by: User, now: datetime
) -> RecordRequest:
    """Make a request public on the pages of its pledges. Raises WrongState, AboutNoPledge."""
    locked_request(record_request)
    published = editorial.publish(record=record_request, by=by, now=now)
    if not RecordRequest.objects.published().filter(pk=published.pk).exists():
        raise AboutNoPledge("Say which published pledge it is about: readers find it there.")
    _record_all(published, verb="published", by=by, now=now)
    about = published.request_pledges.values_list("pledge_id", flat=True)
    pledges_changed(pledge_ids=about, by=by, now=now)
    return published


@write
def retract_record_request(
    *, record_request: RecordRequest, reason: str, by: User, now: datetime
) -> RecordRequest:
    """Withdraw the record of a request from the public. Raises WrongState, NoReason."""
    locked_request(record_request)
    retracted = editorial.retract(record=record_request, reason=reason, by=by, now=now)
    links = retracted.request_pledges.all()
    for table, ids in (
        (columns.RECORD_REQUESTS, [retracted.pk]),
        (columns.RECORD_REQUEST_PLEDGES, links.values_list("pk", flat=True)),
    ):
        record_tombstones(table=table, ids=ids, reason=reason, by=by, now=now)
    pledges_changed(pledge_ids=links.values_list("pledge_id", flat=True), by=by, now=now)
    return retracted


@write
def record_requests_of(*, pledge_ids: Collection[int], by: User, now: datetime) -> None:
    """Write the requests that newly public pledges let readers see (settings.PLEDGE_EFFECTS)."""
    of_pledges = RecordRequest.objects.published().filter(request_pledges__pledge__in=pledge_ids)
    for record_request in of_pledges.order_by("pk").distinct():
        _record_all(record_request, verb="published", by=by, now=now)


@write
def record_documents_of(*, evidence_ids: Collection[int], by: User, now: datetime) -> None:
    """Write which requests newly public evidence came of (settings.EVIDENCE_EFFECTS)."""
    links = RequestDocument.objects.published().filter(evidence__in=evidence_ids)
    ids = links.values_list("pk", flat=True)
    table = columns.RECORD_REQUEST_DOCUMENTS
    record_rows(table=table, ids=ids, verb="published", by=by, now=now)


def locked_request(record_request: RecordRequest, *others: int) -> RecordRequest:
    """Return the request as it stands, locked after its pledges and these others."""
    links = RequestPledge.objects.filter(record_request=record_request)
    pledges = links.values_list("pledge_id", flat=True)
    stored, _pledges = locked_with_pledges(record_request, lambda: {*others, *pledges.all()})
    return stored


@write
def tell_of_request(*, record_request: RecordRequest, by: User, now: datetime) -> None:
    """Write a public request into the ledger with its pledges, whose pages change; settle flags."""
    links = RequestPledge.objects.published().filter(record_request=record_request)
    table = columns.RECORD_REQUESTS
    record_rows(table=table, ids=[record_request.pk], verb="saved", by=by, now=now)
    table, ids = columns.RECORD_REQUEST_PLEDGES, links.values_list("pk", flat=True)
    record_rows(table=table, ids=ids, verb="saved", by=by, now=now)
    pledges_changed(pledge_ids=links.values_list("pledge_id", flat=True), by=by, now=now)


def _record_all(record_request: RecordRequest, *, verb: str, by: User, now: datetime) -> None:
    """Write a public request with all that hangs on it into the ledger."""
    record_rows(table=columns.RECORD_REQUESTS, ids=[record_request.pk], verb=verb, by=by, now=now)
    for table, rows in (
        (columns.RECORD_REQUEST_PLEDGES, RequestPledge.objects.published()),
        (columns.RECORD_REQUEST_DOCUMENTS, RequestDocument.objects.published()),
        (columns.RECORD_REQUEST_EXTENSIONS, Extension.objects.published()),
    ):
        ids = rows.filter(record_request=record_request).values_list("pk", flat=True)
        record_rows(table=table, ids=ids, verb=verb, by=by, now=now)


def _tell_of_document(link: RequestDocument, *, by: User, now: datetime) -> None:
    if RequestDocument.objects.published().filter(pk=link.pk).exists():
        table = columns.RECORD_REQUEST_DOCUMENTS
        record_rows(table=table, ids=[link.pk], verb="saved", by=by, now=now)
        tell_of_request(record_request=link.record_request, by=by, now=now)
