"""The errors by which a write is refused."""


class Refused(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The record does not allow this write. The message says why and what to do instead.

    Nothing has changed when it is raised. Doors (desk, API, commands) show the message.
    """
