"""Two workers, and an editor at work, at the same moment: each item once, in order."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from promises.accounts.models import User
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry
from promises.newsroom import actions, publishing
from promises.newsroom.models import Item, PlannedPublication
from promises.newsroom.publishing import PublishedDue, publish_due
from tests import record
from tests.newsroom.conftest import HOUR, NOW, draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pieces(transactional_db: None) -> list[Item]:
    """Eight pieces of evidence, planned a minute apart."""
    by = record.user("author", is_superuser=True)
    made = [draft("evidence", by) for _ in range(8)]
    for minute, piece in enumerate(made):
        at = NOW + HOUR + minute * timedelta(minutes=1)
        actions.plan_publication(item=piece, publish_at=at, by=by, now=NOW)
    return made


def published_in_order() -> list[str]:
    entries = Entry.objects.filter(event="evidence:published").order_by("edition")
    return [entry.subject for entry in entries]


def test_two_workers_publish_each_item_once_and_in_order(pieces: list[Item]) -> None:
    by = User.objects.get()
    start, done = Barrier(3), Counter[str]()

    def work() -> None:
        try:
            start.wait(10)
            for _ in range(3):
                done.update(published=publish_due(by=by, now=NOW + 2 * HOUR).published)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert done == {"published": 8}
    assert published_in_order() == [f"evidence/{piece.slug}" for piece in pieces]
    outcomes = PlannedPublication.objects.values_list("outcome", "reason")
    assert list(outcomes) == [("published", "")] * 8
    assert verify_chain().fault == ""


@contextmanager
def held(row: Any) -> Iterator[None]:
    """Let someone else hold the lock of a row meanwhile."""
    has_it, let_go = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                type(row)._default_manager.select_for_update().get(pk=row.pk)
                has_it.set()
                let_go.wait(30)
        finally:
            connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert has_it.wait(10)
    try:
        yield
    finally:
        let_go.set()
        thread.join(30)


def test_a_plan_that_is_being_changed_is_left_alone(pieces: list[Item]) -> None:
    by = User.objects.get()
    with held(PlannedPublication.objects.about(pieces[2]).get()):
        assert publish_due(by=by, now=NOW + 2 * HOUR) == PublishedDue(published=7)
    assert publish_due(by=by, now=NOW + 2 * HOUR) == PublishedDue(published=1)


def test_an_item_that_someone_writes_to_does_not_hold_up_the_others(
    pieces: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = User.objects.get()
    monkeypatch.setattr(publishing, "WAIT", "50ms")
    with held(pieces[0]):
        assert publish_due(by=by, now=NOW + 2 * HOUR) == PublishedDue(published=7, postponed=1)
    assert PlannedPublication.objects.waiting().get().outcome == ""
    monkeypatch.undo()
    assert publish_due(by=by, now=NOW + 2 * HOUR) == PublishedDue(published=1)
    assert published_in_order()[-1] == f"evidence/{pieces[0].slug}"


def test_an_embargo_waits_for_who_is_publishing_and_then_comes_too_late(
    pieces: list[Item],
) -> None:
    by = User.objects.get()
    said: list[str] = []

    def hold_back() -> None:
        try:
            with transaction.atomic():
                actions.Embargo.objects.create(
                    evidence=pieces[0], ends_at=NOW + 9 * HOUR, reason="Now.", set_by=by, set_at=NOW
                )
        except Exception as error:
            said.append(str(error).splitlines()[0])
        finally:
            connection.close()

    with transaction.atomic():
        publishing.publish_evidence(evidence=pieces[0], by=by, now=NOW + HOUR)
        thread = Thread(target=hold_back)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    assert said == ["Readers have seen this already; an embargo comes too late."]
    assert actions.Embargo.objects.count() == 0
