"""The errors by which a write is refused."""

from collections.abc import Mapping

from promises.common.dates import with_days_in_words


class Refused(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The record does not allow this write. The message says why and what to do instead.

    Nothing has changed when it is raised. Doors (desk, API, commands) show the message. A write
    of many rows names in `rows` each one that it refuses (its primary key) and why.
    """

    def __init__(self, message: str = "", rows: Mapping[int, str] | None = None) -> None:
        super().__init__(message)
        self.rows = dict(rows or {})


class NotAPerson(Refused):
    """A service account cannot do what stands for a person's judgement."""


def said_by_trigger(error: Exception) -> str:
    """Return the sentence with which a trigger of the database refused a write, else the error."""
    diagnosis = getattr(error.__cause__, "diag", None)
    sentence = getattr(diagnosis, "message_primary", None)
    return with_days_in_words(sentence) if sentence else str(error)
