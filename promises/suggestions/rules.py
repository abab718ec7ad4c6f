"""Decisions about challenges that need no database."""

import hashlib

# What one challenge may hold, in characters.
LONGEST_EXPLANATION = 4000
LONGEST_ADDRESS = 500
# A network's mark is kept for as long as it limits, and no longer, in days.
NETWORK_KEPT_DAYS = 1


def digest_of(kind: str, explanation: str) -> str:
    """Return what two challenges share that say the same: case and spaces do not count."""
    words = " ".join(explanation.casefold().split())
    return hashlib.sha256(f"{kind}\n{words}".encode()).hexdigest()
