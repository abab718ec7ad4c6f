"""PostgreSQL takes no changes: it was set read only, or an address leads to a copy.

Readers read on. Whoever writes is told in plain words, and finds what was typed still in the form.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.faults import items
from tests.faults.stage import Stage
from tests.faults.test_full_database import RECORD, opened, told_and_still_typed
from tests.faults.test_kills import RECOVERY_SECONDS, all_letters_arrive
from tests.faults.test_topology import LIST, PAGE, readiness, retitled
from tests.serving.test_processes import Web, running

TOLD_EDITOR = "The database takes no changes at the moment: nothing was saved."
TOLD_STRANGER = "We cannot keep anything just now."
SET = "ALTER DATABASE tracker SET default_transaction_read_only = on"
RESET = "ALTER DATABASE tracker RESET default_transaction_read_only"
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def web(stage: Stage) -> Iterator[Web]:
    """A web process that makes every answer anew, so that each asks the database."""
    with running({**stage.environment, "ANSWERS_MEGABYTES": "0"}) as found:
        yield found[0]


@contextmanager
def read_only(stage: Stage) -> Iterator[None]:
    """Have every session begin read only, from now on."""
    with psycopg.connect(stage.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(SET)
        connection.execute(OTHERS)
        try:
            yield
        finally:
            # Nobody ends the sessions that are read only by now.
            connection.execute(RESET)


def test_what_cannot_be_written_is_told_and_goes_on_by_itself(stage: Stage, web: Web) -> None:
    retitled(stage, "Before it was read only")
    desk, stranger = opened(stage, web)
    items.add(stage, pledges=5, letters=3)
    stands = stage.sql(RECORD)
    with read_only(stage):
        stage.start("worker-1", "beat-1")
        stage.wait_for(lambda: "read-only transaction" in stage.log.read_text(), 60)
        stage.wait_for(lambda: readiness(web)["database"], 10)
        assert {web.get(page)[0] for page in (PAGE, LIST, "/", "/updates.atom")} == {200}
        assert web.get("/readyz")[0] == 503
        found = readiness(web)
        assert (found["database"], found["disk"], found["writes"]) == (True, True, False)
        told_and_still_typed(desk, stranger, TOLD_EDITOR, TOLD_STRANGER)
        assert stage.sql(RECORD) == stands
    # By sessions that begin: whoever was refused once gets another one.
    items.wait_for_order(stage, RECOVERY_SECONDS)
    all_letters_arrive(stage)
    stage.wait_for(lambda: all(readiness(web).values()), RECOVERY_SECONDS)
    stage.wait_for(lambda: desk.send()[0] == 302, RECOVERY_SECONDS)
    stage.manage("verify_ledger")
