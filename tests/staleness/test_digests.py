"""Who holds a stale pledge hears of it once, in one mail a day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings

from promises.accounts.models import User
from promises.outbox.models import Delivery
from promises.staleness import actions, policies
from promises.staleness.digests import write_digest, write_digests
from promises.staleness.models import Digest, Notice, ReviewPolicy, StaleFlag
from tests import record

DAY = timedelta(days=1)
NOON = record.NOW


def hand_everything_to(person: User, *, by: User, escalate_to: User | None = None) -> None:
    """Make this person the owner of every flag on the site."""
    policy = ReviewPolicy.objects.of_the_site().get(status="")
    policy.owner = person
    if escalate_to:
        policy.escalation_days, policy.escalation_to = 10, escalate_to
    policies.save_review_policy(policy=policy, by=by, now=NOON)


def notices() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("person__username", "kind"))


def mails() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("key", "address"))


@pytest.mark.django_db
def test_a_person_hears_of_an_episode_once_however_it_came_into_their_hands(author: User) -> None:
    jane, john = record.user("jane"), record.user("john")
    hand_everything_to(jane, by=author, escalate_to=john)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    assert notices() == [("jane", "handed")]
    actions.sweep_stale(by=author, now=NOON)
    flag = StaleFlag.objects.get()
    for person in (john, None, jane, john):
        record.assign_flag(flag=flag, to=person, by=author, now=NOON)
    assert notices() == [("jane", "handed"), ("john", "handed")]
    actions.sweep_stale(by=author, now=NOON + 30 * DAY)
    flag.refresh_from_db()
    assert flag.escalated_to == john
    assert notices() == [("jane", "handed"), ("john", "handed")]
    StaleFlag.objects.update(assigned_to=author)
    assert notices()[2:] == [("author", "handed")]


@pytest.mark.django_db
def test_an_escalation_tells_the_second_person(author: User) -> None:
    jane, john = record.user("jane"), record.user("john")
    hand_everything_to(jane, by=author, escalate_to=john)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    actions.sweep_stale(by=author, now=NOON + 9 * DAY)
    assert notices() == [("jane", "handed")]
    actions.sweep_stale(by=author, now=NOON + 10 * DAY)
    actions.sweep_stale(by=author, now=NOON + 20 * DAY)
    assert notices() == [("jane", "handed"), ("john", "escalated")]


@pytest.mark.django_db
def test_one_mail_a_day_tells_everything_and_a_day_without_news_has_none(author: User) -> None:
    jane = record.user("jane")
    hand_everything_to(jane, by=author)
    first = record.pledge(by=author, title="Publish the figures")
    actions.sweep_stale(by=author, now=NOON)
    assert write_digests(by=author, now=NOON) == 1
    assert write_digests(by=author, now=NOON) == 0
    assert mails() == [(f"stale-digest:{jane.pk}:2026-03-02", "jane@example.org")]
    mail = Delivery.objects.get().content
    assert mail["subject"] == "1 pledge to look at again"
    assert f"- {first.person}: Publish the figures\n  It has no published evidence." in mail["text"]
    assert "Stale since 2 March 2026." in mail["text"]
    # Found after the day's mail: told the next day, together.
    record.pledge(by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON + timedelta(hours=1))
    assert write_digests(by=author, now=NOON + timedelta(hours=1)) == 0
    assert write_digests(by=author, now=NOON + DAY) == 1
    assert Delivery.objects.order_by("pk").last().content["subject"] == (
        "2 pledges to look at again"
    )
    assert write_digests(by=author, now=NOON + 2 * DAY) == 0
    assert Digest.objects.count() == 2
    assert not Notice.objects.untold().exists()


@pytest.mark.django_db
def test_a_digest_that_fails_keeps_nobody_else_waiting(
    author: User, caplog: pytest.LogCaptureFixture
) -> None:
    jane, john = record.user("jane"), record.user("john")
    hand_everything_to(jane, by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    StaleFlag.objects.update(assigned_to=john)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE outbox_delivery ADD CONSTRAINT no_jane"
            " CHECK (address <> 'jane@example.org')"
        )
    assert write_digests(by=author, now=NOON) == 1
    assert mails() == [(f"stale-digest:{john.pk}:2026-03-02", "john@example.org")]
    assert f"The digest of person {jane.pk} could not be written." in caplog.text
    assert list(Notice.objects.untold().values_list("person__username", flat=True)) == ["jane"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outbox_delivery DROP CONSTRAINT no_jane")
    assert write_digests(by=author, now=NOON) == 1
    assert not Notice.objects.untold().exists()


@pytest.mark.django_db
def test_seven_days_without_a_digest_are_one_mail(author: User) -> None:
    jane = record.user("jane")
    hand_everything_to(jane, by=author)
    for number in range(7):
        record.pledge(by=author, now=NOON + number * DAY)
        actions.sweep_stale(by=author, now=NOON + number * DAY)
    assert write_digests(by=author, now=NOON + 7 * DAY) == 1
    assert Delivery.objects.get().content["subject"] == "7 pledges to look at again"


@pytest.mark.django_db
def test_what_is_settled_by_then_is_counted_and_not_listed(author: User) -> None:
    jane = record.user("jane")
    hand_everything_to(jane, by=author)
    pledge = record.pledge(by=author, title="Publish the figures")
    actions.sweep_stale(by=author, now=NOON)
    record.evidence(by=author, about=pledge)
    assert write_digests(by=author, now=NOON) == 1
    text = Delivery.objects.get().content["text"]
    assert "Publish the figures" not in text
    assert "1 that came into your hands is settled already." in text
    assert "0 are open in your hands in all:" in text


@pytest.mark.django_db
def test_nothing_goes_out_before_the_hour_or_to_nobody(author: User) -> None:
    jane = record.user("jane")
    hand_everything_to(jane, by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    with override_settings(DIGEST_HOUR=7):
        assert write_digests(by=author, now=datetime(2026, 3, 3, 6, 59, 59, tzinfo=UTC)) == 0
        User.objects.filter(pk=jane.pk).update(email="")
        assert write_digests(by=author, now=datetime(2026, 3, 3, 7, tzinfo=UTC)) == 0
        User.objects.filter(pk=jane.pk).update(email="jane@example.org", is_active=False)
        assert write_digests(by=author, now=datetime(2026, 3, 3, 7, tzinfo=UTC)) == 0
        assert (Delivery.objects.count(), Notice.objects.untold().count()) == (0, 1)
        User.objects.filter(pk=jane.pk).update(is_active=True)
        assert write_digests(by=author, now=datetime(2026, 3, 3, 7, tzinfo=UTC)) == 1


@pytest.mark.django_db
def test_hostile_titles_stay_text(author: User) -> None:
    jane = record.user("jane")
    hand_everything_to(jane, by=author)
    record.pledge(by=author, title="<script>alert(1)</script>")
    actions.sweep_stale(by=author, now=NOON)
    write_digests(by=author, now=NOON)
    mail = Delivery.objects.get().content
    assert "<script>" not in mail["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail["html"]
    assert "<script>alert(1)</script>" in mail["text"]


@pytest.mark.django_db
def test_the_database_keeps_one_notice_and_one_digest(
    author: User, database_refuses: Callable
) -> None:
    jane = record.user("jane")
    hand_everything_to(jane, by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    write_digests(by=author, now=NOON)
    with database_refuses("staleness_one_notice_each"):
        Notice.objects.create(
            flag=StaleFlag.objects.get(), person=jane, kind="escalated", written_at=NOON
        )
    with database_refuses("staleness_one_digest_a_day"):
        Digest.objects.create(person=jane, digest_on=date(2026, 3, 2), made_at=NOON)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_write_one_digest() -> None:
    author, jane = record.user("author"), record.user("jane")
    hand_everything_to(jane, by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)

    def run(_: int) -> bool:
        try:
            return write_digest(person=jane, by=author, now=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(run, range(8))) == [False] * 7 + [True]
    assert len(mails()) == 1
