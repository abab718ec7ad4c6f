"""Decisions about webhooks that need no database: events, signatures, when to try again.

Messages and signatures follow Standard Webhooks 1.0.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from promises.fetching.patience import asked_wait

# What is told: the events of the ledger with a point for the colon, each with its sentence. What
# is imported comes by the thousand and stands in the changes feed.
EVENT_TYPES: Mapping[str, str] = {
    "pledge.published": "A pledge was published.",
    "pledge.saved": "The words of a published pledge changed.",
    "pledge.retracted": "A pledge was withdrawn: remove it and what hangs on it.",
    "status_update.published": "A rating was published.",
    "status_update.retracted": "A rating was withdrawn.",
    "review.saved": "Someone looked again at a pledge and nothing had changed.",
    "correction.saved": "Published words were corrected; the old ones are in it.",
    "response.published": "An official's reply was published.",
    "response.retracted": "An official's reply was withdrawn.",
    "evidence.published": "A piece of evidence was published.",
    "evidence.saved": "What is said of published evidence changed.",
    "evidence.retracted": "A piece of evidence was withdrawn.",
    "evidence_link.published": "Published evidence was put beside a pledge.",
    "evidence_link.saved": "What evidence says about a pledge was added or changed.",
    "challenge.saved": "Editors took up a challenge of a rating.",
    "challenge.published": "A challenge of a rating was answered.",
    "challenge.retracted": "A challenge was set aside.",
    "record_request.published": "A request for public records was published.",
    "record_request.saved": "Something came of a request for public records.",
    "record_request.retracted": "A request for public records was withdrawn.",
    "person.published": "An official was published.",
    "person.retracted": "An official was withdrawn.",
    "metric.published": "A series of figures was published.",
    "metric.retracted": "A series of figures was withdrawn.",
    "stale_flags.opened": "Pledges became due for another look: one message a batch.",
    "stale_flags.closed": "Flags of pledges were closed: one message a batch.",
    "stale_flags.moved": "The cause of flags stays, its day changed.",
}
TEST_TYPE = "webhook.test"
# The whole body of a message, in bytes.
LARGEST_BODY = 20_000
# How many flags of a batch a message names.
MOST_FLAGS = 40
# Of what an endpoint answers so much is kept, for its owner.
EXCERPT = 500
# An endpoint has so many seconds for one message, its name looked up and its answer read.
SECONDS = 10
# How many endpoints one person has.
MOST_ENDPOINTS = 20
# The old secret still signs for so long after it was replaced.
OLD_SECRET_SIGNS = timedelta(hours=24)
# An endpoint that gave no answer is left alone for so long: what waits for it then costs no thread.
REST = timedelta(minutes=1)
# It is closed when it took nothing for so long: longer than all tries of one message take.
PATIENCE = timedelta(days=5)
LONGEST_RETRY_AFTER = timedelta(hours=24)
# How long a dispatcher that may have died keeps an endpoint: longer than one message may take.
LEASE = timedelta(seconds=30)
# How many messages that were not tried before go to an endpoint together, and for how many seconds
# at most: what they say was looked up when they were taken.
MOST_TOGETHER = 50
TOGETHER = 1.0
# How long messages and their tries are kept.
KEPT_FOR = timedelta(days=90)
# How many entries one replay takes.
MOST_REPLAYED = 1000
_SECRET = "whsec_"  # noqa: S105 -- the mark of one


@dataclass(frozen=True)
class Outcome:
    """What became of one try. `status` is None without an answer, `code` says why."""

    status: int | None
    code: str
    excerpt: str
    milliseconds: int
    retry_after: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the other side took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the other side wants no more of them."""
        return self.status == 410


def new_secret() -> str:
    """Return a new secret: 32 random bytes in base64."""
    return _SECRET + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, name: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message with one secret, as `v1,…`. Raises ValueError."""
    if not secret.startswith(_SECRET):
        raise ValueError("This is no secret.")
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET), validate=True)
    except binascii.Error as error:
        raise ValueError("This is no secret.") from error
    signed = f"{name}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(
    secrets_now: Sequence[str], *, name: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the headers of a message, signed with every secret that is valid."""
    signed = [
        signature(secret, name=name, timestamp=timestamp, body=body) for secret in secrets_now
    ]
    return {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def wait_asked_for(text: str, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks to wait, a day at most; None where it says none."""
    wait = asked_wait(text, now)
    return None if wait is None else min(wait, LONGEST_RETRY_AFTER)


def next_pause(planned: timedelta | None, retry_after: timedelta | None) -> timedelta | None:
    """Return how long a message waits: as planned, or longer where its endpoint asks for it.

    None after the last try, whatever was asked.
    """
    if planned is None:
        return None
    return max(planned, retry_after or timedelta(0))


def is_to_be_closed(first_failed_at: datetime | None, now: datetime) -> bool:
    """Tell whether an endpoint has taken nothing for too long."""
    return first_failed_at is not None and now - first_failed_at >= PATIENCE
