"""Two who write at once past the actions: what follows from both is right, whoever comes first."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError

from promises.accounts.models import User
from promises.evidence.models import EvidenceLink
from promises.updates import actions
from promises.updates.models import Citation, StatusUpdate
from tests import record
from tests.ledger.test_told_at_once import at_once
from tests.plain_role import run

pytestmark = pytest.mark.django_db(transaction=True)


def publish(update: StatusUpdate) -> None:
    run(
        "UPDATE updates_statusupdate SET state = 'published', published_at = now(),"
        " published_by_id = created_by_id WHERE id = %s",
        update.pk,
    )


def in_review(by: User, **more: object) -> StatusUpdate:
    """An update that one other person has approved."""
    update = record.draft_update(by=by, **more)  # type: ignore[arg-type]
    update = actions.submit_status_update(update=update, by=by, now=record.NOW)
    actions.approve_status_update(update=update, by=record.user(), now=record.NOW)
    return update


def refused(step: Callable[[], object], reason: str) -> Callable[[], None]:
    """Return a step that the database must refuse."""

    def run_it() -> None:
        with pytest.raises(DatabaseError, match=reason):
            step()

    return run_it


@pytest.mark.parametrize("is_newer_first", [True, False])
def test_the_status_follows_from_both_ratings(is_newer_first: bool) -> None:
    author = record.user()
    pledge = record.pledge(by=author)
    older = in_review(author, of=pledge)
    newer = in_review(author, of=pledge, status="stalled", effective_on=older.assessed_on)
    steps = [lambda: publish(newer), lambda: publish(older)]
    at_once(*(steps if is_newer_first else reversed(steps)))
    pledge.refresh_from_db()
    assert (pledge.status, pledge.status_since) == ("stalled", newer.effective_on)


def test_both_links_are_counted() -> None:
    author = record.user()
    pledge = record.pledge(by=author)
    others = [record.evidence(by=author, about=record.pledge(by=author)) for _ in range(2)]

    def link(number: int) -> Callable[[], object]:
        # Past save_evidence_link, which locks the pledge.
        return EvidenceLink(pledge=pledge, evidence=others[number], stance="supports").save

    at_once(link(0), link(1))
    pledge.refresh_from_db()
    assert pledge.supports_count == 2 == EvidenceLink.objects.filter(pledge=pledge).count()


def test_evidence_that_is_being_withdrawn_carries_no_rating() -> None:
    author = record.user()
    pledge = record.pledge(by=author)
    cited = record.evidence(by=author, about=pledge)
    update = in_review(author, of=pledge, cited=cited)

    def withdraw() -> None:
        run(
            "UPDATE evidence_evidence SET state = 'retracted', retracted_at = now(),"
            " retracted_by_id = created_by_id, retraction_reason = 'Forged.' WHERE id = %s",
            cited.pk,
        )

    at_once(
        withdraw, refused(lambda: publish(update), "A status update rests on published evidence")
    )
    update.refresh_from_db()
    pledge.refresh_from_db()
    assert (update.state, pledge.status) == ("in_review", "not_yet_rated")


def test_a_citation_that_is_being_taken_away_carries_no_rating() -> None:
    author = record.user()
    update = record.draft_update(by=author, of=record.pledge(by=author))
    other = record.user()

    def take_away() -> None:
        run("DELETE FROM updates_citation WHERE status_update_id = %s", update.pk)

    def hand_in_and_publish() -> None:
        handed = actions.submit_status_update(update=update, by=author, now=record.NOW)
        actions.approve_status_update(update=handed, by=other, now=record.NOW)
        publish(handed)

    at_once(take_away, refused(hand_in_and_publish, "A status update rests on published evidence"))
    update.refresh_from_db()
    assert (update.state, Citation.objects.count()) == ("in_review", 0)
