"""What turns stale in nobody's hands is told to those who may name an owner."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from promises.accounts.actions import write_roles
from promises.accounts.choices import Role
from promises.accounts.models import User
from promises.outbox.models import Delivery
from promises.staleness import actions
from promises.staleness.digests import write_digests
from promises.staleness.models import StaleFlag
from tests import record
from tests.staleness.test_digests import DAY, NOON, hand_everything_to, mails, notices


@pytest.fixture(autouse=True)
def _roles(author: User) -> None:
    write_roles(by=author, now=NOON)


def administrator(name: str, **more: Any) -> User:
    person = record.user(name, is_staff=True, **more)
    person.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    return person


@pytest.mark.django_db
def test_what_is_in_nobodys_hands_is_told_to_whoever_may_name_an_owner(author: User) -> None:
    jane, root = administrator("jane"), record.user("root", is_superuser=True)
    editor = record.user("editor")
    editor.groups.add(Group.objects.get(name=Role.EDITOR))
    first = record.pledge(by=author, title="Publish the figures")
    actions.sweep_stale(by=author, now=NOON)
    assert notices() == []
    assert write_digests(by=author, now=NOON) == 2
    assert mails() == [
        (f"stale-digest:{person.pk}:2026-03-02", person.email) for person in (jane, root)
    ]
    mail = Delivery.objects.earliest("pk").content
    flag = StaleFlag.objects.get()
    desk = "http://127.0.0.1:8000/admin/staleness"
    assert mail["subject"] == "1 flag is in nobody's hands"
    assert (
        "1 flag is in nobody's hands:\n\n"
        f"- {first.person}: Publish the figures\n"
        "  It has no published evidence. Stale since 2 March 2026.\n"
        f"  {desk}/staleflag/{flag.pk}/change/\n\n"
        "Take them, give them to someone, or name an owner in the review policy: whatever turns"
        " stale is then handed to that person.\n"
        f"{desk}/staleflag/?hands=nobody\n"
        f"{desk}/reviewpolicy/\n"
    ) in mail["text"]
    assert "0 are open in your hands in all:" in mail["text"]
    assert f'{desk}/staleflag/{flag.pk}/change/"' in mail["html"]
    # Told once; what comes later is told the next day, by itself.
    assert write_digests(by=author, now=NOON + DAY) == 0
    record.pledge(by=author, now=NOON + DAY)
    actions.sweep_stale(by=author, now=NOON + DAY)
    assert write_digests(by=author, now=NOON + DAY) == 2
    assert Delivery.objects.latest("pk").content["subject"] == "1 flag is in nobody's hands"
    assert write_digests(by=author, now=NOON + 2 * DAY) == 0


@pytest.mark.django_db
def test_what_is_mine_and_what_is_nobodys_are_one_mail(author: User) -> None:
    jane = administrator("jane")
    mine = record.pledge(by=author, title="Publish the figures")
    record.pledge(by=author, title="End cash bail")
    actions.sweep_stale(by=author, now=NOON)
    flag = StaleFlag.objects.get(pledge=mine)
    record.assign_flag(flag=flag, to=jane, by=author, now=NOON)
    assert write_digests(by=author, now=NOON) == 1
    mail = Delivery.objects.get().content
    assert mail["subject"] == "1 pledge to look at again"
    assert mail["text"].index("Publish the figures") < mail["text"].index("nobody's hands")
    assert mail["text"].index("nobody's hands") < mail["text"].index("End cash bail")


@pytest.mark.django_db
def test_nothing_is_handed_to_someone_who_has_left(author: User) -> None:
    jane, john = record.user("jane"), record.user("john")
    hand_everything_to(jane, by=author, escalate_to=john)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    User.objects.filter(pk__in=[jane.pk, john.pk]).update(is_active=False)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    flags = StaleFlag.objects.order_by("pk")
    assert [flag.assigned_to for flag in flags] == [jane, None]
    # What they still hold is nobody's as well.
    assert list(StaleFlag.objects.in_hands_of(None).order_by("pk")) == list(flags)
    actions.sweep_stale(by=author, now=NOON + 10 * DAY)
    # An episode is escalated once: not to nobody, but as soon as there is somebody.
    assert [(flag.escalated_at, flag.escalated_to) for flag in flags.all()] == [(None, None)] * 2
    root = administrator("root")
    assert write_digests(by=author, now=NOON + 10 * DAY) == 1
    assert Delivery.objects.get().content["subject"] == "2 flags are in nobody's hands"
    hand_everything_to(jane, by=author, escalate_to=root)
    assert actions.sweep_stale(by=author, now=NOON + 11 * DAY).escalated == 2
    assert {flag.escalated_to for flag in flags.all()} == {root}


@pytest.mark.django_db
def test_whom_no_mail_reaches_is_told_on_monday(author: User) -> None:
    """An owner without an address, and one who has left whom a policy names for escalations."""
    root = administrator("root")
    jane, john = record.user("jane"), record.user("john")
    hand_everything_to(jane, by=author, escalate_to=john)
    User.objects.filter(pk=jane.pk).update(email="")
    User.objects.filter(pk=john.pk).update(is_active=False)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    assert notices() == [("jane", "handed")]
    # NOON is a Monday; on other days what was told is not told again.
    assert [write_digests(by=author, now=NOON + days * DAY) for days in range(8)] == [
        1, 0, 0, 0, 0, 0, 0, 1,
    ]  # fmt: skip
    assert mails() == [
        (f"stale-digest:{root.pk}:2026-03-{day}", root.email) for day in ("02", "09")
    ]
    mail = Delivery.objects.latest("pk").content
    assert mail["subject"] == "No mail reaches 2 people whom flags land on"
    said = "No mail reaches these people whom flags land on: Jane, John."
    assert said in mail["text"]
    assert said in mail["html"]
    assert "nobody's hands" not in mail["text"]
    User.objects.filter(pk=jane.pk).update(email="jane@example.org")
    hand_everything_to(jane, by=author, escalate_to=root)
    assert write_digests(by=author, now=NOON + 14 * DAY) == 1
    assert mails()[-1] == (f"stale-digest:{jane.pk}:2026-03-16", "jane@example.org")


@pytest.mark.django_db
def test_what_comes_back_into_nobodys_hands_is_told_on_monday(author: User) -> None:
    jane, john = administrator("jane"), record.user("john")
    hand_everything_to(john, by=author)
    record.pledge(by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    given_back, left_behind = StaleFlag.objects.order_by("pk")
    assert write_digests(by=author, now=NOON + DAY) == 1
    record.pledge(by=author)
    hand_everything_to(None, by=author)
    actions.sweep_stale(by=author, now=NOON + DAY)
    assert write_digests(by=author, now=NOON + DAY) == 1
    assert mails()[1] == (f"stale-digest:{jane.pk}:2026-03-03", jane.email)
    assert Delivery.objects.latest("pk").content["subject"] == "1 flag is in nobody's hands"
    actions.assign_flags(flags=[given_back], to=None, by=author, now=NOON + 2 * DAY)
    User.objects.filter(pk=john.pk).update(is_active=False)
    assert [write_digests(by=author, now=NOON + days * DAY) for days in range(2, 8)] == [
        0, 0, 0, 0, 0, 1,
    ]  # fmt: skip
    mail = Delivery.objects.latest("pk").content
    assert mail["subject"] == "3 flags are in nobody's hands"
    assert f"/staleflag/{given_back.pk}/change/" in mail["text"]
    assert f"/staleflag/{left_behind.pk}/change/" in mail["text"]
    # Once a day, Mondays too.
    assert write_digests(by=author, now=NOON + 7 * DAY) == 0


@pytest.mark.django_db
def test_what_is_asleep_or_over_tells_nobody(author: User) -> None:
    administrator("jane")
    pledge = record.pledge(by=author)
    record.pledge(by=author)
    actions.sweep_stale(by=author, now=NOON)
    asleep = StaleFlag.objects.exclude(pledge=pledge).get()
    record.snooze_flag(flag=asleep, until=NOON + 5 * DAY, reason="Later.", by=author, now=NOON)
    record.evidence(by=author, about=pledge)
    assert write_digests(by=author, now=NOON) == 0
    assert write_digests(by=author, now=NOON + 6 * DAY) == 1
