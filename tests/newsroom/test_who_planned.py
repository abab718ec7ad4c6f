"""Whose plan is carried out: who could still press the button, for a rating nobody has to doubt."""

from typing import Any

import pytest

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.editorial.choices import State
from promises.ledger.chain import current_edition
from promises.newsroom.publishing import PublishedDue, publish_due
from promises.officials.actions import declare_conflict
from promises.updates.actions import approve_status_update, submit_status_update
from tests import record
from tests.newsroom.conftest import HOUR, NOW, draft
from tests.newsroom.test_publishing import outcomes, plan

pytestmark = pytest.mark.django_db


def test_nobody_publishes_in_the_name_of_someone_who_is_no_editor_any_more(
    author: User, editor: User, clock: User
) -> None:
    write_roles(by=editor, now=NOW)
    given: dict[str, Any] = {"reason": "Works here.", "by": editor, "now": NOW}
    planner = record.user("planner")
    give_role(person=planner, role="editor", **given)
    pieces = [draft("evidence", author), draft("evidence", author)]
    for hours, piece in enumerate(pieces, start=1):
        plan(piece, User.objects.get(pk=planner.pk), hours * HOUR)
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(published=1)
    give_role(person=planner, role="researcher", **given)
    edition = current_edition()
    assert publish_due(by=clock, now=NOW + 2 * HOUR) == PublishedDue(set_aside=1)
    words = "Planner, who planned this, may no longer publish it. Someone else plans it."
    assert outcomes() == [("published", ""), ("set_aside", words)]
    pieces[1].refresh_from_db()
    assert (pieces[1].state, current_edition()) == (State.DRAFT, edition)


def test_a_conflict_declared_since_by_who_approved_sets_it_aside(
    author: User, editor: User, clock: User
) -> None:
    update = record.draft_update(by=author, of=record.pledge(by=author, now=NOW), now=NOW)
    update = submit_status_update(update=update, by=author, now=NOW)
    approver = record.user("approver")
    approve_status_update(update=update, by=approver, now=NOW)
    plan(update, editor)
    place = update.pledge.term.office.jurisdiction
    declare_conflict(person=approver, jurisdiction=place, nature="Kin.", by=approver, now=NOW)
    edition = current_edition()
    assert publish_due(by=clock, now=NOW + HOUR) == PublishedDue(set_aside=1)
    ((outcome, reason),) = outcomes()
    assert (outcome, "Approver" in reason, str(place) in reason) == ("set_aside", True, True)
    update.refresh_from_db()
    assert (update.state, current_edition()) == (State.IN_REVIEW, edition)
