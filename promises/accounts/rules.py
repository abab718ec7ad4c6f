"""Who may try again, which code is right, what a browser is called. Decisions only."""

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

# Failed attempts are counted over this time.
WINDOW = timedelta(hours=1)
# Where someone has logged in lately is known to be theirs for this long.
A_PLACE_STAYS_FAMILIAR = timedelta(days=90)

# Failed attempts in the window, by whom they are held against. Each is the most that is let
# through. The rule is that of OWASP's device cookies: strangers share what they may try on an
# account, and use up nothing of what its owner has on a known device or in a familiar place.
FROM_A_KNOWN_DEVICE = 20
FROM_ONE_NETWORK_ON_ONE_ACCOUNT = 10
FROM_ONE_NETWORK = 60
FROM_STRANGERS_ON_ONE_ACCOUNT = 50
# Mails with a link go to the owner's own mailbox, which shall not be flooded.
LINKS_TO_ONE_ADDRESS = 5

# RFC 6238: codes change every 30 seconds, have six digits; a step of clock drift either way.
TOTP_SECONDS = 30
TOTP_DIGITS = 6
TOTP_DRIFT = 1


@dataclass(frozen=True)
class Failures:
    """Failed attempts in the window, counted in four ways."""

    of_device: int = 0
    of_network_on_account: int = 0
    of_network: int = 0
    of_strangers_on_account: int = 0


def may_try(failures: Failures, *, is_known_device: bool, is_familiar_place: bool) -> bool:
    """Tell whether one more attempt is let through.

    A known device is held to its own failures only. Anyone else is held to those of their
    network, and a stranger also to those of all strangers together.
    """
    if is_known_device:
        return failures.of_device < FROM_A_KNOWN_DEVICE
    if failures.of_network_on_account >= FROM_ONE_NETWORK_ON_ONE_ACCOUNT:
        return False
    if failures.of_network >= FROM_ONE_NETWORK:
        return False
    return is_familiar_place or failures.of_strangers_on_account < FROM_STRANGERS_ON_ONE_ACCOUNT


def totp_code(secret: str, step: int) -> str:
    """Return the code of a time step (RFC 4226, 5.3). `secret` is base32."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**TOTP_DIGITS:0{TOTP_DIGITS}}"


def totp_step(now: datetime) -> int:
    """Return the number of the time step a moment lies in."""
    return int(now.timestamp()) // TOTP_SECONDS


def step_of_code(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return the step whose code this is, if it is near `now` and later than step `after`.

    A code counts once: RFC 6238, 5.2 forbids to accept it a second time.
    """
    if not (code.isascii() and code.isdigit()):
        return None
    found = None
    for step in _near(totp_step(now)):
        if hmac.compare_digest(totp_code(secret, step), code) and step > after:
            found = step
    return found


def _near(step: int) -> Iterator[int]:
    yield from range(step - TOTP_DRIFT, step + TOTP_DRIFT + 1)


# First match wins: every browser also names those it descends from.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"), ("curl/", "curl"), ("python", "Python"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_words(user_agent: str) -> tuple[str, str]:
    """Return the browser and the system that a User-Agent header speaks of, "" where unknown."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return browser, system
