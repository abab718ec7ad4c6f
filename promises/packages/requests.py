"""Requests for records that a load did not bring but changed: readers hear of those as well."""

from datetime import datetime

from promises.accounts.models import User
from promises.ledger.actions import record_rows
from promises.packages.rows import Package
from promises.packages.tables import REQUESTS
from promises.record_requests.columns import RECORD_REQUEST_PLEDGES, RECORD_REQUESTS
from promises.record_requests.models import RecordRequest, RequestPledge


def tell_of_touched_requests(package: Package, *, by: User, now: datetime) -> set[int]:
    """Write the requests on which something new hangs, and their pledges, into the ledger.

    Returns the pledges, whose pages change. What the load itself wrote is in the ledger already.
    """
    written = {
        table: [row for row in package.of(table) if row.is_written and row.pk] for table in REQUESTS
    }
    added = {row.key[0] for row in written[RECORD_REQUESTS] if row.is_new}
    changed = {row.key[0] for row in written[RECORD_REQUESTS]} - added
    grown = {
        row.values["record_request"]
        for rows in written.values()
        for row in rows
        if "record_request" in row.values
    } - added
    if not grown | changed:
        return set()
    links = RequestPledge.objects.published().filter(record_request__slug__in=grown | changed)
    told = [row.pk for row in written[RECORD_REQUEST_PLEDGES] if row.pk]
    for table, rows in (
        (RECORD_REQUESTS, RecordRequest.objects.published().filter(slug__in=grown - changed)),
        (RECORD_REQUEST_PLEDGES, links.exclude(pk__in=told)),
    ):
        ids = list(rows.values_list("pk", flat=True))
        record_rows(table=table, ids=ids, verb="saved", by=by, now=now)
    return set(links.values_list("pledge_id", flat=True))
