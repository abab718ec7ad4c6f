"""Decisions about mails to followers that need no database."""

import re
from datetime import UTC, datetime, time, timedelta

import idna

from promises.alerts.choices import Frequency

# What followers hear of: `<kind>:<verb>` of the ledger. A review found nothing new, so it is not
# news; approvals, citations and criteria come with the rating or pledge they belong to.
NEWSWORTHY = (
    "pledge:published",
    "pledge:retracted",
    "person:retracted",
    "status_update:published",
    "status_update:retracted",
    "correction:saved",
    "response:published",
    "response:retracted",
    "evidence_link:published",
    "evidence_link:saved",
)
# Requests are counted for so long.
COUNTED_FOR = timedelta(days=1)
# Who asks for the very same again so soon has pressed twice.
PRESSED_TWICE = timedelta(minutes=1)
# RFC 5321, 4.5.3.1, less the angle brackets.
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
# RFC 5322, 3.4.1, without quoted strings, comments and addresses of machines by number: nobody
# reads mail there, and each has been used to smuggle a header.
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def sendable(address: str) -> str:
    """Return an address as mail is sent to it, or "" when there is none like it.

    The domain becomes lower case and, where it has other letters than ASCII, what the name
    service knows it by (RFC 5891). The part before the @ stays as it was given.
    """
    address = address.strip()
    if len(address) > LONGEST_ADDRESS:
        return ""
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""
    made = f"{local}@{domain}"
    if len(made) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL_PART:
        return ""
    return made if _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain) else ""


def mailbox_of(address: str) -> str:
    """Return what all spellings of one mailbox have in common, for counting.

    Case, what follows a plus, and dots before the @: many providers deliver them all to one
    person. Two people of one domain who are taken for one share a limit, nothing else.
    """
    local, _at, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def due_at(frequency: str, now: datetime, hour: int) -> datetime:
    """Return when news of this moment is to be mailed: now, or at the next `hour` (UTC).

    Weekly mails leave on Monday.
    """
    if frequency == Frequency.IMMEDIATE:
        return now
    today = now.astimezone(UTC).date()
    days = (7 - today.weekday()) % 7 if frequency == Frequency.WEEKLY else 0
    first = datetime.combine(today + timedelta(days=days), time(hour, tzinfo=UTC))
    if first > now:
        return first
    return first + timedelta(days=7 if frequency == Frequency.WEEKLY else 1)
