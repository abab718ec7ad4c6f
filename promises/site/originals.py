"""What readers are told about the original of a piece of evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from promises.evidence.models import Evidence
from promises.sources.anchoring import fragment_url
from promises.sources.choices import LinkState
from promises.sources.models import Passage, Source


@dataclass(frozen=True)
class Quoted:
    """Quoted words, the address that leads to them, and whether they still stand there."""

    passage: Passage
    address: str


@dataclass(frozen=True)
class Original:
    """The original at its address, as checks last found it, and what is quoted from it."""

    source: Source
    quotes: list[Quoted]

    @property
    def is_there(self) -> bool:
        """Whether the last check found the page itself."""
        return self.source.state == LinkState.THERE


def original_of(evidence: Evidence, passages: Iterable[Passage]) -> Original | None:
    """Return what is known of the original of published evidence; None before it was entered.

    One query.
    """
    source = Source.objects.published().filter(evidence=evidence).first()
    if source is None:
        return None
    quotes = [
        Quoted(
            passage,
            fragment_url(source.url, passage.exact, prefix=passage.prefix, suffix=passage.suffix),
        )
        for passage in passages
    ]
    return Original(source, quotes)
