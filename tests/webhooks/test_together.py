"""Messages to one endpoint that go together: one connection, one note, and nothing lost by it."""

from datetime import timedelta

import pytest

from promises.accounts.models import User
from promises.webhooks import sending
from promises.webhooks.feeding import read_ledger
from promises.webhooks.leasing import take_messages
from promises.webhooks.models import Attempt, Endpoint, Message
from promises.webhooks.rules import LEASE, MOST_TOGETHER
from tests import record
from tests.webhooks.conftest import NOW, Line
from tests.webhooks.receiver import Received, Reply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(line: Line, author: User) -> list[str]:
    """Three messages wait for an endpoint that keeps its connections; returns their names."""
    line.receiver.server.RequestHandlerClass.protocol_version = "HTTP/1.1"  # type: ignore[attr-defined]
    line.opened(event_types=["pledge.published"])
    for _ in range(3):
        record.pledge(by=author)
    while read_ledger(by=author, now=NOW):
        pass
    return list(Message.objects.order_by("pk").values_list("name", flat=True))


def names(line: Line) -> list[str]:
    return [one.name for one in line.receiver.received]


def tries() -> list[int]:
    return list(Message.objects.order_by("pk").values_list("attempts", flat=True))


def test_they_go_in_order_over_one_connection(line: Line, three: list[str]) -> None:
    assert line.tick() == 3
    assert names(line) == three
    assert len({one.came_from for one in line.receiver.received}) == 1
    assert all(one.is_signed_with(*line.secrets.values()) for one in line.receiver.received)
    assert Message.objects.filter(accepted_at=NOW, attempts=1).count() == 3
    assert list(Attempt.objects.order_by("pk").values_list("message__name", "status")) == [
        (name, 204) for name in three
    ]
    assert Endpoint.objects.get().leased_until is None


def test_behind_one_that_fails_the_others_keep_their_tries(line: Line, three: list[str]) -> None:
    def reply(_received: Received) -> Reply:
        return (204 if len(line.receiver.received) == 1 else 500), {}, b""

    line.receiver.reply = reply
    # The third is taken anew, without the second, which waits for a minute.
    assert line.tick() == 3
    assert names(line) == three
    assert tries() == [1, 1, 1]
    assert Attempt.objects.count() == 3
    waiting = Message.objects.waiting().order_by("pk").values_list("name", flat=True)
    assert list(waiting) == three[1:]
    assert Endpoint.objects.get().first_failed_at == NOW


def test_behind_one_without_an_answer_the_others_wait(line: Line, three: list[str]) -> None:
    line.receiver.close()
    assert line.tick() == 1
    assert tries() == [1, 0, 0]
    assert list(Attempt.objects.values_list("fault", flat=True)) == ["connect"]


def test_what_was_tried_before_goes_alone(line: Line, three: list[str]) -> None:
    """So that a message that kills its dispatcher takes no other along."""
    taken = [take_messages(now=NOW + number * LEASE) for number in range(5)]
    # After three deaths it is suspected and waits, which lets the others go.
    assert [[one.name for one in held.messages] for held in taken if held] == [
        three, three[:1], three[:1], three[:1], three[1:2],
    ]  # fmt: skip
    assert tries() == [4, 2, 1]
    Message.objects.filter(name=three[0]).update(next_try_at=None, accepted_at=NOW)
    Message.objects.filter(name=three[2]).update(attempts=0)
    held = take_messages(now=NOW + 5 * LEASE)
    assert held is not None
    assert [one.name for one in held.messages] == [three[1]]


def test_no_more_than_so_many_go_together(line: Line, author: User) -> None:
    endpoint = line.opened(event_types=["pledge.published"])
    Message.objects.bulk_create(
        Message(endpoint=endpoint, name=f"msg_{number}", event_type="webhook.test", made_at=NOW,
            next_try_at=NOW)
        for number in range(MOST_TOGETHER + 1)
    )  # fmt: skip
    held = take_messages(now=NOW)
    assert held is not None
    assert len(held.messages) == MOST_TOGETHER
    assert Message.objects.get(attempts=0).name == f"msg_{MOST_TOGETHER}"


def test_after_a_second_the_rest_is_taken_anew(
    line: Line, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they say was looked up when they were taken: it is looked up again."""
    monkeypatch.setattr(sending, "TOGETHER", 0)
    assert line.tick() == 3
    assert names(line) == three
    assert len({one.came_from for one in line.receiver.received}) == 3
    assert tries() == [1, 1, 1]
    assert Message.objects.waiting().count() == 0


def test_a_connection_that_was_hung_up_between_two_is_opened_again(
    line: Line, three: list[str]
) -> None:
    def reply(_received: Received) -> Reply:
        if len(line.receiver.received) == 2:
            raise ConnectionError
        return 204, {}, b""

    line.receiver.reply = reply
    assert line.tick() == 3
    # It came twice, under one name; the log shows one try.
    assert names(line) == [three[0], three[1], three[1], three[2]]
    assert tries() == [1, 1, 1]
    assert Message.objects.filter(accepted_at=NOW).count() == 3
    assert Attempt.objects.count() == 3


def test_one_that_never_answers_in_the_middle_is_a_fault_of_its_own(
    line: Line, three: list[str]
) -> None:
    def reply(received: Received) -> Reply:
        if received.name == three[1]:
            raise ConnectionError
        return 204, {}, b""

    line.receiver.reply = reply
    assert line.tick() == 2
    assert tries() == [1, 1, 0]
    assert list(Attempt.objects.order_by("pk").values_list("status", "fault")) == [
        (204, ""), (None, "broken_answer"),
    ]  # fmt: skip
    assert line.tick(NOW + timedelta(minutes=2)) == 2
