"""Whoever declared a conflict of interest is not shown as work what others must judge."""

import pytest

from promises.accounts.models import User
from promises.officials.actions import declare_conflict, end_conflict, save_official_record
from promises.officials.models import Candidacy, Election
from promises.updates import actions
from promises.updates.models import StatusUpdate
from tests import record

pytestmark = pytest.mark.django_db


def test_what_others_must_judge_does_not_wait_for_who_has_a_conflict(
    author: User,
) -> None:
    """Of an official in office there, and of one who only sought it; until the conflict ends."""
    given = {"by": author, "now": record.NOW}
    pledge, runner, elsewhere = (record.pledge(by=author) for _ in range(3))
    assert pledge.term is not None
    vote = Election(slug="vote", office=pledge.term.office, held_on="2027-11-02", stage="general")
    save_official_record(record=vote, **given)
    save_official_record(record=Candidacy(election=vote, person=runner.person), **given)
    updates = [
        actions.submit_status_update(update=record.draft_update(of=each, **given), **given)
        for each in (pledge, runner, elsewhere)
    ]
    friend, stranger = record.user("friend"), record.user("stranger")
    conflict = declare_conflict(
        person=friend, jurisdiction=pledge.term.office.jurisdiction, nature="Kin.",
        by=friend, now=record.NOW,
    )  # fmt: skip

    def waiting(person: User) -> list[StatusUpdate]:
        return list(StatusUpdate.objects.awaiting_approval_by(person).order_by("pk"))

    assert waiting(friend) == updates[2:]
    assert waiting(stranger) == updates
    top = record.user("top", is_superuser=True)
    end_conflict(conflict=conflict, reason="No longer.", by=top, now=record.NOW)
    assert waiting(friend) == updates
