"""What a command says when the database does not let it work: a sentence, and what to do."""

from collections.abc import Sequence

from django.db import Error, OperationalError

# SQLSTATE of a table or column that is not there, and of a right that is missing.
_NO_TABLES, _FORBIDDEN = {"42P01", "42703", "3F000"}, {"42501"}
# The server refuses to talk at all: who we are, no such database, too many, starting, ending.
_REFUSED = ("28", "3D", "53300", "57P")


def run(words: Sequence[str]) -> str | None:
    """Run a command of manage.py; return what stood in its way, if it was the database.

    What is a fault of ours, or asked for with --traceback, is raised.
    """
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(list(words))
    except Error as error:
        said = None if "--traceback" in words else what_to_do(error)
        if said is None:
            raise
        return said
    return None


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
    if isinstance(error, OperationalError) and (not state or state.startswith(_REFUSED)):
        return (
            f"PostgreSQL cannot be asked: {reason}. Is it running, and does DATABASE_URL lead to"
            " it? (docs/environment.md)"
        )
    return None
