"""The client that is handed out, a web process to ask, and four editors at work."""

import random
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from types import ModuleType
from typing import Any

import pytest

from tests import record
from tests.mirror import officials, papers, pledges
from tests.mirror.handed_out import load_client
from tests.mirror.hands import Hand


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client as others have it."""
    module: ModuleType = load_client(tmp_path_factory.mktemp("client"))
    return module


@pytest.fixture
def address(live_server: Any, settings: Any, tmp_path: Path) -> str:
    """A web process that hands out packages too, and counts nobody's requests to an end."""
    settings.API_REQUESTS_PER_HOUR = 1_000_000
    # Counters of its own: others who ask from here have a thousand.
    settings.SECRET_KEY = token_hex(32)
    settings.PACKAGES = str(tmp_path / "packages")
    return str(live_server.url)


@pytest.fixture
def new_hands(transactional_db: None) -> Callable[[int], list[Hand]]:
    """Make four editors, and what they need to begin."""

    def new(seed: int) -> list[Hand]:
        editors = [record.user(f"editor-number-{number}") for number in range(6)]
        chance = random.Random(seed)
        hands = [
            Hand(by, [one for one in editors if one is not by], random.Random(chance.random()))
            for by in editors[:4]
        ]
        record.methodology(by=editors[0])
        for begin in (officials.add_term, papers.save_law, pledges.draft_pledge):
            begin(hands[0])
        return hands

    return new
