"""A later look at a pledge is published as its status, or not at all."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pytest

from promises.accounts.models import User
from promises.ledger.chain import current_edition
from promises.pledges.models import Pledge
from promises.updates import actions, rules, standing
from tests import record
from tests.updates.test_derived_status import import_update
from tests.updates.test_sources import approved, publish_in_sql

pytestmark = pytest.mark.django_db

ENDED = date(2025, 12, 31)
NOT_THE_STATUS = (
    "The status update in force takes effect on 31 December 2025, and this one, which was assessed"
    " later, not after it: published like this it would not become the status. Withdraw the later"
    " one first, if this one shows that it is wrong, or let this one take effect after that day."
)
AN_OLDER_LOOK = (
    "The status update in force rests on a look at the evidence up to 10 January 2026, this one on"
    " an older look, and yet it would become the status. Look at what came since and say up to"
    " which day, or withdraw the later one first, if it was wrong."
)
FOUND = {"status": "broken", "effective_on": date(2025, 3, 1), "assessed_on": date(2026, 3, 1)}


@pytest.fixture
def kept(author: User) -> Pledge:
    """A standing pledge that was rated kept when its term was over."""
    term = record.term(by=author, ends_on=ENDED)
    pledge = record.pledge(by=author, of=term, kind="standing")
    days = {"effective_on": ENDED, "assessed_on": date(2026, 1, 10)}
    record.published_update(by=author, of=pledge, status="kept", **days)
    return pledge


def status_of(pledge: Pledge) -> tuple[str, date | None]:
    pledge.refresh_from_db()
    return pledge.status, pledge.status_since


def test_a_finding_that_would_not_become_the_status_is_not_published(
    author: User, kept: Pledge, database_refuses: Callable
) -> None:
    update = approved(record.draft_update(by=author, of=kept, **FOUND), author)
    edition = current_edition()
    assert standing.missing_before_publication(update, record.NOW) == [NOT_THE_STATUS]
    with pytest.raises(standing.WouldNotBeTheStatus) as error:
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    assert str(error.value) == NOT_THE_STATUS
    with database_refuses("would not become the status"):
        publish_in_sql(update, author)
    assert (status_of(kept), current_edition()) == (("kept", ENDED), edition)
    # What it says to do, one way …
    actions.retract_status_update(
        update=kept.status_updates.get(status="kept"), reason="A memo was found.", by=author,
        now=record.NOW,
    )  # fmt: skip
    actions.publish_status_update(update=update, by=author, now=record.NOW)
    assert status_of(kept) == ("broken", date(2025, 3, 1))


def test_it_becomes_the_status_from_the_day_of_the_other_on(author: User, kept: Pledge) -> None:
    """… and the other."""
    record.published_update(by=author, of=kept, **{**FOUND, "effective_on": ENDED})
    assert status_of(kept) == ("broken", ENDED)


def test_history_is_still_filled_in(author: User, kept: Pledge) -> None:
    """A rating that was assessed before the one in force claims nothing about it."""
    earlier = {**FOUND, "status": "in_the_works", "assessed_on": date(2025, 3, 2)}
    record.published_update(by=author, of=kept, **earlier)
    assert (status_of(kept), kept.status_updates.count()) == (("kept", ENDED), 2)


def test_an_import_brings_history_in_any_order(author: User, kept: Pledge) -> None:
    import_update(author, kept, **FOUND)
    assert (status_of(kept), kept.status_updates.count()) == (("kept", ENDED), 2)


def test_the_status_never_comes_to_rest_on_an_older_look(
    author: User, kept: Pledge, database_refuses: Callable
) -> None:
    older = {"status": "stalled", "effective_on": ENDED, "assessed_on": date(2026, 1, 9)}
    update = approved(record.draft_update(by=author, of=kept, **older), author)
    edition = current_edition()
    with pytest.raises(standing.RestsOnAnOlderLook) as error:
        actions.publish_status_update(update=update, by=author, now=record.NOW)
    assert str(error.value) == AN_OLDER_LOOK
    with database_refuses("never rests on an older look"):
        publish_in_sql(update, author)
    assert (status_of(kept), current_edition()) == (("kept", ENDED), edition)
    actions.retract_status_update(
        update=kept.status_updates.get(status="kept"), reason="It was another case.", by=author,
        now=record.NOW,
    )  # fmt: skip
    actions.publish_status_update(update=update, by=author, now=record.NOW)
    assert status_of(kept) == ("stalled", ENDED)


def test_an_import_may_bring_the_later_look_first(author: User, kept: Pledge) -> None:
    """The seed record does: the look at the later years came first."""
    import_update(author, kept, status="stalled", effective_on=ENDED, assessed_on=date(2026, 1, 9))
    assert status_of(kept) == ("stalled", ENDED)


@pytest.mark.parametrize(
    ("effective", "assessed", "is_refused"),
    [
        (-1, 1, True),
        (-1, 0, False),
        (-1, -1, False),
        (0, 1, False),
        (1, 1, False),
        (0, 0, False),
        (1, 0, False),
        (0, -1, True),
        (1, -1, True),
    ],
)
def test_python_and_the_database_draw_the_same_line(
    author: User,
    kept: Pledge,
    effective: int,
    assessed: int,
    is_refused: bool,
    database_refuses: Callable,
) -> None:
    in_force = (ENDED, date(2026, 1, 10))
    days = {
        "effective_on": in_force[0] + timedelta(days=effective),
        "assessed_on": in_force[1] + timedelta(days=assessed),
    }
    rested: dict[str, Any] = {
        "is_newest": effective >= 0,
        "assessed_on": days["assessed_on"],
        "in_force": in_force,
        "in_words": str,
    }
    faults = [fault(**rested) for fault in (rules.order_fault, rules.look_fault)]
    assert any(faults) is is_refused
    update = approved(record.draft_update(by=author, of=kept, status="stalled", **days), author)
    refusal = "not become the status" if effective < 0 else "never rests on an older look"
    with database_refuses(refusal) if is_refused else nullcontext():
        publish_in_sql(update, author)
    update.refresh_from_db()
    assert update.state == ("in_review" if is_refused else "published")


@pytest.mark.parametrize(("assessed", "is_refused"), [(20, True), (10, False), (5, False)])
def test_of_two_that_take_effect_on_one_day_the_one_written_first_is_history(
    author: User, assessed: int, is_refused: bool, database_refuses: Callable
) -> None:
    """It never becomes the status, so it may rest on an older look, and on no later one."""
    pledge = record.pledge(by=author)
    days = {"effective_on": ENDED, "assessed_on": date(2026, 1, assessed)}
    first = approved(record.draft_update(by=author, of=pledge, status="stalled", **days), author)
    days["assessed_on"] = date(2026, 1, 10)
    record.published_update(by=author, of=pledge, status="in_the_works", **days)
    if is_refused:
        assert standing.missing_before_publication(first, record.NOW) == [NOT_THE_STATUS]
        with pytest.raises(standing.WouldNotBeTheStatus):
            actions.publish_status_update(update=first, by=author, now=record.NOW)
        with database_refuses("not become the status"):
            publish_in_sql(first, author)
    else:
        actions.publish_status_update(update=first, by=author, now=record.NOW)
    assert status_of(pledge) == ("in_the_works", ENDED)
    assert pledge.status_updates.filter(state="published").count() == (1 if is_refused else 2)
