"""Who may give rights on the desk, and to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection
from django.test import Client

from promises.accounts.models import Letter, SecurityEvent, User
from promises.webhooks.actions import add_endpoint
from tests import record
from tests.desk import sent

USERS = "/admin/accounts/user/"
NEW = {"password1": "another horse battery", "password2": "another horse battery"}


@pytest.fixture
def clerk(client: Client, db: None) -> Client:
    """The browser of someone who may change users but has not every right."""
    person = record.user("clerk", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client.force_login(person)
    return client


def test_a_new_login_has_a_public_name(desk: Client) -> None:
    answers = {
        "username": "joan",
        "display_name": "Joan Example",
        "email": "joan@example.org",
    }
    nameless = desk.post(f"{USERS}add/", {**answers, "display_name": ""})
    assert nameless.context["adminform"].form.errors == {
        "display_name": ["This field is required."]
    }
    assert desk.post(f"{USERS}add/", answers).status_code == 302
    joan = User.objects.get(username="joan")
    assert (str(joan), joan.is_staff, joan.is_superuser) == ("Joan Example", False, False)
    assert not joan.has_usable_password()


# What Django says of passwords: of other ways in, which there are none here.
NOT_OURS = ("authentication", "Single Sign-On", "LDAP", "usable_password", "unset-password")


def test_a_new_login_gets_its_password_by_a_link(desk: Client) -> None:
    asked = desk.get(f"{USERS}add/").content.decode()
    assert set(sent.fields_of(asked)) >= {"username", "display_name", "email"}
    assert [name for name in sent.fields_of(asked) if "password" in name] == []
    assert "Then give a role, and send a link to set a password." in asked
    assert "The link to set a password goes there." in asked
    answers = {"username": "joan", "display_name": "Joan Example", "email": "joan@example.org"}
    page = desk.post(f"{USERS}add/", sent.page(desk, f"{USERS}add/", **answers), follow=True)
    shown = page.content.decode()
    assert "Send a link to set a password by the button below, or set one here." in shown
    joan = User.objects.get(username="joan")
    there = f"{USERS}{joan.pk}/password/"
    pages = [asked, shown, desk.get(there).content.decode()]
    assert desk.post(there, NEW).status_code == 302
    pages += [desk.get(each).content.decode() for each in (there, f"{USERS}{joan.pk}/change/")]
    assert [word for page in pages for word in NOT_OURS if word in page] == []
    assert User.objects.get(pk=joan.pk).check_password("another horse battery")


@pytest.mark.parametrize(
    ("login", "says"),
    [
        ({}, "Send a link to set a password by the button below, or set one here."),
        ({"email": ""}, "Enter an email address and save: then a link can be sent by a button."),
        ({"is_active": False}, ""),
        ({"is_service": True}, ""),
    ],
    ids=["address", "no address", "closed", "service"],
)
def test_a_link_is_spoken_of_where_its_button_stands(
    desk: Client, login: dict[str, Any], says: str
) -> None:
    joan = record.user("joan")
    joan.set_unusable_password()
    joan.save()
    User.objects.filter(pk=joan.pk).update(**login)
    page = desk.get(f"{USERS}{joan.pk}/change/")
    assert page.context["adminform"].form.fields["password"].help_text == says
    assert ('value="invite"' in page.content.decode()) is says.startswith("Send")


def test_the_page_of_a_login_speaks_of_what_can_be_done_there(desk: Client, author: User) -> None:
    page = desk.get(f"{USERS}{author.pk}/change/").content.decode()
    assert [words for words in ("Unselect this", "admin site", "Designates") if words in page] == []
    assert "Changed by the steps that close a login and open it again." in page
    assert "Opens the desk. Whoever is given a role has it." in page
    assert "Every right of the desk; the rules bind them all the same." in page


def test_a_password_is_not_taken_away(desk: Client, author: User) -> None:
    """Whoever is to stay outside has their login closed, which says why."""
    nothing = {"usable_password": "false", "unset-password": "yes"}
    refused = desk.post(f"{USERS}{author.pk}/password/", nothing)
    assert refused.status_code == 200
    errors = {"password1": ["This field is required."], "password2": ["This field is required."]}
    assert refused.context["form"].errors == errors
    assert User.objects.get(pk=author.pk).password == author.password


def test_a_name_taken_in_another_case_is_refused_together_with_what_was_typed(
    desk: Client, author: User
) -> None:
    answers = {"username": author.username.upper(), "display_name": "Joan Example"}
    refused = desk.post(f"{USERS}add/", sent.page(desk, f"{USERS}add/", **answers))
    assert refused.context["adminform"].form.errors == {
        "username": ["A user with that username already exists."]
    }
    assert sent.fields_of(refused.content.decode())["display_name"] == "Joan Example"
    assert not User.objects.filter(display_name="Joan Example").exists()


def test_nobody_raises_themselves(clerk: Client) -> None:
    me = User.objects.get(username="clerk")
    there = f"{USERS}{me.pk}/change/"
    page = sent.page(clerk, there, display_name="The Clerk", is_superuser="on", is_active="on")
    assert clerk.post(there, page).status_code == 302
    me.refresh_from_db()
    assert (me.display_name, me.is_superuser, me.is_staff) == ("The Clerk", False, True)


def test_a_password_is_spoken_of_only_where_it_can_be_set(clerk: Client, person: User) -> None:
    me = User.objects.get(username="clerk")
    assert "Reset password" in clerk.get(f"{USERS}{me.pk}/change/").content.decode()
    shown = clerk.get(f"{USERS}{person.pk}/change/").content.decode()
    found = [word for word in ("Reset password", "algorithm", "salt") if word in shown]
    assert (person.username in shown, found) == (True, [])


def test_nobody_takes_over_an_account_with_more_rights(clerk: Client, person: User) -> None:
    before = person.password
    there = f"{USERS}{person.pk}"
    assert clerk.post(f"{there}/change/", {"username": "mine"}).status_code == 403
    answers = {"password1": "another horse battery", "password2": "another horse battery"}
    assert clerk.post(f"{there}/password/", answers).status_code == 403
    person.refresh_from_db()
    assert (person.username, person.password) == ("editor", before)


def test_nobody_is_deleted(desk: Client, author: User) -> None:
    assert desk.post(f"{USERS}{author.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=author.pk).exists()


def test_two_people_do_not_sign_with_one_name(desk: Client, author: User) -> None:
    answers = {
        "username": "second",
        "display_name": author.display_name.upper(),
        "email": "second@example.org",
    }
    refused = desk.post(f"{USERS}add/", answers)
    assert refused.context["adminform"].form.errors == {
        "__all__": [
            "Someone else signs with this name. Add an initial, so that readers can tell the two"
            " apart."
        ]
    }
    assert not User.objects.filter(username="second").exists()
    with pytest.raises(IntegrityError, match="accounts_user_public_name_once"):
        record.user(author.username.upper())


@pytest.mark.parametrize("written", ["{}", "0{}"])
def test_nobody_sets_their_own_password_on_the_desk(
    desk: Client, person: User, written: str
) -> None:
    before, there = person.password, f"{USERS}{written.format(person.pk)}/password/"
    for answer in (desk.get(there), desk.post(there, NEW)):
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
    person.refresh_from_db()
    assert person.password == before
    assert not SecurityEvent.objects.exists()


def test_a_password_that_is_set_for_another_is_told(
    desk: Client, person: User, author: User
) -> None:
    answer = desk.post(f"{USERS}{author.pk}/password/", NEW)
    assert answer["Location"] == f"{USERS}{author.pk}/change/"
    author.refresh_from_db()
    assert author.check_password("another horse battery")
    event = SecurityEvent.objects.get()
    assert (event.kind, event.person, event.by, event.reason) == (
        "password_changed", author, person, "Password set on the desk.",
    )  # fmt: skip
    assert Letter.objects.get().event == event


def test_a_password_whose_setting_cannot_be_noted_is_not_set(desk: Client, author: User) -> None:
    before = author.password
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_securityevent ADD CHECK (kind <> 'password_changed')")
    with pytest.raises(IntegrityError):
        desk.post(f"{USERS}{author.pk}/password/", NEW)
    author.refresh_from_db()
    assert author.password == before


TAKEN = "Someone else signs with this name. Add an initial, so that readers can tell the two apart."
UNSEEN = (
    "Remove the invisible character at position {} (U+{}): readers could not tell this name from"
    " another."
)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("First  Editor", TAKEN),
        (" first\u00a0EDITOR ", TAKEN),
        ("First\u2003\u3000Editor", TAKEN),
        ("\uff26irst Editor", TAKEN),
        ("Fi\u200drst Editor", TAKEN),
        ("First\u200b Editor", UNSEEN.format(6, "200B")),
        ("First \u202eEditor", UNSEEN.format(7, "202E")),
        ("First \u2066Editor", UNSEEN.format(7, "2066")),
        ("\ufeffFirst Editor", UNSEEN.format(1, "FEFF")),
        ("First\u00ad Editor", UNSEEN.format(6, "00AD")),
        ("First\u200e Editor", UNSEEN.format(6, "200E")),
        ("First\x07 Editor", UNSEEN.format(6, "0007")),
        ("First \u3164Editor", UNSEEN.format(7, "3164")),
        ("First\U000e0041 Editor", UNSEEN.format(6, "E0041")),
    ],
)
def test_nobody_signs_with_a_name_that_looks_like_another(
    desk: Client, database_refuses: Callable, name: str, error: str
) -> None:
    first, second = record.user("first-editor"), record.user("second")
    User.objects.filter(pk=first.pk).update(display_name="First Editor")
    there = f"{USERS}{second.pk}/change/"
    refused = desk.post(there, sent.page(desk, there, display_name=name))
    errors = refused.context["adminform"].form.errors
    assert [text for found in errors.values() for text in found] == [error]
    with database_refuses("accounts_user_public_name_(once|is_plain)"):
        User.objects.filter(pk=second.pk).update(display_name=name)
    second.refresh_from_db()
    assert second.display_name == "Second"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jane \u00a0 Q.\u2003Example ", "Jane Q. Example"),
        ("Zo\u00eb Sample", "Zo\u00eb Sample"),
        ("\u0645\u06cc\u200c\u0631\u0648\u062f", "\u0645\u06cc\u200c\u0631\u0648\u062f"),
    ],
)
def test_white_space_in_a_public_name_is_folded(desk: Client, typed: str, kept: str) -> None:
    person = record.user("second")
    there = f"{USERS}{person.pk}/change/"
    assert desk.post(there, sent.page(desk, there, display_name=typed)).status_code == 302
    person.refresh_from_db()
    assert person.display_name == kept


def test_a_login_is_closed_and_opened_by_steps(desk: Client, person: User, author: User) -> None:
    endpoint, _secret = add_endpoint(
        owner=author, url="https://hooks.example.org/", by=author, now=record.NOW
    )
    there = f"{USERS}{author.pk}/change/"
    page = sent.page(desk, there, display_name="The Author")
    # The tick is shown, and no page changes it.
    assert "is_active" not in page
    assert desk.post(there, page).status_code == 302
    author.refresh_from_db()
    assert (author.is_active, str(author)) == (True, "The Author")
    assert sent.step(desk, f"{USERS}{author.pk}/step/close/").status_code == 200
    author.refresh_from_db()
    assert author.is_active
    for step, reason in (("close", "Left the house."), ("open", "Is back.")):
        done = sent.step(desk, f"{USERS}{author.pk}/step/{step}/", reason=reason)
        assert done.status_code == 302
        author.refresh_from_db()
        endpoint.refresh_from_db()
        assert (author.is_active, endpoint.disabled_reason) == (step == "open", "login_closed")
        forged = sent.page(desk, there, is_active="on")
        assert desk.post(there, forged).status_code == 302
        author.refresh_from_db()
        assert author.is_active == (step == "open")
    assert list(
        SecurityEvent.objects.filter(person=author).order_by("pk").values_list("kind", "reason")
    ) == [("login_closed", "Left the house."), ("login_opened", "Is back.")]
