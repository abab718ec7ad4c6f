"""Decisions about pledges that need no database."""

from hashlib import sha256

from promises.pledges.choices import Kind, Status


def is_holding(kind: str, status: str) -> bool:
    """Return whether to say "holding so far": a standing pledge not broken, term not over."""
    return kind == Kind.STANDING and status == Status.IN_THE_WORKS


def words_digest(title: str, statement: str) -> str:
    """Return the SHA-256 of a pledge's words: who has read the same has the same digest."""
    return sha256(f"{title}\x00{statement}".encode()).hexdigest()
