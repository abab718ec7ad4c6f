"""Sessions one can list and end, and what ends them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from promises.accounts.models import Letter, SecurityEvent, User
from promises.accounts.security import MoreRightsThanYours, change_email
from promises.outbox.tasks import deliver
from tests import record
from tests.desk import sent
from tests.desk.entrance.conftest import browser, log_in

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    # The smallest answer of the desk.
    return client.get("/admin/jsi18n/").status_code == 200


def test_one_ends_one_session_and_then_all_others(at_desk: Any, jane: User) -> None:
    here, lost, other = at_desk(), at_desk("203.0.113.5"), at_desk("203.0.113.6")
    page = here.get("/account/sessions/")
    rows = page.context["rows"]
    assert [(row.ip, name, is_this) for row, name, is_this in rows] == [
        ("203.0.113.6", "Firefox on Linux", False),
        ("203.0.113.5", "Firefox on Linux", False),
        ("198.51.100.7", "Firefox on Linux", True),
    ]
    number = rows[1][0].pk
    assert here.post(f"/account/sessions/{number}/end/").status_code == 302
    assert (is_in(here), is_in(lost), is_in(other)) == (True, False, True)
    assert here.post(f"/account/sessions/{number}/end/").status_code == 404
    assert here.post("/account/sessions/others/end/").status_code == 302
    assert (is_in(here), is_in(other)) == (True, False)
    assert len(here.get("/account/sessions/").context["rows"]) == 1
    assert SecurityEvent.objects.filter(kind="session_ended", person=jane).count() == 2


@pytest.mark.django_db(transaction=True)
def test_who_reads_goes_on_where_nothing_can_be_written(at_desk: Any, jane: User) -> None:
    here = at_desk()
    seen = jane.usersession_set.get().last_seen_at
    with connection.cursor() as cursor, time_machine.travel(timezone.now() + timedelta(minutes=6)):
        cursor.execute("SET default_transaction_read_only = on")
        try:
            # Long enough ago for a note that it was seen.
            assert is_in(here)
        finally:
            cursor.execute("RESET default_transaction_read_only")
        assert jane.usersession_set.get().last_seen_at == seen
        assert is_in(here)
        assert jane.usersession_set.get().last_seen_at > seen


def test_nobody_ends_the_session_of_another(at_desk: Any, jane: User) -> None:
    hers = at_desk()
    record.user("eve", is_staff=True)
    eve = browser()
    log_in(eve, "eve")
    number = jane.usersession_set.get().pk
    assert eve.post(f"/account/sessions/{number}/end/").status_code == 404
    assert eve.get("/account/sessions/").content.decode().count("Firefox on Linux") == 1
    assert is_in(hers)


def test_a_new_password_ends_all_sessions_but_this_one(at_desk: Any, jane: User) -> None:
    here, other = at_desk(), at_desk()
    answers = {"password1": "another horse battery", "password2": "another horse battery"}
    wrong = here.post("/account/password/", {**answers, "oldpassword": "wrong"})
    assert wrong.status_code == 200
    assert (is_in(here), is_in(other)) == (True, True)
    right = {**answers, "oldpassword": "correct horse battery"}
    assert here.post("/account/password/", right)["Location"] == "/account/"
    assert (is_in(here), is_in(other)) == (True, False)
    assert jane.usersession_set.count() == 1
    assert here.get("/admin/password_change/")["Location"] == "/account/password/"


def test_an_administrator_ends_all_sessions_of_a_person(
    at_desk: Any, jane: User, client: Client
) -> None:
    sessions = [at_desk(), at_desk("203.0.113.5")]
    client.force_login(record.user("chief", is_staff=True, is_superuser=True))
    step = f"/admin/accounts/user/{jane.pk}/step/end-sessions/"
    assert sent.step(client, step, reason="Left the house.").status_code == 302
    assert [is_in(session) for session in sessions] == [False, False]
    event = SecurityEvent.objects.latest("pk")
    assert (event.kind, event.reason, str(event.by)) == (
        "session_ended", "Left the house.", "Chief",
    )  # fmt: skip


def test_a_session_ends_when_it_is_idle_or_old(at_desk: Any) -> None:
    began = timezone.now()
    with time_machine.travel(began) as clock:
        idle, used = at_desk(), at_desk()
        for hours in range(6, 14 * 24, 6):
            clock.move_to(began + timedelta(hours=hours))
            assert is_in(used), hours
            assert is_in(idle) is False if hours > 12 else True
        clock.move_to(began + timedelta(days=14, minutes=1))
        assert not is_in(used)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("eleven sig.", "It must contain at least 12 characters."),
        ("1qaz2wsx3edc", "This password is too common."),
    ],
)
def test_a_password_is_long_and_not_common(at_desk: Any, jane: User, new: str, says: str) -> None:
    before = jane.password
    answers = {"oldpassword": "correct horse battery", "password1": new, "password2": new}
    assert says in at_desk().post("/account/password/", answers).content.decode()
    assert User.objects.get(pk=jane.pk).password == before


def test_a_forgotten_password_is_set_by_a_link(at_desk: Any, jane: User) -> None:
    old = at_desk()
    answers = {
        email: browser().post("/account/password/forgotten/", {"email": email})
        for email in ("jane@example.org", "nobody@example.org")
    }
    assert {a["Location"] for a in answers.values()} == {"/account/password/forgotten/sent/"}
    assert mail.outbox == []
    assert deliver()["sent"] == 1
    [letter] = mail.outbox
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://127.0.0.1:8000/account/password/new/")
    client = browser("203.0.113.77")
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "set-password" in form.redirect_chain[-1][0]
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    there = form.redirect_chain[-1][0]
    assert client.post(there, new)["Location"] == "/account/password/done/"
    assert not is_in(old)
    # Whoever set it is not logged in by that, and the link is used up.
    assert not is_in(client)
    again = browser().get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "This link is not valid any more" in again.content.decode()
    assert log_in(client, "jane", "another horse battery").status_code == 302


def test_links_do_not_flood_a_mailbox(jane: User) -> None:
    for number in range(20):
        client = browser(f"203.0.113.{number}")
        answer = client.post("/account/password/forgotten/", {"email": "jane@example.org"})
        assert answer["Location"] == "/account/password/forgotten/sent/"
    assert deliver()["sent"] == 5


def test_an_invitation(jane: User, client: Client) -> None:
    client.force_login(record.user("chief", is_staff=True, is_superuser=True))
    joan = record.user("joan")
    joan.set_unusable_password()
    joan.save()
    step = f"/admin/accounts/user/{joan.pk}/step/invite/"
    assert sent.step(client, step, reason="Our new researcher.").status_code == 302
    assert deliver()["sent"] == 1
    assert mail.outbox[0].to == ["joan@example.org"]
    assert "has made a login for you: joan" in mail.outbox[0].body
    joan.email = ""
    joan.save()
    refused = sent.step(client, step, reason="Again.")
    assert "An invitation needs an active login" in refused.content.decode()


def test_a_changed_address_is_kept_and_the_one_before_is_told(jane: User, client: Client) -> None:
    """Whoever is sent a link to set a password at a new address was not asked at the old one."""
    client.force_login(record.user("chief", is_staff=True, is_superuser=True))
    there = f"/admin/accounts/user/{jane.pk}/change/"
    page = sent.page(client, there, email="elsewhere@example.org")
    assert client.post(there, page).status_code == 302
    jane.refresh_from_db()
    assert jane.email == "elsewhere@example.org"
    event = SecurityEvent.objects.latest("pk")
    assert (event.kind, event.person, str(event.by), event.reason) == (
        "email_changed", jane, "Chief", "Address changed on the desk.",
    )  # fmt: skip
    assert sent.step(client, f"{there[:-7]}step/invite/", reason="Lost it.").status_code == 302
    assert deliver()["sent"] == 2
    assert [letter.to for letter in mail.outbox] == [["jane@example.org"], [jane.email]]
    assert "The login jane: email address changed" in mail.outbox[0].body
    assert "Done by Chief: Address changed on the desk." in mail.outbox[0].body
    assert "/account/password/" not in mail.outbox[0].body
    # The page sent once more changes nothing.
    assert client.post(there, sent.page(client, there)).status_code == 302
    assert SecurityEvent.objects.filter(kind="email_changed").count() == 1


def test_the_address_of_someone_with_more_rights_stays(jane: User) -> None:
    clerk = record.user("clerk", is_staff=True)
    given: dict[str, Any] = {"reason": "So.", "by": clerk, "now": timezone.now()}
    with pytest.raises(MoreRightsThanYours):
        change_email(person=jane, email="elsewhere@example.org", **given)
    with pytest.raises(ValidationError):
        change_email(person=clerk, email="nowhere", **given)
    assert set(User.objects.values_list("email", flat=True)) == {
        "jane@example.org", "clerk@example.org",
    }  # fmt: skip
    assert SecurityEvent.objects.filter(kind="email_changed").count() == Letter.objects.count() == 0
    # Where there was no address, nobody is told; one's own change names no administrator.
    User.objects.filter(pk=clerk.pk).update(email="")
    change_email(person=clerk, email="new@example.org", **given)
    event = SecurityEvent.objects.get(kind="email_changed")
    assert (event.person, event.by, Letter.objects.count()) == (clerk, None, 0)


def test_a_link_goes_to_its_owner_only(jane: User, database_refuses: Any) -> None:
    with database_refuses("accounts_letter_only_a_notice_goes_elsewhere"):
        Letter.objects.create(
            person=jane, kind="invitation", to="elsewhere@example.org", queued_at=timezone.now()
        )
