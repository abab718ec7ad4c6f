"""A page of a login or of a group that was opened earlier writes nothing back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.forms.models import model_to_dict
from django.test import Client

from promises.accounts.actions import close_login, give_role
from promises.accounts.models import RoleGrant, SecurityEvent, User
from promises.officials.actions import set_partnerships
from promises.officials.models import Jurisdiction
from tests import record
from tests.desk import sent

USERS, GROUPS = "/admin/accounts/user/", "/admin/auth/group/"
SAID = (
    "This was saved after you opened it, by someone else or by you in another window. Yours is not"
    " saved yet: compare the two and save again."
)
UNKNOWN = (
    "The page that was sent does not say which version of the record it was made from. Nothing has"
    " been saved. Compare the two and save again."
)
STEP_SAID = (
    "Someone changed this after you opened it. Nothing has been done. Read it as it now stands,"
    " and decide again."
)


def standing(person: User) -> dict[str, Any]:
    """Return everything an administrator decides about a login."""
    stored = User.objects.get(pk=person.pk)
    places = stored.partnerships.values_list("jurisdiction__name", flat=True)
    return {**model_to_dict(stored), "places": sorted(places)}


def by_page(**changes: Any) -> Callable[[User, User, Client], None]:
    """Return what another administrator does on the page of a login."""

    def change(person: User, _other: User, second_desk: Client) -> None:
        there = f"{USERS}{person.pk}/change/"
        page = sent.page(second_desk, there)
        for name, value in changes.items():
            page.pop(name) if value is None else page.update({name: value})
        assert second_desk.post(there, page).status_code == 302

    return change


def role_given(person: User, other: User, _second_desk: Client) -> None:
    give_role(person=person, role="researcher", reason="Hired.", by=other, now=record.NOW)


def login_closed(person: User, other: User, _second_desk: Client) -> None:
    close_login(person=person, reason="Left.", by=other, now=record.NOW)


def place_given(person: User, other: User, _second_desk: Client) -> None:
    place = Jurisdiction.objects.create(
        slug="example-county", name="Example County", kind="county", state="PA"
    )
    set_partnerships(person=person, jurisdictions=[place], by=other, now=record.NOW)


def permission_given(person: User, _other: User, _second_desk: Client) -> None:
    person.user_permissions.add(Permission.objects.get(codename="view_user"))


def group_joined(person: User, _other: User, _second_desk: Client) -> None:
    person.groups.add(Group.objects.create(name="Readers of logs"))


@pytest.fixture
def powerful(db: None) -> User:
    return record.user("jane", is_staff=True, is_superuser=True, is_service=True)


@pytest.mark.parametrize(
    "meanwhile",
    [
        by_page(is_superuser=None),
        by_page(is_staff=None),
        by_page(is_service=None),
        by_page(email="jane@example.com"),
        by_page(username="jane-example"),
        role_given,
        login_closed,
        place_given,
        permission_given,
        group_joined,
    ],
    ids=[
        *("superuser", "staff", "service", "email", "username"),
        *("role", "closed", "place", "permission", "group"),
    ],
)
def test_a_stale_page_of_a_login_is_refused(
    desk: Client, second_desk: Client, other: User, powerful: User, meanwhile: Any
) -> None:
    there = f"{USERS}{powerful.pk}/change/"
    stale = sent.page(desk, there, display_name="Jane Example")
    meanwhile(powerful, other, second_desk)
    stands, events = standing(powerful), SecurityEvent.objects.count()
    refused = desk.post(there, stale)
    assert refused.status_code == 200
    assert refused.context["adminform"].form.non_field_errors() == [SAID]
    assert (standing(powerful), SecurityEvent.objects.count()) == (stands, events)


def test_what_was_not_touched_is_theirs_at_the_second_save(
    desk: Client, second_desk: Client, other: User, powerful: User
) -> None:
    there = f"{USERS}{powerful.pk}/change/"
    stale = sent.page(desk, there, display_name="Jane Example", email="mine@example.org")
    by_page(is_superuser=None, email="theirs@example.org", username="theirs")(
        powerful, other, second_desk
    )
    refused = desk.post(there, stale)
    rows = {row.label: (row.before, row.mine, row.theirs) for row in refused.context["meanwhile"]}
    assert rows == {
        "Public name": ("Jane", "Jane Example", "Jane"),
        "Email address": ("jane@example.org", "mine@example.org", "theirs@example.org"),
    }
    body = refused.content.decode()
    assert powerful.password not in body
    assert desk.post(there, sent.fields_of(body)).status_code == 302
    stored = User.objects.get(pk=powerful.pk)
    assert (stored.display_name, stored.email, stored.username, stored.is_superuser) == (
        "Jane Example", "mine@example.org", "theirs", False,
    )  # fmt: skip
    assert (stored.password, stored.is_staff) == (powerful.password, True)


def test_what_is_changed_between_two_refusals_is_not_written_back(
    desk: Client, second_desk: Client, other: User, powerful: User
) -> None:
    there = f"{USERS}{powerful.pk}/change/"
    stale = sent.page(desk, there, display_name="Jane Example")
    by_page(is_superuser=None)(powerful, other, second_desk)
    again = sent.fields_of(desk.post(there, stale).content.decode())
    by_page(is_superuser="on", is_service=None)(powerful, other, second_desk)
    stands = standing(powerful)
    refused = desk.post(there, again)
    assert (refused.status_code, standing(powerful)) == (200, stands)
    assert [row.label for row in refused.context["meanwhile"]] == ["Public name"]
    last = sent.fields_of(refused.content.decode())
    assert desk.post(there, last).status_code == 302
    assert standing(powerful) == {**stands, "display_name": "Jane Example"}


def test_a_login_and_a_new_password_do_not_make_a_page_stale(
    desk: Client, second_desk: Client, powerful: User
) -> None:
    there = f"{USERS}{powerful.pk}/change/"
    page = sent.page(desk, there, display_name="Jane Example")
    Client().force_login(powerful)
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    assert second_desk.post(f"{USERS}{powerful.pk}/password/", new).status_code == 302
    assert desk.post(there, page).status_code == 302
    stored = User.objects.get(pk=powerful.pk)
    assert stored.display_name == "Jane Example"
    assert stored.check_password("another horse battery")
    assert stored.last_login is not None


@pytest.mark.parametrize("version", ["", "0", "no number", None])
def test_a_page_that_does_not_say_what_it_was_made_from_is_refused(
    desk: Client, powerful: User, version: str | None
) -> None:
    there = f"{USERS}{powerful.pk}/change/"
    page = sent.page(desk, there, display_name="Jane Example", seen_version=version)
    stands = standing(powerful)
    refused = desk.post(there, {name: value for name, value in page.items() if value is not None})
    assert refused.context["adminform"].form.non_field_errors() == [UNKNOWN]
    assert standing(powerful) == stands


@pytest.mark.parametrize("meanwhile", [role_given, login_closed, place_given])
def test_a_role_is_not_given_back_by_a_page_opened_before_it_was_changed(
    desk: Client, second_desk: Client, other: User, author: User, meanwhile: Any
) -> None:
    give_role(person=author, role="editor", reason="Hired.", by=other, now=record.NOW)
    there = f"{USERS}{author.pk}/step/role/"
    stale = sent.page(desk, there, reason="Works well.")
    assert stale["role"] == "editor"
    meanwhile(author, other, second_desk)
    stands, grants = standing(author), RoleGrant.objects.count()
    refused = desk.post(there, stale)
    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors() == [STEP_SAID]
    assert (standing(author), RoleGrant.objects.count()) == (stands, grants)
    again = {**sent.fields_of(refused.content.decode()), "jurisdictions": []}
    assert desk.post(there, again).status_code == 302


def test_a_stale_page_of_a_group_is_refused(desk: Client, second_desk: Client) -> None:
    seen, given = (Permission.objects.get(codename=f"{each}_user") for each in ("view", "change"))
    group = Group.objects.create(name="Readers of logs")
    group.permissions.set([seen, given])
    there = f"{GROUPS}{group.pk}/change/"
    stale = sent.page(desk, there, name="Readers")
    assert isinstance(stale["seen_version"], str)
    theirs = sent.page(second_desk, there, permissions=[str(seen.pk)])
    assert second_desk.post(there, theirs).status_code == 302
    refused = desk.post(there, stale)
    assert refused.context["adminform"].form.non_field_errors() == [SAID]
    group.refresh_from_db()
    assert (group.name, list(group.permissions.all())) == ("Readers of logs", [seen])
    assert desk.post(there, sent.fields_of(refused.content.decode())).status_code == 302
    group.refresh_from_db()
    assert (group.name, list(group.permissions.all())) == ("Readers", [seen])


def test_a_stale_page_of_a_group_on_which_nothing_was_typed_writes_nothing_back(
    desk: Client, second_desk: Client
) -> None:
    seen, given = (Permission.objects.get(codename=f"{each}_user") for each in ("view", "change"))
    group = Group.objects.create(name="Readers of logs")
    group.permissions.set([seen, given])
    there = f"{GROUPS}{group.pk}/change/"
    stale = sent.page(desk, there)
    theirs = sent.page(second_desk, there, name="Readers", permissions=[str(seen.pk)])
    assert second_desk.post(there, theirs).status_code == 302
    assert desk.post(there, stale).status_code == 302
    group.refresh_from_db()
    assert (group.name, list(group.permissions.all())) == ("Readers", [seen])
