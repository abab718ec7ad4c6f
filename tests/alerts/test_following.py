"""Asking, confirming, changing and stopping: who gets mails, and what is kept of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from promises.accounts.models import User
from promises.alerts.actions import (
    Stopped,
    TooManyRequests,
    change_frequency,
    confirm_following,
    erase_subscriber,
    forget_unconfirmed,
    stop_following,
)
from promises.alerts.models import Cursor, News, Request, Subscriber, Subscription
from promises.editorial.actions import WrongState
from promises.ledger.chain import current_edition
from promises.outbox.models import Delivery
from promises.outbox.sending import Dispatched
from promises.pledges.actions import retract_pledge
from promises.pledges.models import Pledge
from tests import record
from tests.alerts.followed import ask, deliver, following, told, visitor
from tests.record import NOW

pytestmark = pytest.mark.django_db
JANE = "jane@example.org"


@pytest.fixture
def pledge(author: User) -> Pledge:
    """A public pledge."""
    return record.pledge(by=author)


def given(**more: Any) -> dict[str, Any]:
    return {"by": visitor(), "now": NOW, **more}


def test_a_request_is_kept_unconfirmed_and_its_mailbox_is_asked(pledge: Pledge) -> None:
    ask(pledge, address=" Jane@EXAMPLE.org", frequency="weekly", language="es")
    made = Subscription.objects.get()
    assert (made.subject, made.frequency, made.confirmed_at) == (pledge, "weekly", None)
    assert (made.subscriber.address, made.subscriber.language) == ("Jane@example.org", "es")
    assert deliver() == Dispatched(sent=1)
    assert mail.outbox[0].to == ["Jane@example.org"]
    # Nothing is told before it is confirmed.
    record.published_update(by=record.user(), of=pledge)
    assert told() == 0


def test_the_outbox_and_its_history_know_no_address(pledge: Pledge) -> None:
    ask(pledge, address=JANE)
    (delivery,) = Delivery.objects.all()
    assert delivery.address == f"subscriber {Subscriber.objects.get().pk}"
    assert JANE not in str(delivery.content)
    from promises.outbox.models import DeliveryEvent  # type: ignore[attr-defined]

    assert not DeliveryEvent.objects.filter(address__contains="@").exists()


def test_who_is_followed_is_public_or_it_is_refused(author: User, pledge: Pledge) -> None:
    draft = record.draft_pledge(by=author)
    with pytest.raises(WrongState):
        ask(draft)
    with pytest.raises(ValidationError, match="cannot be sent"):
        ask(pledge, address="jane@localhost")
    with pytest.raises(ValidationError, match="cannot be sent"):
        ask(pledge, frequency="hourly")
    assert (Request.objects.count(), Subscriber.objects.count()) == (0, 0)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("what", ["pledge", "person"])
def test_a_mail_that_still_waits_says_nothing_of_what_was_withdrawn(
    author: User, pledge: Pledge, what: str
) -> None:
    for subject in (pledge, pledge.person, pledge.topic):
        ask(subject)
    if what == "pledge":
        retract_pledge(pledge=pledge, reason="Never said.", by=author, now=NOW)
        assert deliver() == Dispatched(sent=2, dropped=1)
    else:
        record.withdrawn_person(person=pledge.person, by=author)
        assert deliver() == Dispatched(sent=1, dropped=2)
    assert not any(pledge.title in str(letter.message()) for letter in mail.outbox)
    assert Delivery.objects.waiting().count() == 0
    # What was asked for is erased in its time as ever.
    assert Subscription.objects.count() == 3
    assert forget_unconfirmed(by=visitor(), now=NOW + timedelta(days=30)) == 3


def test_three_kinds_can_be_followed_by_one_address_once_each(pledge: Pledge) -> None:
    for subject in (pledge, pledge.person, pledge.topic):
        ask(subject, address=JANE, now=NOW)
        ask(subject, address=JANE.upper(), now=NOW + timedelta(days=2))
    assert Subscriber.objects.get().address == JANE
    assert [made.subject for made in Subscription.objects.with_subjects()] == [
        pledge, pledge.person, pledge.topic,
    ]  # fmt: skip


def test_a_mailbox_gets_three_mails_a_day_however_it_is_spelled(pledge: Pledge) -> None:
    spellings = [JANE, "j.ane@example.org", "jane+1@example.org", "Jane+2@example.org", JANE]
    for number, address in enumerate(spellings):
        ask(pledge, address=address, network=f"other-{number}")
    assert deliver() == Dispatched(sent=3)
    assert Request.objects.filter(mailbox="").count() == 2
    ask(pledge, address="joan@example.org")
    assert deliver() == Dispatched(sent=1)
    ask(pledge, address=JANE, now=NOW + timedelta(days=1, seconds=1))
    assert deliver(NOW + timedelta(days=2)) == Dispatched(sent=1)


def test_a_network_asks_twenty_times_a_day(pledge: Pledge) -> None:
    for number in range(20):
        ask(pledge, address=f"r{number}@example.org", network="one")
    with pytest.raises(TooManyRequests):
        ask(pledge, address="r20@example.org", network="one")
    assert (Request.objects.count(), Subscriber.objects.count()) == (20, 20)
    ask(pledge, address="r20@example.org", network="two")
    ask(pledge, network="one", now=NOW + timedelta(days=1, seconds=1))
    assert Subscriber.objects.count() == 22


def test_confirming_starts_with_the_next_edition_and_again_changes_only_how_often(
    author: User, pledge: Pledge
) -> None:
    made = following(pledge)
    assert (made.confirmed_at, made.since_edition) == (NOW, current_edition())
    record.published_update(by=author, of=pledge)
    later = NOW + timedelta(days=1)
    again = confirm_following(subscription=made, frequency="daily", by=visitor(), now=later)
    assert (again.confirmed_at, again.frequency) == (NOW, "daily")
    assert again.since_edition == made.since_edition


def test_a_stranger_who_asks_again_changes_nothing_of_what_is_followed(pledge: Pledge) -> None:
    made = following(pledge, address=JANE, frequency="weekly")
    ask(pledge, address=JANE, frequency="immediate", language="es")
    made.refresh_from_db()
    assert (made.frequency, made.confirmed_at) == ("weekly", NOW)
    assert made.subscriber.language == "en"


def test_how_often_holds_for_what_waits_too(author: User, pledge: Pledge) -> None:
    made = following(pledge, frequency="weekly")
    record.published_update(by=author, of=pledge)
    assert told() == 0
    assert News.objects.count() > 0
    change_frequency(subscription=made, frequency="immediate", by=visitor(), now=NOW)
    assert told() == 1
    change_frequency(subscription=made, frequency="immediate", by=visitor(), now=NOW)
    stop_following(subscription=made, **given())
    with pytest.raises(Stopped):
        change_frequency(subscription=made, frequency="daily", by=visitor(), now=NOW)


def test_who_stops_the_last_one_is_erased_at_once(author: User, pledge: Pledge) -> None:
    first = following(pledge, address=JANE)
    second = following(pledge.topic, address=JANE)
    record.published_update(by=author, of=pledge)
    told()
    record.published_update(by=author, of=pledge)
    stop_following(subscription=first, **given())
    assert Subscriber.objects.get().subscriptions.get() == second
    with pytest.raises(Stopped):
        stop_following(subscription=first, **given())
    stop_following(subscription=second, **given())
    for table in (Subscriber, Subscription, News):
        assert table._default_manager.count() == 0
    # The mail that waited finds nobody, and goes too.
    assert deliver() == Dispatched(dropped=1)
    assert mail.outbox == []
    assert not Delivery.objects.waiting().exists()


def test_everything_of_an_address_is_erased_in_one_step(pledge: Pledge) -> None:
    made = following(pledge, address=JANE)
    following(pledge.topic, address=JANE)
    kept = following(pledge)
    for _ in range(2):
        erase_subscriber(subscriber=made.subscriber, **given())
    assert list(Subscription.objects.all()) == [kept]


def test_what_nobody_confirms_is_erased_after_three_days(pledge: Pledge) -> None:
    kept = following(pledge, address=JANE)
    ask(pledge.topic, address=JANE)
    ask(pledge)
    early = NOW + timedelta(days=3) - timedelta(seconds=1)
    assert forget_unconfirmed(by=visitor(), now=early) == 0
    assert Request.objects.count() == 0
    assert Subscriber.objects.count() == 2
    assert forget_unconfirmed(by=visitor(), now=NOW + timedelta(days=3)) == 2
    assert list(Subscription.objects.all()) == [kept]
    assert list(Subscriber.objects.all()) == [kept.subscriber]


def test_the_database_keeps_what_a_subscription_is(
    pledge: Pledge, database_refuses: Callable[[str], Any]
) -> None:
    made = following(pledge, address=JANE)
    rows, people = Subscription.objects.all(), Subscriber.objects.all()
    with database_refuses("alerts_subscription_follows_one"):
        rows.update(topic=pledge.topic)
    with database_refuses("alerts_subscription_follows_one"):
        rows.update(pledge=None)
    with database_refuses("alerts_frequency_known"):
        rows.update(frequency="hourly")
    with database_refuses("alerts_subscription_confirmed_since"):
        rows.update(since_edition=None)
    with database_refuses("alerts_subscription_pledge_once"):
        Subscription.objects.create(
            subscriber=made.subscriber, pledge=pledge, frequency="daily", asked_at=NOW
        )
    for address in ("jane", "jane@localhost", "a b@example.org", "jane@example.org\nBcc: x@y.org"):
        with database_refuses("alerts_subscriber_can_be_mailed"):
            people.update(address=address)
    with database_refuses("alerts_subscriber_once"):
        Subscriber.objects.create(
            reference="x",
            address=f"JANE@{JANE.partition('@')[2]}",
            language="en",
            first_asked_at=NOW,
        )
    with database_refuses("alerts_cursor_is_one_row"):
        Cursor.objects.create(pk=2, edition=1)
