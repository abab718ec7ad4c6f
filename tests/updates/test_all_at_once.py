"""Whoever publishes too early hears at once of all that is missing."""

from datetime import timedelta

import pytest

from promises.accounts.models import User
from promises.common.refusals import SeveralFaults
from promises.editorial.actions import WrongState
from promises.editorial.choices import State
from promises.ledger.models import Entry
from promises.officials.actions import HasConflict, declare_conflict
from promises.updates import actions, standing
from tests import record

pytestmark = pytest.mark.django_db
TOMORROW = (record.NOW + timedelta(days=1)).date()
APPROVALS = "2 more people must approve this first."
PLEDGE = "Publish the pledge before a status update of it."
DAYS = (
    "A status update speaks of days that are over. Publish it once the days on which it takes"
    " effect and was assessed are here, or send it back and correct them."
)
SOURCE = (
    "Kept and broken need a primary record or an independent source: a memo, filing, law, official"
    " data, or someone who is neither the office nor its opponent."
)
COPY = (
    "Kept and broken need a copy of every source. There is none of “A speech”. Capture it or upload"
    " a file on the page of the evidence; if there can be none, waive it there and say why: readers"
    " see the reason."
)
STANDING = (
    "A standing pledge is kept only once the term is over. Until then rate it in the works: readers"
    " see “holding so far”."
)
CRITERIA = "Write the criteria of the pledge before its first status update."


def test_all_that_is_missing_is_told_once_in_the_order_of_the_page(author: User) -> None:
    pledge = record.draft_pledge(by=author, kind="standing")
    pledge.criteria.all().delete()
    cited = record.evidence(
        by=author, about=pledge, title="A speech", kind="statement", provenance="self_reported"
    )
    update = record.draft_update(
        by=author, of=pledge, cited=cited, status="kept", effective_on=TOMORROW,
        assessed_on=TOMORROW, has_copy=False,
    )  # fmt: skip
    update = actions.submit_status_update(update=update, by=author, now=record.NOW)
    place = pledge.term.office.jurisdiction if pledge.term else None
    assert place is not None
    declare_conflict(
        person=author, jurisdiction=place, nature="Worked there.", by=author, now=record.NOW
    )
    conflict = (
        f"{author} has declared a conflict of interest in {place}. Send this back: an approval is"
        " given anew by someone else, a text of theirs is written anew."
    )
    publisher, editions = record.user("publisher"), Entry.objects.count()
    with pytest.raises(SeveralFaults) as error:
        actions.publish_status_update(update=update, by=publisher, now=record.NOW)
    beside = [PLEDGE, DAYS, SOURCE, COPY, STANDING, CRITERIA]
    faults = [APPROVALS, *beside, conflict]
    assert [str(fault) for fault in error.value.faults] == faults
    assert str(error.value) == " ".join(faults)
    # The page says the same before anybody presses the button.
    assert standing.missing_before_publication(update, record.NOW) == [APPROVALS, *beside]
    assert [type(fault) for fault in error.value.faults] == [
        standing.NotEnoughApprovals, standing.NotYetPossible, standing.NotYetPossible,
        standing.EvidenceMissing, standing.SourcesNotSecured, standing.NotYetPossible,
        standing.NotYetPossible, HasConflict,
    ]  # fmt: skip
    update.refresh_from_db()
    assert (update.state, Entry.objects.count()) == (State.IN_REVIEW, editions)


def test_where_one_thing_is_missing_it_is_named_by_itself(author: User) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author))
    # In another state nothing else is to be said.
    with pytest.raises(WrongState):
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    update = actions.submit_status_update(update=update, by=author, now=record.NOW)
    with pytest.raises(standing.NotEnoughApprovals) as error:
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    assert str(error.value) == "1 more person must approve this first."
    update.refresh_from_db()
    assert update.state == State.IN_REVIEW
