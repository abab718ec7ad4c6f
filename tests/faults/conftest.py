import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import items
from tests.faults.stage import Stage

# What the processes of one test had in hand when it ended, no other test waits for.
_DUE_AT_ONCE = """
    UPDATE outbox_delivery SET leased_until = NULL, next_try_at = now()
    WHERE next_try_at IS NOT NULL
"""


@pytest.fixture(scope="session")
def installation() -> Iterator[Stage]:
    """An installation of its own, in a folder that PostgreSQL's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o755)
    stage = Stage(folder)
    try:
        items.prepare(stage)
        yield stage
    finally:
        stage.close()
        shutil.rmtree(folder)


@pytest.fixture
def stage(installation: Stage) -> Iterator[Stage]:
    """The installation with no process on it."""
    yield installation
    installation.stop()
    installation.sql(_DUE_AT_ONCE)
