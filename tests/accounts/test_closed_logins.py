"""What a closed login had is ended for good: opened again, it has none of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from promises.accounts import keys
from promises.accounts.actions import NotAnAdministrator, close_login, open_login
from promises.accounts.models import ApiKey, Letter, SecurityEvent, User
from promises.accounts.security import (
    MoreRightsThanYours,
    NotYourOwnLogin,
    invite,
    send_password_link,
)
from promises.outbox.models import Delivery
from promises.outbox.tasks import deliver
from tests import record
from tests.accounts.test_keys import made
from tests.record import NOW

pytestmark = pytest.mark.django_db
LATER, BACK = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def jane(db: None) -> User:
    return record.user("jane", is_staff=True)


@pytest.fixture
def chief(db: None) -> User:
    return record.user("chief", is_superuser=True)


def log() -> list[tuple[Any, ...]]:
    """What the security log has, in order."""
    rows = SecurityEvent.objects.order_by("pk")
    return list(rows.values_list("kind", "person__username", "by__username", "means", "reason"))


def is_in(client: Client) -> bool:
    return client.get("/admin/jsi18n/").status_code == 200


def close(person: User, by: User) -> None:
    close_login(person=person, reason="Left the house.", by=by, now=LATER)


def reopen(person: User, by: User) -> None:
    open_login(person=person, reason="Is back.", by=by, now=BACK)


def test_keys_are_revoked_with_the_login(jane: User, chief: User) -> None:
    key, text = made(jane)
    ended, _text = made(jane)
    keys.revoke_key(key=ended, by=jane, now=NOW)
    over, _text = made(jane, now=NOW - timedelta(days=31))
    theirs, other = made(chief)
    letters, before = Letter.objects.count(), len(log())
    close(jane, chief)
    assert list(ApiKey.objects.order_by("pk").values_list("pk", "revoked_at")) == [
        (key.pk, LATER), (ended.pk, NOW), (over.pk, None), (theirs.pk, None),
    ]  # fmt: skip
    assert log()[before:] == [
        ("key_revoked", "jane", "chief", key.prefix, "Left the house."),
        ("login_closed", "jane", "chief", "", "Left the house."),
    ]
    event = ApiKey.pgh_event_model.objects.filter(pgh_obj=key).latest("pgh_id")
    context = event.pgh_context.metadata
    assert (event.revoked_at, context["action"], context["by"], context["why"]) == (
        LATER, "close_login", chief.pk, "Left the house.",
    )  # fmt: skip
    # Nobody is written to at a login that is closed.
    assert Letter.objects.count() == letters
    reopen(jane, chief)
    assert log()[before + 2 :] == [("login_opened", "jane", "chief", "", "Is back.")]
    assert keys.key_of(text, now=BACK) == (None, "This key was revoked.")
    assert keys.key_of(other, now=BACK) == (theirs, "")
    new, text = made(jane, now=BACK)
    assert keys.key_of(text, now=BACK) == (new, "")


def test_once_more_changes_nothing(jane: User, chief: User) -> None:
    close(jane, chief)
    was = log()
    close(jane, chief)
    assert log() == was
    reopen(jane, chief)
    was, letters = log(), Letter.objects.count()
    reopen(jane, chief)
    jane.refresh_from_db()
    assert (jane.is_active, log(), Letter.objects.count()) == (True, was, letters)


def test_who_is_let_in_again_is_told(jane: User, chief: User) -> None:
    close(jane, chief)
    reopen(jane, chief)
    assert deliver()["sent"] == 1
    [letter] = mail.outbox
    assert letter.to == ["jane@example.org"]
    assert "The login jane: login opened again" in letter.body
    assert "Done by Chief: Is back." in letter.body


def test_sessions_end_with_the_login(jane: User, chief: User, client: Client) -> None:
    typed = {"login": "jane", "password": "correct horse battery"}
    client.post("/account/login/", typed)
    other = Client()
    other.force_login(chief)
    assert is_in(client)
    close(jane, chief)
    assert (Session.objects.count(), jane.usersession_set.count()) == (1, 0)
    # As of someone who was let in at the moment at which it was closed.
    late = Client()
    User.objects.filter(pk=jane.pk).update(is_active=True)
    late.post("/account/login/", typed)
    User.objects.filter(pk=jane.pk).update(is_active=False)
    reopen(jane, chief)
    assert (is_in(client), is_in(late), Session.objects.count()) == (False, False, 1)
    again = Client()
    again.post("/account/login/", typed)
    assert is_in(again)


def test_a_closed_login_makes_no_key(jane: User, chief: User) -> None:
    close(jane, chief)
    was = log()
    with pytest.raises(keys.NotAnOpenLogin):
        # As someone whose page was asked for before.
        made(jane)
    assert (ApiKey.objects.count(), log()) == (0, was)


def test_nobody_closes_or_opens_what_is_not_theirs_to(jane: User, chief: User) -> None:
    for act, error in (
        (lambda: close(jane, jane), NotYourOwnLogin),
        (lambda: close(chief, chief), NotYourOwnLogin),
        (lambda: close(chief, jane), MoreRightsThanYours),
        (lambda: close(record.user("joan"), jane), NotAnAdministrator),
    ):
        with pytest.raises(error):
            act()
    assert set(User.objects.values_list("is_active", flat=True)) == {True}
    User.objects.update(is_active=False)
    for by, error in ((chief, NotYourOwnLogin), (jane, MoreRightsThanYours)):
        with pytest.raises(error):
            reopen(chief, by)
    assert set(User.objects.values_list("is_active", flat=True)) == {False}
    assert log() == []


def link_in(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("http")).removeprefix(SITE)


def test_a_link_from_before_sets_no_password(jane: User, chief: User) -> None:
    send_password_link(person=jane, address="", browser="", now=timezone.now())
    deliver()
    link, password = link_in(mail.outbox[0].body), User.objects.get(pk=jane.pk).password
    assert "set-password" in Client().get(link, follow=True).redirect_chain[-1][0]
    pages = []
    for act in (close, reopen):
        act(jane, chief)
        page = Client().get(link, follow=True)
        pages.append(page.content.decode())
        Client().post(
            page.request["PATH_INFO"],
            {"password1": "another horse battery", "password2": "another horse battery"},
        )
    assert ["This link is not valid any more" in page for page in pages] == [True, True]
    assert User.objects.get(pk=jane.pk).password == password


def test_no_link_is_made_for_who_may_not_log_in(jane: User, chief: User) -> None:
    invite(person=jane, reason="So.", by=chief, now=timezone.now())
    send_password_link(person=jane, address="", browser="", now=timezone.now())
    close(jane, chief)
    assert (deliver()["sent"], mail.outbox) == (0, [])
    # And none is tried again.
    assert (Letter.objects.waiting().count(), Delivery.objects.count()) == (0, 0)
