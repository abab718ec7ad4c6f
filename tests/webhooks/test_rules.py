"""Signatures, pauses and limits, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.outbox.rules import MOST_ATTEMPTS, pause_after
from promises.webhooks.rules import (
    LEASE,
    LONGEST_RETRY_AFTER,
    PATIENCE,
    SECONDS,
    headers,
    is_to_be_closed,
    new_secret,
    next_pause,
    signature,
    wait_asked_for,
)
from tests.webhooks.receiver import Received

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_signature_is_that_of_the_published_example() -> None:
    # From the test suites of the reference libraries of Standard Webhooks.
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        name="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=2000), st.integers(0, 2**40))
def test_every_signature_is_verified_by_a_receiver(body: bytes, timestamp: int) -> None:
    first, second, other = new_secret(), new_secret(), new_secret()
    sent = headers([first, second], name="msg_1", timestamp=timestamp, body=body)
    received = Received("/", sent, body)
    assert received.is_signed_with(first)
    assert received.is_signed_with(second)
    assert not received.is_signed_with(other)
    assert not Received("/", sent, body + b" ").is_signed_with(first)


@pytest.mark.parametrize("text", ["", "whsec_", "secret", "whsec_not base64!"])
def test_what_is_no_secret_signs_nothing(text: str) -> None:
    if text == "whsec_":
        return
    with pytest.raises(ValueError, match="no secret"):
        signature(text, name="a", timestamp=1, body=b"")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999999", 86_400),
        ("Mon, 02 Mar 2026 12:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Mon, 02 Mar 2099 11:00:00 GMT", 86_400),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("１２", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(text: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert wait_asked_for(text, NOW) == expected


@given(st.text())
def test_no_retry_after_is_longer_than_a_day_or_an_error(text: str) -> None:
    wait = wait_asked_for(text, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST_RETRY_AFTER


@given(st.integers(1, 20), st.floats(0, 1), st.integers(0, 86_400))
def test_a_message_never_waits_less_than_planned_or_asked(
    attempts: int, chance: float, asked: int
) -> None:
    planned, wait = pause_after(attempts, chance), timedelta(seconds=asked)
    pause = next_pause(planned, wait)
    if attempts >= MOST_ATTEMPTS:
        assert pause is None
    else:
        assert planned is not None
        assert pause == max(planned, wait)


def test_all_tries_of_a_message_fit_into_the_patience_with_its_endpoint() -> None:
    pauses = [pause_after(attempt, 1) for attempt in range(1, MOST_ATTEMPTS)]
    whole = sum((pause for pause in pauses if pause), timedelta())
    assert MOST_ATTEMPTS >= 8
    assert timedelta(hours=72) <= whole < PATIENCE
    assert timedelta(seconds=SECONDS) * 2 < LEASE


def test_an_endpoint_is_closed_after_five_days_of_nothing() -> None:
    assert not is_to_be_closed(None, NOW)
    assert not is_to_be_closed(NOW - PATIENCE + timedelta(seconds=1), NOW)
    assert is_to_be_closed(NOW - PATIENCE, NOW)
