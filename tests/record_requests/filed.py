"""Builds requests for records under invented laws to invented offices."""

from datetime import date
from itertools import count
from typing import Any

from promises.accounts.models import User
from promises.pledges.models import Pledge
from promises.record_requests.actions import (
    publish_record_request,
    save_record_request,
    save_records_law,
    save_request_pledge,
)
from promises.record_requests.models import RecordRequest, RecordsLaw, RequestPledge
from tests.record import NOW

_number = count(1)
# A Monday.
FILED = date(2026, 3, 2)


def law(*, by: User, **more: Any) -> RecordsLaw:
    """A law that gives ten calendar days unless said otherwise."""
    number = next(_number)
    values = {
        "slug": f"example-law-{number}",
        "name": f"Example Right to Know Act {number}",
        "citation": f"Example Code {number}-101",
        "state": "PA",
        "answer_days": 10,
        **more,
    }
    return save_records_law(law=RecordsLaw(**values), by=by, now=NOW)


def draft_request(*, by: User, about: Pledge, **more: Any) -> RecordRequest:
    """A draft about one pledge, to the office of its term, under a law that counts ten days."""
    number = next(_number)
    assert about.term is not None
    values = {
        "slug": f"request-{number}",
        "office": about.term.office,
        "subject": f"Example figures {number}.",
        "filed_on": FILED,
        "filed_by": "email",
        **more,
    }
    if "law" not in values and not values.get("statute"):
        values["law"] = law(by=by)
    draft = save_record_request(record_request=RecordRequest(**values), by=by, now=NOW)
    save_request_pledge(link=RequestPledge(record_request=draft, pledge=about), by=by, now=NOW)
    return draft


def request(*, by: User, about: Pledge, **more: Any) -> RecordRequest:
    """A published request about one pledge, due on 12 March 2026 unless said otherwise."""
    draft = draft_request(by=by, about=about, **more)
    return publish_record_request(record_request=draft, by=by, now=NOW)
