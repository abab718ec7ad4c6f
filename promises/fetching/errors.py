"""Why a page was not fetched: each with a code for machines and a sentence for a researcher."""

from typing import ClassVar


class NotFetched(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """Nothing usable came back. `code` is stable, the message says what happened."""

    code: ClassVar[str] = "not_fetched"


class Blocked(NotFetched):
    """We do not go there."""

    code = "blocked"


class BadAddress(Blocked):
    """It is no web address as people write them."""

    code = "bad_address"


class PrivateAddress(Blocked):
    """The name leads into a network that is not the public internet."""

    code = "private_address"


class Unwelcome(Blocked):
    """The server it leads to asks robots to stay away."""

    code = "robots"


class TooManyRedirects(NotFetched):
    """It sends from page to page."""

    code = "too_many_redirects"


class TooLarge(NotFetched):
    """More came than we take: on the wire, decoded, or in the head of the answer."""

    code = "too_large"


class TooSlow(NotFetched):
    """It was not there in time."""

    code = "timeout"


class NameUnknown(NotFetched):
    """There is no such name."""

    code = "dns"


class NoConnection(NotFetched):
    """Nobody answers at that address."""

    code = "connect"


class TlsFault(NotFetched):
    """The certificate or the encryption cannot be trusted."""

    code = "tls"


class TlsExpired(TlsFault):
    """The certificate is past its day, or not valid yet."""

    code = "tls_expired"


class TlsWrongName(TlsFault):
    """The certificate is someone else's."""

    code = "tls_wrong_name"


class TlsUntrusted(TlsFault):
    """Nobody we trust has signed the certificate."""

    code = "tls_untrusted"


class BrokenAnswer(NotFetched):
    """What came is not HTTP."""

    code = "broken_answer"


class Truncated(NotFetched):
    """The answer ended before it was complete."""

    code = "truncated"


class UnknownEncoding(NotFetched):
    """It is packed in a way we did not ask for."""

    code = "unknown_encoding"
