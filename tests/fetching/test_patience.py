"""Retry-After as servers write it: seconds, or a moment of their own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.fetching.patience import asked_wait

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AT_NOON = "Mon, 02 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        ("120", "", 120),
        (" 0 ", "", 0),
        ("9" * 5000, "", 115 * 86_400),
        ("Mon, 02 Mar 2026 12:05:00 GMT", "", 300),
        ("Mon, 02 Mar 2026 12:05:00 GMT", AT_NOON, 300),
        # Its clock is five minutes late; what it asks for is five minutes all the same.
        ("Mon, 02 Mar 2026 12:00:00 GMT", "Mon, 02 Mar 2026 11:55:00 GMT", 300),
        ("Mon, 02 Mar 2026 12:05:00 GMT", "today", 300),
        ("Mon, 02 Mar 2026 12:05:00", AT_NOON, 300),
        ("Mon, 02 Mar 2026 11:00:00 GMT", "", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", 115 * 86_400),
        # No clock goes so far.
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", "", None),
        (AT_NOON, "Mon, 01 Jan 99999999999 00:00:00 GMT", 0),
        ("-5", "", None),
        ("1.5", "", None),
        ("soon", AT_NOON, None),
        ("", AT_NOON, None),
        ("１２", "", None),
    ],
)
def test_seconds_or_a_moment(retry_after: str, date: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert asked_wait(retry_after, NOW, date=date) == expected


@given(st.text(), st.text())
def test_whatever_is_written_it_is_a_wait_or_none(retry_after: str, date: str) -> None:
    wait = asked_wait(retry_after, NOW, date=date)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=115)
