"""Filters of lists say what they keep, and an administrator finds roles and undelivered mails."""

from typing import Any

import pytest
from django.test import Client

from promises.accounts.actions import give_role, write_roles
from promises.accounts.models import User
from promises.outbox.actions import put_in_outbox
from promises.outbox.models import Delivery
from tests import record
from tests.desk.conftest import registered
from tests.desk.rows import address
from tests.desk.test_front import boxes

MAILS = "/admin/outbox/delivery/"
USERS = "/admin/accounts/user/"


def listed(browser: Client, there: str) -> list[Any]:
    """The rows of a list."""
    return list(browser.get(there).context["cl"].result_list)


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_no_filter_speaks_of_empty_columns(model: Any, desk: Client) -> None:
    changes = desk.get(address(model, "changelist")).context["cl"]
    for found in changes.filter_specs:
        offered = [str(choice["display"]) for choice in found.choices(changes)]
        assert not {"Empty", "Not empty"} & set(offered), found.title


@pytest.fixture
def mails(author: User) -> list[Delivery]:
    """A mail that waits, one that was sent, and one that was given up."""
    letters = [
        Delivery(key=name, courier="mail", address=f"{name}@example.org", content={})
        for name in ("waits", "sent", "lost")
    ]
    put_in_outbox(deliveries=letters, by=author, now=record.NOW)
    waits, sent, lost = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=sent.pk).update(sent_at=record.NOW, next_try_at=None)
    Delivery.objects.filter(pk=lost.pk).update(
        set_aside_at=record.NOW, next_try_at=None, attempts=9, last_error="No such mailbox."
    )
    return [waits, sent, lost]


def test_a_mail_that_was_given_up_waits_on_the_front_page(
    desk: Client, mails: list[Delivery]
) -> None:
    waits, sent, lost = mails
    assert boxes(desk) == {"Mails given up": (1, 1)}
    page = desk.get("/admin/").content.decode()
    assert "lost@example.org" in page
    assert "No such mailbox." in page
    assert listed(desk, f"{MAILS}?stands=given-up") == [lost]
    assert listed(desk, f"{MAILS}?stands=waiting") == [waits]
    assert listed(desk, f"{MAILS}?stands=sent") == [sent]
    assert listed(desk, MAILS) == [lost, sent, waits]


def test_who_cannot_send_it_again_is_not_told_of_a_mail(
    author: User, person: User, mails: list[Delivery], client: Client
) -> None:
    write_roles(by=person, now=record.NOW)
    jane = record.user("jane-example")
    give_role(person=jane, role="editor", reason="Works here.", by=person, now=record.NOW)
    client.force_login(jane)
    assert boxes(client) == {}


def test_the_list_of_users_says_who_has_which_role(desk: Client, person: User) -> None:
    write_roles(by=person, now=record.NOW)
    jane = record.user("jane-example")
    give_role(person=jane, role="editor", reason="Works here.", by=person, now=record.NOW)
    john = record.user("john-example")
    page = desk.get(USERS).content.decode()
    assert '<td class="field-role">every right</td>' in page
    assert '<td class="field-role">editor</td>' in page
    assert '<td class="field-role">—</td>' in page
    assert listed(desk, f"{USERS}?role=editor") == [jane]
    assert jane not in listed(desk, f"{USERS}?role=none")
    assert john in listed(desk, f"{USERS}?role=none")
