"""How a command ends when the database does not let it work, and when nobody reads on.

The first: with a sentence, and what to do. The second: quietly, as other programs in a pipe do.
"""

import os
import select
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import Error, OperationalError

# SQLSTATE of a table or column that is not there, and of a right that is missing.
_NO_TABLES, _FORBIDDEN = {"42P01", "42703", "3F000"}, {"42501"}
# The server refuses to talk at all: who we are, no such database, too many, starting, ending.
_READ_ONLY = "25006"
_REFUSED = ("28", "3D", "53300", "57P")


# What a shell says of a program that a pipe without a reader ended.
UNREAD = 128 + signal.SIGPIPE


def run(words: Sequence[str]) -> str | None:
    """Run a command of manage.py; return what stood in its way, if it was the database.

    What is a fault of ours, or asked for with --traceback, is raised; SystemExit(UNREAD) when
    whoever read the output went away (`… | head -1`). What a command had not finished then is
    taken back, as with any other error.
    """
    from django.core.management import execute_from_command_line

    try:
        with _ending_with_its_reader():
            execute_from_command_line(list(words))
    except Error as error:
        said = None if "--traceback" in words else what_to_do(error)
        if said is None:
            raise
        return said
    return None


@contextmanager
def _ending_with_its_reader() -> Iterator[None]:
    """End quietly when nobody reads what is written.

    Not by SIGPIPE itself: a connection that breaks would end a command without a word too.
    """
    try:
        try:
            yield
        except SystemExit:
            sys.stdout.flush()
            raise
        sys.stdout.flush()
    except BrokenPipeError:
        unread = [stream for stream in (sys.stdout, sys.stderr) if _is_unread(stream.fileno())]
        if not unread:
            raise
        # Python writes what is left once more when it ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in unread:
            os.dup2(nowhere, stream.fileno())
        raise SystemExit(UNREAD) from None


def _is_unread(file: int) -> bool:
    """Tell whether this is a pipe that nobody reads any more."""
    poll = select.poll()
    poll.register(file, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def what_to_do(error: Error) -> str | None:
    """Return a sentence about what whoever runs a site can mend; None about all else."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    reason = str(error).strip().partition("\n")[0]
    if state in _NO_TABLES:
        return f"The database is not as this version needs it ({reason}): run manage.py migrate."
    if state in _FORBIDDEN:
        return (
            f"The login in DATABASE_URL may not do that ({reason}). Run this as the owner of the"
            " tables, or give the site its rights: manage.py database_roles, as the owner."
        )
    if state == _READ_ONLY:
        return (
            f"The database takes no changes ({reason}): it is set so, or it is a copy that only"
            " follows another one."
        )
    if isinstance(error, OperationalError) and (not state or state.startswith(_REFUSED)):
        return (
            f"PostgreSQL cannot be asked: {reason}. Is it running, and does DATABASE_URL lead to"
            " it? (docs/environment.md)"
        )
    return None
