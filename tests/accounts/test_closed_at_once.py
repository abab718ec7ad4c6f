"""What is done at a login in the moment in which it is closed does not outlast that."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from promises.accounts.actions import (
    NotAnAdministrator,
    close_login,
    give_role,
    open_login,
    write_roles,
)
from promises.accounts.keys import NotAnOpenLogin
from promises.accounts.models import ApiKey, RoleGrant, SecurityEvent, User
from promises.desk.entrance.adapters import AccountAdapter
from tests import record
from tests.accounts.test_keys import made
from tests.desk import sent
from tests.ledger.test_told_at_once import at_once
from tests.record import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jane(db: None) -> User:
    return record.user("jane")


@pytest.fixture
def chief(db: None) -> User:
    return record.user("chief", is_staff=True, is_superuser=True)


@pytest.fixture
def close(jane: User, chief: User) -> Callable[[], Any]:
    return lambda: close_login(person=jane, reason="Left.", by=chief, now=NOW)


@pytest.mark.parametrize("closes_first", [False, True], ids=["key", "login"])
def test_a_key_made_while_its_login_is_closed(
    jane: User, close: Callable[[], Any], closes_first: bool
) -> None:
    def make() -> None:
        with suppress(NotAnOpenLogin):
            made(jane)

    at_once(*((close, make) if closes_first else (make, close)))
    # Refused where the login was closed first; else made, and revoked with it.
    assert [key.revoked_at for key in ApiKey.objects.all()] == ([] if closes_first else [NOW])


def test_two_close_one_login_and_one_opens_it(
    jane: User, chief: User, close: Callable[[], Any]
) -> None:
    other = record.user("other", is_superuser=True)
    at_once(
        close,
        lambda: close_login(person=jane, reason="Gone.", by=other, now=NOW),
        lambda: open_login(person=jane, reason="No.", by=other, now=NOW),
    )
    rows = list(SecurityEvent.objects.order_by("pk").values_list("kind", "reason"))
    assert rows[0] == ("login_closed", "Left.")
    jane.refresh_from_db()
    # Who of the two others came first is theirs; what is so now is what the log says last.
    assert (rows[-1][0] == "login_opened") == jane.is_active
    assert [kind for kind, _ in rows] in (
        ["login_closed", "login_opened"],
        ["login_closed", "login_opened", "login_closed"],
    )


@pytest.mark.parametrize("act", ["close", "role"])
def test_of_two_who_act_on_each_other_one_comes_first(act: str) -> None:
    write_roles(by=record.user("maker"), now=NOW)
    first, second = record.user("first", is_staff=True), record.user("second", is_staff=True)
    for person in (first, second):
        person.groups.set(Group.objects.filter(name="administrator"))

    def do(person: User, by: User) -> Callable[[], None]:
        def done() -> None:
            with suppress(NotAnAdministrator):
                if act == "close":
                    close_login(person=person, reason="Left.", by=by, now=NOW)
                else:
                    give_role(person=person, role="", reason="Left.", by=by, now=NOW)

        return done

    at_once(do(second, first), do(first, second))
    left = User.objects.filter(is_active=True, groups__name="administrator")
    assert [person.pk for person in left] == [first.pk]
    assert SecurityEvent.objects.count() + RoleGrant.objects.count() == 1


def test_a_new_password_does_not_open_what_was_closed_meanwhile(
    jane: User, close: Callable[[], Any]
) -> None:
    read_before = User.objects.get(pk=jane.pk)
    close()
    AccountAdapter().set_password(read_before, "another horse battery")
    jane.refresh_from_db()
    assert (jane.is_active, jane.check_password("another horse battery")) == (False, True)


@pytest.mark.parametrize("page", ["change", "password"])
def test_a_page_of_the_desk_does_not_open_what_was_closed_meanwhile(
    jane: User, chief: User, close: Callable[[], Any], page: str
) -> None:
    desk = Client()
    desk.force_login(chief)
    there = f"/admin/accounts/user/{jane.pk}/{page}/"
    answers = {
        "change": {"display_name": "Jane Example"},
        "password": {"password1": "another horse battery", "password2": "another horse battery"},
    }
    fields = sent.page(desk, there, **answers[page])
    # The page reads the login as it was before, and waits for whoever closes it.
    at_once(close, lambda: desk.post(there, fields))
    jane.refresh_from_db()
    assert not jane.is_active
    assert jane.display_name == "Jane"
    assert jane.check_password("another horse battery") == (page == "password")


def test_of_two_at_the_desk_who_close_each_other_one_comes_first() -> None:
    chiefs = [record.user(name, is_staff=True, is_superuser=True) for name in ("first", "second")]
    answers: list[int] = []

    def closing(by: User, person: User) -> Callable[[], None]:
        desk, there = Client(), f"/admin/accounts/user/{person.pk}/step/close/"
        desk.force_login(by)
        fields = sent.page(desk, there, reason="Left.")
        return lambda: answers.append(desk.post(there, fields).status_code)

    first, second = chiefs
    at_once(closing(first, second), closing(second, first))
    assert sorted(answers) == [200, 302]
    assert [person.pk for person in User.objects.filter(is_active=True, is_staff=True)] in (
        [first.pk],
        [second.pk],
    )
