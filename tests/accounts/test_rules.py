"""Decisions about attempts, codes and the names of browsers."""

from datetime import UTC, datetime, timedelta

import pytest

from promises.accounts.rules import (
    Failures,
    browser_words,
    may_try,
    step_of_code,
    totp_code,
    totp_step,
)

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


# RFC 6238, appendix B, SHA-1; the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert totp_code(SECRET, totp_step(moment)) == code


def test_a_code_counts_for_ninety_seconds_and_once() -> None:
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    here = totp_step(now)
    for away, expected in ((-2, None), (-1, here - 1), (0, here), (1, here + 1), (2, None)):
        code = totp_code(SECRET, here + away)
        assert step_of_code(SECRET, code, now=now, after=0) == expected, away
    assert step_of_code(SECRET, totp_code(SECRET, here), now=now, after=here) is None
    later = now + timedelta(seconds=30)
    assert step_of_code(SECRET, totp_code(SECRET, here + 1), now=later, after=here) == here + 1


@pytest.mark.parametrize("wide", ["２８７０８２", "28708é", "287082\0", "", " 287082", "-28708"])
def test_what_is_no_number_in_ascii_is_no_code(wide: str) -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert step_of_code(SECRET, "287082", now=now, after=0) == 1
    assert step_of_code(SECRET, wide, now=now, after=0) is None


@pytest.mark.parametrize(
    ("failures", "device", "familiar", "expected"),
    [
        (Failures(0, 9, 59, 49), False, False, True),
        (Failures(0, 10, 10, 10), False, True, False),
        (Failures(0, 0, 60, 0), False, True, False),
        (Failures(0, 0, 0, 50), False, False, False),
        (Failures(0, 0, 0, 5000), False, True, True),
        (Failures(19, 10, 60, 5000), True, False, True),
        (Failures(20, 0, 0, 0), True, True, False),
    ],
)
def test_who_may_try(failures: Failures, device: bool, familiar: bool, expected: bool) -> None:
    assert may_try(failures, is_known_device=device, is_familiar_place=familiar) is expected


WINDOWS, MAC = "Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)"
IPHONE, ANDROID = "Mozilla/5.0 (iPhone; like Mac OS X)", "Mozilla/5.0 (Linux; Android 15)"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (f"{WINDOWS} Gecko/20100101 Firefox/140.0", ("Firefox", "Windows")),
        (f"{WINDOWS} AppleWebKit/537 Chrome/140 Safari/537 Edg/140", ("Edge", "Windows")),
        (f"{MAC} AppleWebKit/605 Version/18 Safari/605", ("Safari", "macOS")),
        (f"{IPHONE} Version/18 Safari/604", ("Safari", "iPhone")),
        (f"{ANDROID} AppleWebKit/537 Chrome/140 Mobile Safari/537", ("Chrome", "Android")),
        ("", ("", "")),
    ],
)
def test_a_browser_by_its_name(header: str, words: tuple[str, str]) -> None:
    assert browser_words(header) == words
