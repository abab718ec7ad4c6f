"""Whether the database is away: nobody listens there, or our session was ended."""

import psycopg

# What the server says when somebody ends sessions or it is starting, and when connections fail.
_SAYS = ("57P", "08")


def is_away(error: BaseException) -> bool:
    """Tell whether a question failed since the database is away: what was asked is not at fault.

    Of a connection that broke the server says nothing at all.
    """
    cause = error.__cause__ or error
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_SAYS)
