"""What the launcher cannot do, in words for the person at the terminal."""


class ServiceError(Exception):
    """Something could not be started or stopped; the message says what to do about it."""


class StopRequested(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived: unwind, stopping everything on the way."""
