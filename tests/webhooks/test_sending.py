"""Messages on the wire, to a real receiver: signed, retried, given up, never a word too many."""

from datetime import timedelta

import pytest

from promises.accounts.models import User
from promises.outbox.models import Delivery
from promises.pledges.actions import retract_pledge
from promises.staleness.actions import sweep_stale
from promises.webhooks.actions import rotate_secret, send_test
from promises.webhooks.feeding import read_ledger, replay_message
from promises.webhooks.models import Attempt, Endpoint, Message
from tests import record
from tests.webhooks.conftest import NOW, Line

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def answering(line: Line, status: int, body: bytes = b"", **headers: str) -> None:
    """Let the receiver answer like this from now on."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    line.receiver.reply = lambda _received: (status, more, body)


def test_a_message_is_signed_and_says_what_the_changes_feed_says(line: Line, author: User) -> None:
    endpoint = line.opened(event_types=["pledge.published"])
    pledge = record.pledge(by=author)
    assert line.tick() == 1
    (received,) = line.receiver.received
    assert received.is_signed_with(line.secrets[endpoint.reference])
    message = Message.objects.get()
    assert (received.name, message.accepted_at, message.next_try_at) == (message.name, NOW, None)
    assert received.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert received.headers["content-type"] == "application/json"
    told = received.told
    assert (told["type"], told["timestamp"]) == (
        "pledge.published", "2026-03-02T12:00:00.000000Z",
    )  # fmt: skip
    data = told["data"]
    assert {**data, "row": data["row"]["title"]} == {
        "edition": message.entry_id,
        "event": "pledge:published",
        "subject": f"pledges/{pledge.slug}",
        "pledge": pledge.slug,
        "by": "Author",
        "url": f"http://127.0.0.1:8000/pledges/{pledge.slug}/",
        "change": f"http://127.0.0.1:8000/api/v1/changes/{message.entry_id}/",
        "row": pledge.title,
        "is_cut": False,
    }
    assert line.tick(NOW + DAY) == 0


def test_messages_go_in_the_order_of_the_ledger(line: Line, author: User) -> None:
    line.opened()
    pledge = record.pledge(by=author)
    record.published_update(by=author, of=pledge)
    line.tick()
    editions = [one.told["data"]["edition"] for one in line.receiver.received]
    assert editions == sorted(editions)
    assert len(editions) > 3


def test_nine_tries_over_three_days_then_it_is_given_up(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    answering(line, 500, b"We are \x07broken. " * 100)
    now, tries = NOW, []
    while (message := Message.objects.first()) is None or message.next_try_at:
        now = message.next_try_at if message and message.next_try_at else now
        assert line.tick(now) == 1
        tries.append(now)
    assert len(tries) == 9
    assert timedelta(hours=72) <= tries[-1] - tries[0] <= timedelta(hours=80)
    assert (message.set_aside_at, message.set_aside_reason) == (now, "tried_out")
    assert {one.name for one in line.receiver.received} == {message.name}
    attempt = Attempt.objects.latest("pk")
    assert (attempt.status, attempt.fault) == (500, "")
    assert attempt.excerpt == ("We are broken. " * 100)[: len(attempt.excerpt)]
    assert 400 < len(attempt.excerpt) <= 500
    assert Endpoint.objects.get().disabled_at is None


def test_retry_after_is_kept_to_for_all_that_waits(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    record.pledge(by=author)
    answering(line, 503, retry_after="7200")
    assert line.tick() == 1
    assert line.tick(NOW + timedelta(seconds=7199)) == 0
    answering(line, 200)
    assert line.tick(NOW + timedelta(seconds=7200)) == 2
    assert Message.objects.waiting().count() == 0


def test_a_date_that_no_clock_shows_is_no_retry_after(line: Line, author: User) -> None:
    endpoint = line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    answering(line, 503, retry_after="Mon, 01 Jan 99999999999 00:00:00 GMT")
    assert line.tick() == 1
    endpoint.refresh_from_db()
    assert (endpoint.leased_until, endpoint.first_failed_at) == (None, NOW)
    assert (Attempt.objects.get().status, Message.objects.get().attempts) == (503, 1)
    answering(line, 200)
    assert line.tick(NOW + timedelta(minutes=2)) == 1
    assert Message.objects.waiting().count() == 0


def test_410_closes_the_endpoint_and_its_owner_gets_a_mail(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    record.pledge(by=author)
    answering(line, 410)
    assert line.tick() == 1
    endpoint = Endpoint.objects.get()
    assert (endpoint.disabled_at, endpoint.disabled_reason) == (NOW, "gone")
    assert set(Message.objects.values_list("set_aside_reason", flat=True)) == {"closed"}
    mail = Delivery.objects.get()
    assert (mail.address, mail.content["subject"]) == (
        "owner@example.org", "Your webhook was closed",
    )  # fmt: skip
    assert line.tick(NOW + DAY) == 0


def test_what_takes_nothing_for_five_days_is_closed(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    answering(line, 500)
    for day in range(7):
        record.pledge(by=author)
        line.tick(NOW + day * DAY)
    endpoint = Endpoint.objects.get()
    assert (endpoint.disabled_at, endpoint.disabled_reason) == (NOW + 5 * DAY, "failing")
    assert Message.objects.waiting().count() == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int, line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    answering(line, status, location=line.receiver.url("/elsewhere"))
    assert line.tick() == 1
    assert [one.path for one in line.receiver.received] == ["/"]
    assert Attempt.objects.get().status == status
    assert Message.objects.waiting().count() == 1


def test_an_endless_answer_is_an_answer(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    answering(line, 200, b"a" * 5_000_000, content_encoding="gzip")
    assert line.tick() == 1
    assert Attempt.objects.get().excerpt == "a" * 500
    assert Message.objects.get().accepted_at == NOW


def test_both_secrets_sign_for_a_day(line: Line, author: User) -> None:
    endpoint = line.opened(event_types=["pledge.published"])
    old = line.secrets[endpoint.reference]
    endpoint, new = rotate_secret(endpoint=endpoint, by=line.owner, now=NOW)
    assert old not in str(Endpoint.objects.values().get())
    assert new not in str(Endpoint.objects.values().get())
    for moment, signed in ((NOW + DAY - timedelta(seconds=1), True), (NOW + DAY, False)):
        record.pledge(by=author)
        line.tick(moment)
        received = line.receiver.received[-1]
        assert received.is_signed_with(new)
        assert received.is_signed_with(old) is signed


def test_what_was_withdrawn_meanwhile_is_not_told(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published", "pledge.retracted"])
    pledge = record.pledge(by=author, title="Secret thing")
    while read_ledger(by=author, now=NOW):
        pass
    retract_pledge(pledge=pledge, reason="A mistake.", by=author, now=NOW)
    line.tick()
    assert line.told() == ["pledge.retracted"]
    assert "Secret" not in str(line.receiver.received)
    data = line.receiver.received[0].told["data"]
    assert (data["row"], data["url"]) == ({"reason": "A mistake.", "slug": pledge.slug}, None)
    assert Message.objects.earliest("pk").set_aside_reason == "withheld"


def test_no_message_is_larger_than_twenty_kilobytes(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published", "stale_flags.opened"])
    record.pledge(by=author, statement="Very long. " * 3000)
    for _ in range(60):
        record.pledge(by=author)
    sweep_stale(by=author, now=NOW + 400 * DAY)
    line.tick(NOW + 400 * DAY)
    assert max(len(one.body) for one in line.receiver.received) < 20_000
    cut = [one.told["data"] for one in line.receiver.received if one.told["data"]["is_cut"]]
    long, batch = cut
    assert long["row"] is None
    assert len(batch["row"]["stale_flags"]) == 40


def test_a_test_message(line: Line) -> None:
    endpoint = line.opened(event_types=["pledge.published"])
    message = send_test(endpoint=endpoint, by=line.owner, now=NOW)
    assert line.tick() == 1
    (received,) = line.receiver.received
    assert received.name == message.name
    assert received.told == {
        "type": "webhook.test",
        "timestamp": "2026-03-02T12:00:00.000000Z",
        "data": {"endpoint": endpoint.reference},
    }


def test_a_message_sent_again_keeps_its_name(line: Line, author: User) -> None:
    line.opened(event_types=["pledge.published"])
    record.pledge(by=author)
    line.tick()
    replay_message(message=Message.objects.get(), by=line.owner, now=NOW + DAY)
    assert line.tick(NOW + DAY) == 1
    first, second = line.receiver.received
    assert first.name == second.name
    assert Attempt.objects.count() == 2
    assert list(line.receiver.accepted()) == [first.name]
