"""Speaks to the mail server, for so long and no longer.

The library has a limit for each answer. A server that keeps just below it could take minutes for
one mail; by then another dispatcher would be sending it too.
"""

import smtplib
import time
from contextlib import suppress
from threading import Timer
from typing import Any

from django.core.mail.backends import smtp

from promises.outbox.rules import LONGEST_MAIL

_BOTH_WAYS = 2  # SHUT_RDWR of shutdown(2): nothing is read or written any more


class _Timely(smtplib.SMTP):
    """Hangs up when the time for one mail is over, whatever the server is doing."""

    _is_over = False
    _timer: Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        ends_at = time.monotonic() + LONGEST_MAIL.total_seconds()
        line = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        # Encryption takes the socket over: a copy of it still reaches the connection.
        self._handle = line.dup()
        self._timer = Timer(ends_at - time.monotonic(), self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        return line

    def _hang_up(self) -> None:
        self._is_over = True
        with suppress(OSError):
            self._handle.shutdown(_BOTH_WAYS)
        self._handle.close()

    def getreply(self) -> tuple[int, bytes]:
        """Return what the server answers. Raises SMTPServerDisconnected."""
        try:
            return super().getreply()
        except smtplib.SMTPServerDisconnected as error:
            if not self._is_over:
                raise
            seconds = LONGEST_MAIL.total_seconds()
            words = f"It did not take the mail within {seconds:g} seconds."
            raise smtplib.SMTPServerDisconnected(words) from error

    def close(self) -> None:
        """Hang up."""
        super().close()
        if self._timer is not None:
            self._timer.cancel()
            self._handle.close()


class _TimelyEncrypted(smtplib.SMTP_SSL, _Timely):
    """The same, encrypted from the first byte."""


class EmailBackend(smtp.EmailBackend):
    """Sends mails by SMTP, each within LONGEST_MAIL."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """How a server is spoken to."""
        return _TimelyEncrypted if self.use_ssl else _Timely
