"""How much, how long and how far a fetch may go."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of one fetch, with all its redirects.

    `seconds` of wall time; bytes `on_wire` (heads and bodies as they come), `decoded` (the body
    unpacked) and of one `head`; how many `headers` in it; how many `redirects`.
    """

    seconds: float = 20
    on_wire: int = 25_000_000
    decoded: int = 100_000_000
    head: int = 64_000
    headers: int = 200
    redirects: int = 5
