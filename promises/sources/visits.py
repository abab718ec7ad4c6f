"""What one visit to a source brought, on its way from the network to the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from promises.sources.choices import Verdict
from promises.sources.comparing import Difference

# Between two visits to one server, unless it asks for a longer pause.
PAUSE = timedelta(seconds=10)


@dataclass(frozen=True)
class RobotsFound:
    """A robots.txt as it came: `status` is that of HTTP, 0 where nothing came."""

    text: str
    status: int
    expires_at: datetime


@dataclass(frozen=True)
class TextFound:
    """The text of the page: its main part, and all that stands there."""

    main: str
    whole: str

    @property
    def sha256(self) -> str:
        """The hash of the main text, in hex."""
        return sha256(self.main.encode()).hexdigest()


@dataclass(frozen=True)
class Visit:
    """What a visit found. `text` is there only where the source itself came, and has text.

    `difference` is from the accepted text; `is_confirmed` says that the visit before saw some of
    it too. `passages` are ids of passages, and whether they were found. `asked_pause` is for this
    source, `pause` for its server.
    """

    verdict: Verdict
    url: str = ""
    status: int | None = None
    error: str = ""
    is_answered: bool = False
    text: TextFound | None = None
    difference: Difference = field(default_factory=Difference)
    is_confirmed: bool = False
    passages: Mapping[int, bool] = field(default_factory=dict)
    robots: RobotsFound | None = None
    pause: timedelta = PAUSE
    asked_pause: timedelta | None = None
