"""Whether a mail server said no, or said nothing."""

import smtplib


def is_silence(error: Exception) -> bool:
    """Tell whether the other side could not be reached or stopped talking (RFC 5321, 4.5.3.2).

    What it refuses is the fault of one mail; what it does not answer will befall the next one too.
    """
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError)
    return isinstance(error, OSError)
