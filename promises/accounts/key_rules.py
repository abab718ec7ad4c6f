"""What a key of the API looks like, and what is wrong with one. Decisions only."""

import hashlib
import re
import secrets
import string
from datetime import datetime, timedelta

# Says whose key it is, so that scanners of leaked secrets find it.
MARK = "ppt"
# Its name for people: in lists, in logs, on the page of its owner.
_NAME_LETTERS, _NAME_LENGTH = string.ascii_lowercase + string.digits, 12
# 40 of 62 letters are 238 bits: nobody guesses it, so that a plain hash of it is enough.
_SECRET_LETTERS, _SECRET_LENGTH = string.ascii_letters + string.digits, 40
_KEY = re.compile(rf"{MARK}_[a-z0-9]{{{_NAME_LENGTH}}}_[A-Za-z0-9]{{{_SECRET_LENGTH}}}", re.ASCII)
# For how many days a key may be made.
DAYS = (30, 90, 365)
# How many live keys one person has.
MOST_KEYS = 20
# When a key was last used is kept to the minute.
USED_TO = timedelta(minutes=1)


def new_key() -> tuple[str, str]:
    """Return a new key: its beginning, which may be shown, and all of it."""
    name = "".join(secrets.choice(_NAME_LETTERS) for _ in range(_NAME_LENGTH))
    secret = "".join(secrets.choice(_SECRET_LETTERS) for _ in range(_SECRET_LENGTH))
    prefix = f"{MARK}_{name}"
    return prefix, f"{prefix}_{secret}"


def key_hash(key: str) -> str:
    """Return what is kept of a key; "" for what cannot be one."""
    return hashlib.sha256(key.encode()).hexdigest() if _KEY.fullmatch(key) else ""


def fault_of(
    *, is_open: bool, expires_at: datetime, revoked_at: datetime | None, now: datetime
) -> str:
    """Return why a key opens nothing, or "" when it does. `is_open`: its owner may log in."""
    if revoked_at is not None:
        return "This key was revoked."
    if expires_at <= now:
        return "This key has expired."
    return "" if is_open else "The login that this key belongs to is closed."


def is_to_be_noted(last_used_at: datetime | None, now: datetime) -> bool:
    """Tell whether a use is to be written down."""
    return last_used_at is None or now - last_used_at >= USED_TO
