"""Decisions about pledges that need no database."""

from promises.pledges.choices import Kind, Status


def is_holding(kind: str, status: str) -> bool:
    """Return whether to say "holding so far": a standing pledge not broken, term not over."""
    return kind == Kind.STANDING and status == Status.IN_THE_WORKS
