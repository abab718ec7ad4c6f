"""Whoever guesses is slowed down; whoever is guessed at is not locked out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.utils import timezone

from promises.accounts.models import LoginAttempt, SecurityEvent, User
from promises.accounts.security import take_attempt
from promises.accounts.tasks import forget
from tests import record
from tests.desk.entrance.conftest import browser, log_in

pytestmark = pytest.mark.django_db
REFUSED = "Too many attempts from here."


def guess(times: int, address: str = "192.0.2.{}", name: str = "jane") -> int:
    """Guess, each time from another address; return how many guesses were really tried."""
    pages = [
        log_in(browser(address.format(number)), name, f"guess {number}").content.decode()
        for number in range(times)
    ]
    assert all("do not belong together" in page or REFUSED in page for page in pages)
    return sum(REFUSED not in page for page in pages)


def test_two_hundred_guesses_from_everywhere_lock_nobody_out(jane: User) -> None:
    at_home = browser()
    assert log_in(at_home, "jane").status_code == 302
    at_home.post("/account/logout/")
    # Of 200 strange addresses 50 an hour are heard.
    assert guess(200) == 50
    # From her own address, with a browser that forgets everything.
    assert log_in(browser(), "jane").status_code == 302
    # With her own browser, at a strange address, even at one that guesses.
    for address in ("203.0.113.9", "192.0.2.7"):
        travelling = browser(address)
        travelling.cookies["device"] = at_home.cookies["device"].value
        assert log_in(travelling, "jane").status_code == 302
    # The stranger is told to wait even when the guess would be right.
    assert REFUSED in log_in(browser("192.0.2.250"), "jane").content.decode()


def test_one_address_has_ten_guesses_an_hour(jane: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert guess(30, "192.0.2.1") == 10
        assert REFUSED in log_in(browser("192.0.2.1"), "jane").content.decode()
        clock.shift(timedelta(minutes=59))
        assert guess(5, "192.0.2.1") == 0
        clock.shift(timedelta(minutes=2))
        assert guess(30, "192.0.2.1") == 10
        clock.shift(timedelta(minutes=61))
        assert log_in(browser("192.0.2.1"), "jane").status_code == 302
    LoginAttempt.objects.update(tried_at=F("tried_at") - timedelta(hours=3))
    assert forget() == 20
    assert LoginAttempt.objects.count() == 0


def test_one_address_has_sixty_guesses_at_all_names(jane: User) -> None:
    tried = sum(guess(1, "192.0.2.1", f"name-{number}") for number in range(66))
    assert tried == 60


def test_names_that_nobody_has_are_held_to_the_same(jane: User) -> None:
    assert (guess(12, "192.0.2.1"), guess(12, "192.0.2.2", "nobody")) == (10, 10)
    assert (guess(42, "198.18.0.{}"), guess(42, "198.18.1.{}", "nobody")) == (40, 40)


def test_success_costs_nothing_and_gives_nothing(jane: User) -> None:
    record.user("guesser")
    for _number in range(15):
        assert log_in(browser("192.0.2.1"), "guesser").status_code == 302
    assert guess(9, "192.0.2.1") == 9
    # A login of one's own in between does not begin the count anew.
    log_in(browser("192.0.2.1"), "guesser")
    assert guess(9, "192.0.2.1") == 1


def test_an_own_device_is_held_to_its_own_failures(jane: User) -> None:
    device = browser()
    log_in(device, "jane")
    device.post("/account/logout/")
    for _number in range(20):
        assert REFUSED not in log_in(device, "jane", "wrong").content.decode()
    assert REFUSED in log_in(device, "jane").content.decode()


def test_the_mark_of_a_device_cannot_be_made_up(jane: User) -> None:
    record.user("guesser")
    other = browser("192.0.2.1")
    log_in(other, "guesser")
    guess(10, "192.0.2.1")
    # It is known for another name, and a forged one is worth nothing.
    for value in (other.cookies["device"].value, "forged", "a:b:c"):
        client = browser("192.0.2.1")
        client.cookies["device"] = value
        assert REFUSED in log_in(client, "jane").content.decode()


def test_being_held_up_is_kept_once(jane: User) -> None:
    guess(30, "192.0.2.1")
    kinds = list(SecurityEvent.objects.filter(person=jane).values_list("kind", flat=True))
    assert (kinds.count("login_failed"), kinds.count("logins_slowed")) == (10, 1)


def test_attempts_hold_no_name_and_no_address(jane: User) -> None:
    guess(1, "192.0.2.1")
    kept = str(list(LoginAttempt.objects.values()))
    assert "jane" not in kept
    assert "192.0.2" not in kept


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_pass_no_limit(jane: User) -> None:
    def take(_number: int) -> bool:
        given: Any = {"purpose": "password", "name": "jane", "device": "", "now": timezone.now()}
        try:
            return take_attempt(address="192.0.2.1", **given) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(50))) == 10


def test_the_log_grows_only(jane: User, database_refuses: Any) -> None:
    log_in(browser(), "jane")
    event = SecurityEvent.objects.get()
    with database_refuses("The security log is append-only"):
        SecurityEvent.objects.update(kind="logged_out")
    with database_refuses("The security log is append-only"):
        event.delete()
    event.kind = "logged_out"
    with database_refuses("The security log is append-only"):
        SecurityEvent.objects.bulk_update([event], ["kind"])
    with database_refuses("The security log is append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_securityevent SET address = NULL")
    with database_refuses("accounts_event_of_administrator_says_why"):
        SecurityEvent.objects.create(
            kind="session_ended", person=jane, by=jane, happened_at=timezone.now()
        )
    assert SecurityEvent.objects.get().kind == "logged_in"
