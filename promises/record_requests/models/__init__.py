from promises.record_requests.models.attached import Extension, RequestDocument, RequestPledge
from promises.record_requests.models.laws import RecordsLaw
from promises.record_requests.models.requests import DERIVED, RecordRequest

__all__ = [
    "DERIVED",
    "Extension",
    "RecordRequest",
    "RecordsLaw",
    "RequestDocument",
    "RequestPledge",
]
