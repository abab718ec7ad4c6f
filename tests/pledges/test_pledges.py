"""Pledges: whose they are, what of them may change, and who keeps their derived columns."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from promises.accounts.models import User
from promises.editorial.actions import NoReason, WrongState
from promises.ledger.models import Entry
from promises.pledges import actions
from promises.pledges.models import Criterion, Pledge
from promises.updates.actions import retract_status_update, submit_status_update
from promises.updates.correcting import correct_criterion, correct_pledge
from promises.updates.models import Correction
from tests import record

pytestmark = pytest.mark.django_db


def test_the_term_is_one_of_the_persons_own(author: User, database_refuses: Callable) -> None:
    pledge = record.pledge(by=author)
    pledge.term = record.term(by=author)
    with database_refuses("must be one of its own person"):
        correct_pledge(pledge=pledge, kind="update", note="N.", by=author, now=record.NOW)
    assert Pledge.objects.get().term != pledge.term
    assert Correction.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"status": "kept"},
        {"status_since": "2020-01-01"},
        {"last_reviewed_at": record.NOW},
        {"supports_count": 9},
        {"edition": 999},
        {"status_is_provisional": True},
    ],
)
def test_derived_columns_are_nobodys_to_write(
    author: User, database_refuses: Callable, change: dict[str, Any]
) -> None:
    pledge = record.pledge(by=author)
    before = Pledge.objects.values().get()
    with database_refuses("follows from its published updates"):
        Pledge.objects.filter(pk=pledge.pk).update(**change)
    assert Pledge.objects.values().get() == before


def test_a_due_date_written_by_hand_is_computed_again(author: User) -> None:
    pledge = record.pledge(by=author)
    due_on = Pledge.objects.get().review_due_on
    Pledge.objects.filter(pk=pledge.pk).update(review_due_on="2099-01-01")
    assert Pledge.objects.get().review_due_on == due_on


def test_a_new_pledge_starts_unrated_whatever_is_claimed(author: User) -> None:
    pledge = record.draft_pledge(by=author, status="kept", supports_count=7)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.supports_count) == ("not_yet_rated", 0)


def test_published_words_change_only_by_a_correction(author: User) -> None:
    pledge = record.pledge(by=author, title="Do the thing")
    edition = Entry.objects.count()
    pledge.title = "Do the other thing"
    with pytest.raises(actions.PublishedWords, match="by a correction"):
        actions.save_pledge(pledge=pledge, by=author, now=record.NOW)
    assert Pledge.objects.get().title == "Do the thing"
    assert Entry.objects.count() == edition
    correct_pledge(pledge=pledge, kind="correction", note="Misheard.", by=author, now=record.NOW)
    correction = Correction.objects.get()
    assert (correction.field, correction.old_text, correction.new_text) == (
        "title",
        "Do the thing",
        "Do the other thing",
    )
    assert Pledge.objects.get().title == "Do the other thing"
    events = Entry.objects.filter(edition__gt=edition).values_list("event", flat=True)
    assert list(events) == ["pledge:saved", "correction:saved"]


def test_a_pledge_carries_the_edition_of_its_newest_entry(author: User) -> None:
    pledge, other = record.pledge(by=author), record.pledge(by=author)
    pledge.refresh_from_db()
    newest = Entry.objects.filter(pledge=pledge.slug).latest("edition")
    assert (pledge.edition, pledge.updated_at) == (newest.edition, newest.at)
    other.refresh_from_db()
    assert other.edition == Entry.objects.latest("edition").edition


def test_criteria_are_fixed_once_the_pledge_is_rated(author: User) -> None:
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge)
    criterion = Criterion.objects.get()
    criterion.text = "Something easier."
    with pytest.raises(actions.CriteriaAreFixed):
        actions.save_criterion(criterion=criterion, by=author, now=record.NOW)
    late = Criterion(pledge=pledge, position=2, aspect="effect", text="Another test.")
    with pytest.raises(actions.CriteriaAreFixed):
        actions.save_criterion(criterion=late, by=author, now=record.NOW)
    assert Criterion.objects.get().text == "The thing is done."
    criterion.refresh_from_db()
    criterion.is_met = True
    correct_criterion(criterion=criterion, kind="update", note="So.", by=author, now=record.NOW)
    assert Criterion.objects.get().is_met is True


def test_a_withdrawn_rating_does_not_set_the_criteria_free(author: User) -> None:
    pledge = record.pledge(by=author)
    update = record.published_update(by=author, of=pledge)
    retract_status_update(update=update, reason="The memo was forged.", by=author, now=record.NOW)
    pledge.refresh_from_db()
    assert pledge.status_since is None
    criterion = Criterion.objects.get()
    criterion.text = "Something easier."
    with pytest.raises(actions.CriteriaAreFixed):
        actions.save_criterion(criterion=criterion, by=author, now=record.NOW)
    assert Criterion.objects.get().text == "The thing is done."


# Another pledge or position is another name, which a trigger of its own refuses.
FIXED = (
    "Criteria are written before the first status update and stay as they are|know this by its name"
)


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_the_database_keeps_the_criteria_of_a_rated_pledge(
    author: User, is_withdrawn: bool
) -> None:
    """Whoever writes: each column but whether it is met, another criterion, and none."""
    pledge, free = record.pledge(by=author), record.pledge(by=author)
    update = record.published_update(by=author, of=pledge)
    if is_withdrawn:
        retract_status_update(update=update, reason="It was forged.", by=author, now=record.NOW)
    rated, other = pledge.criteria, free.criteria
    changes: list[dict[str, Any]] = [
        {"text": "Easier."}, {"how_to_verify": "Ask."}, {"verdict": "broken"},
        {"aspect": "effect"}, {"position": 9}, {"pledge": free, "position": 9},
    ]  # fmt: skip
    before = list(Criterion.objects.order_by("pk").values())
    for change in changes:
        with pytest.raises(IntegrityError, match=FIXED), transaction.atomic():
            rated.update(**change)
    late = {"aspect": "effect", "text": "Another test."}
    for write in (
        lambda: Criterion.objects.create(pledge=pledge, position=2, **late),
        lambda: other.update(pledge=pledge, position=2),
        lambda: rated.all().delete(),
    ):
        with pytest.raises(IntegrityError, match=FIXED), transaction.atomic():
            write()
    assert list(Criterion.objects.order_by("pk").values()) == before
    assert rated.update(is_met=True) == 1
    assert other.update(text="Harder.") == 1
    Criterion.objects.create(pledge=free, position=2, **late)
    assert other.all().delete()[0] == 2


def test_a_rating_on_its_way_leaves_the_criteria_free(author: User) -> None:
    pledge = record.pledge(by=author)
    update = record.draft_update(by=author, of=pledge)
    submit_status_update(update=update, by=author, now=record.NOW)
    criterion = pledge.criteria.get()
    criterion.text = "Something clearer."
    correct_criterion(criterion=criterion, kind="update", note="So.", by=author, now=record.NOW)
    assert pledge.criteria.get().text == "Something clearer."


def test_a_retracted_pledge_leaves_a_tombstone_and_nothing_more(author: User) -> None:
    pledge = record.pledge(by=author, slug="gone", title="A secret after all")
    with pytest.raises(NoReason):
        actions.retract_pledge(pledge=pledge, reason=" ", by=author, now=record.NOW)
    actions.retract_pledge(pledge=pledge, reason="Not hers.", by=author, now=record.NOW)
    entry = Entry.objects.latest("edition")
    assert (entry.event, entry.data) == ("pledge:retracted", '{"reason":"Not hers.","slug":"gone"}')
    assert list(Pledge.objects.published()) == []
    with pytest.raises(WrongState):
        actions.retract_pledge(pledge=pledge, reason="Again.", by=author, now=record.NOW)


def test_a_correction_can_fill_what_was_empty(author: User) -> None:
    pledge = record.pledge(by=author)
    pledge.quote, pledge.quote_attribution = "I will do it", "at a debate"
    correct_pledge(pledge=pledge, kind="update", note="Found it.", by=author, now=record.NOW)
    fields = Correction.objects.values_list("field", "old_text", "new_text")
    assert set(fields) == {
        ("quote", "", "I will do it"),
        ("quote_attribution", "", "at a debate"),
    }
