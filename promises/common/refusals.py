"""The errors by which a write is refused."""

from collections.abc import Iterable, Mapping, Sequence

from promises.common.dates import with_days_in_words


class Refused(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The record does not allow this write. The message says why and what to do instead.

    Nothing has changed when it is raised. Doors (desk, API, commands) show the message. A write
    of many rows names in `rows` each one that it refuses (its primary key) and why. `field` is
    that of the record which is to be mended, where it is one.
    """

    def __init__(
        self, message: str = "", rows: Mapping[int, str] | None = None, field: str = ""
    ) -> None:
        super().__init__(message)
        self.rows = dict(rows or {})
        self.field = field


class SeveralFaults(Refused):
    """Several things stand in the way of one write: `faults` are all of them, each once."""

    def __init__(self, faults: Sequence[Refused]) -> None:
        super().__init__(" ".join(str(fault) for fault in faults))
        self.faults = faults


def refuse(faults: Iterable[Refused]) -> None:
    """Raise the one fault there is, or all of them as SeveralFaults; nothing without any."""
    found = list({str(fault): fault for fault in faults}.values())
    if len(found) > 1:
        raise SeveralFaults(found)
    if found:
        raise found[0]


class NotAPerson(Refused):
    """A service account cannot do what stands for a person's judgement."""


def said_by_trigger(error: Exception) -> str:
    """Return the sentence with which a trigger of the database refused a write, else the error."""
    diagnosis = getattr(error.__cause__, "diag", None)
    sentence = getattr(diagnosis, "message_primary", None)
    return with_days_in_words(sentence) if sentence else str(error)
