"""Under embargo nothing is published, by whatever door someone comes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from promises.accounts.models import User
from promises.editorial.actions import NoReason
from promises.editorial.choices import State
from promises.ledger.chain import current_edition
from promises.newsroom import actions
from promises.newsroom.models import Embargo, Item, PlannedPublication
from promises.newsroom.publishing import _PUBLISH, PublishedDue, publish_due
from promises.pledges.actions import publish_pledge
from tests.newsroom.conftest import HOUR, NOW, draft

pytestmark = pytest.mark.django_db
REFUSED = "This is under embargo until 2024-05-06 12:00 UTC."
TOLD = "This is under embargo until 6 May 2024, 12:00 UTC."


def hold(item: Item, by: User, ends_at: datetime = NOW + 4 * HOUR) -> Embargo:
    why = "Agreed with the court."
    return actions.set_embargo(item=item, ends_at=ends_at, reason=why, by=by, now=NOW)


def publish(item: Item, by: User, now: datetime) -> None:
    act, name = _PUBLISH[type(item)]
    act(**{name: item}, by=by, now=now)


def published(item: Item, at: datetime, by: User) -> Item:
    """The row as someone would save it who does not ask the actions."""
    item.refresh_from_db()
    item.state, item.published_at, item.published_by = State.PUBLISHED, at, by
    return item


def test_the_action_is_refused_until_the_embargo_ends(item: Item, editor: User) -> None:
    hold(item, editor)
    edition = current_edition()
    with pytest.raises(IntegrityError, match=REFUSED):
        publish(item, editor, NOW + 4 * HOUR - HOUR / 3600)
    item.refresh_from_db()
    assert (item.published_at, current_edition()) == (None, edition)
    publish(item, editor, NOW + 4 * HOUR)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def test_save_and_bulk_update_and_raw_sql_are_refused(
    item: Item, editor: User, database_refuses: Callable
) -> None:
    hold(item, editor)
    table = type(item)._default_manager
    fields = ["state", "published_at", "published_by"]
    before = list(table.values())
    with database_refuses(REFUSED):
        published(item, NOW + HOUR, editor).save()
    with database_refuses(REFUSED):
        table.bulk_update([published(item, NOW + HOUR, editor)], fields)
    with database_refuses(REFUSED):
        table.filter(pk=item.pk).update(
            state=State.PUBLISHED, published_at=NOW + HOUR, published_by=editor
        )
    with database_refuses(REFUSED), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {item._meta.db_table} SET state = 'published', published_at = %s,"
            " published_by_id = created_by_id WHERE id = %s",
            [NOW + HOUR, item.pk],
        )
    assert list(table.values()) == before


def test_a_moment_made_up_in_the_future_opens_no_door(
    item: Item, editor: User, database_refuses: Callable
) -> None:
    end = datetime(2999, 1, 1, tzinfo=UTC)
    hold(item, editor, end)
    with database_refuses("This is under embargo until 2999-01-01 00:00 UTC."):
        published(item, end.replace(month=6), editor).save()
    item.refresh_from_db()
    assert item.published_at is None


def test_a_lifted_embargo_holds_nothing(author: User, editor: User) -> None:
    pledge = draft("pledge", author)
    hold(pledge, editor)
    with pytest.raises(NoReason):
        actions.lift_embargo(item=pledge, reason=" ", by=editor, now=NOW)
    actions.lift_embargo(item=pledge, reason="The court spoke early.", by=author, now=NOW + HOUR)
    embargo = Embargo.objects.get()
    assert (embargo.lifted_by, embargo.lift_reason) == (author, "The court spoke early.")
    publish_pledge(pledge=pledge, by=editor, now=NOW + HOUR)
    with pytest.raises(actions.NoEmbargo):
        actions.lift_embargo(item=pledge, reason="Again.", by=author, now=NOW + HOUR)


def test_an_item_has_one_embargo_that_can_be_moved(
    author: User, editor: User, database_refuses: Callable
) -> None:
    pledge = draft("pledge", author)
    first = hold(pledge, editor)
    moved = hold(pledge, author, NOW + 9 * HOUR)
    assert (moved.pk, moved.ends_at, moved.set_by) == (first.pk, NOW + 9 * HOUR, author)
    with database_refuses("newsroom_one_embargo_an_item"):
        Embargo.objects.create(
            pledge=pledge, ends_at=NOW + HOUR, reason="Other.", set_by=editor, set_at=NOW
        )
    # What was agreed before stands in the history.
    events = Embargo.pgh_event_models["update"].objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.ends_at for event in events] == [NOW + 4 * HOUR, NOW + 9 * HOUR]


def test_an_embargo_on_what_is_public_comes_too_late(
    item: Item, editor: User, database_refuses: Callable
) -> None:
    publish(item, editor, NOW)
    with pytest.raises(actions.AlreadyPublic):
        hold(item, editor)
    with database_refuses("an embargo comes too late"):
        Embargo.objects.create(
            **{actions.pointer_to(item): item},
            ends_at=NOW + HOUR,
            reason="Late.",
            set_by=editor,
            set_at=NOW,
        )
    assert Embargo.objects.count() == 0


def test_a_plan_and_an_embargo_do_not_contradict_each_other(author: User, editor: User) -> None:
    pledge = draft("pledge", author)
    hold(pledge, editor)
    with pytest.raises(actions.UnderEmbargo) as error:
        actions.plan_publication(item=pledge, publish_at=NOW + HOUR, by=editor, now=NOW)
    assert str(error.value) == TOLD
    actions.plan_publication(item=pledge, publish_at=NOW + 4 * HOUR, by=editor, now=NOW)
    with pytest.raises(actions.PlannedEarlier) as earlier:
        hold(pledge, editor, NOW + 5 * HOUR)
    assert str(earlier.value) == (
        "This is planned to appear on 6 May 2024, 12:00 UTC. Cancel that plan, or move it, first."
    )
    assert Embargo.objects.get().ends_at == NOW + 4 * HOUR
    assert publish_due(by=author, now=NOW + 4 * HOUR) == PublishedDue(published=1)


def test_a_plan_that_meets_an_embargo_is_set_aside(author: User, editor: User) -> None:
    """Nobody can plan it so on the desk; a write past the actions can."""
    pledge = draft("pledge", author)
    actions.plan_publication(item=pledge, publish_at=NOW + HOUR, by=editor, now=NOW)
    Embargo.objects.create(
        pledge=pledge, ends_at=NOW + 4 * HOUR, reason="Raw.", set_by=editor, set_at=NOW
    )
    assert publish_due(by=author, now=NOW + 2 * HOUR) == PublishedDue(set_aside=1)
    assert PlannedPublication.objects.get().reason == TOLD
    pledge.refresh_from_db()
    assert pledge.state == State.DRAFT


def test_an_embargo_needs_a_reason_and_a_moment_to_come(author: User) -> None:
    pledge = draft("pledge", author)
    with pytest.raises(NoReason):
        actions.set_embargo(item=pledge, ends_at=NOW + HOUR, reason="", by=author, now=NOW)
    with pytest.raises(ValidationError) as error:
        hold(pledge, author, NOW)
    assert error.value.message_dict == {"ends_at": ["Choose a moment that is still to come."]}
    assert Embargo.objects.count() == 0
