"""Decisions about challenges and suggestions that need no database."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

# What one challenge or suggestion may hold, in characters.
LONGEST_EXPLANATION = 4000
LONGEST_ADDRESS = 500
# A network's mark is kept for as long as it limits, and no longer, in days.
NETWORK_KEPT_DAYS = 1
# What waits for longer than this loses its sender all the same, in days.
LONGEST_WAIT_DAYS = 180
# What follows visitors about, and says nothing of what is at an address.
_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)", re.IGNORECASE)


@dataclass(frozen=True)
class Sent:
    """What a stranger sent, and who they say they are: columns of what is kept of it."""

    kind: str
    explanation: str
    source_url: str = ""
    sender_name: str = ""
    sender_email: str = ""


def digest_of(kind: str, explanation: str) -> str:
    """Return what two challenges share that say the same: case and spaces do not count."""
    words = " ".join(explanation.casefold().split())
    return hashlib.sha256(f"{kind}\n{words}".encode()).hexdigest()


def address_digest(url: str) -> str:
    """Return what two spellings of one web address share, "" for none and for what is no address.

    Scheme, case of the host, "www.", the fragment, a slash at the end, the order of parameters
    and those that only follow visitors about do not count.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if not parts.netloc:
        return ""
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0]))
    place = f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}"
    return hashlib.sha256(place.encode()).hexdigest()
