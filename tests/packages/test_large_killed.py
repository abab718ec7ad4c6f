"""A large load is killed in the middle of a step, and goes on where it was."""

import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest
from django.db import connection, transaction

from promises.accounts.actions import service_account
from promises.accounts.models import User
from promises.common.history import events_of
from promises.evidence.models import Evidence
from promises.ledger.chain import verify_chain
from promises.ledger.models import Entry, Head
from promises.packages.large import load_large_package
from promises.packages.rows import Verdict
from tests.beside import ROOT, environment_beside
from tests.packages.folder import MANY
from tests.record import NOW

# Loads a package, and waits for a line after each step.
PROGRAM = """
import sys
from pathlib import Path
import django
django.setup()
from django.utils import timezone
from promises.accounts.actions import service_account
from promises.packages import large
large.STEP = 10

def say(words):
    print(words, flush=True)
    if words.endswith("rows written"):
        sys.stdin.readline()

large.load_large_package(folder=Path(sys.argv[1]), now=timezone.now(), progress=say,
    by=service_account(name="import", display_name="Seed import"))
"""


@pytest.fixture
def importer_beside(transactional_db: None) -> User:
    """The account of the program beside, where rows are committed."""
    return service_account(name="import", display_name="Seed import")


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_killed_goes_on(importer_beside: User, many: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(many)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment_beside(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    ) as program:  # fmt: skip
        assert program.stdin
        assert program.stdout
        try:
            _read_until("evidence: 10 of 43 rows written", program.stdout)
            with transaction.atomic():
                # Its next step comes as far as the ledger.
                Head.objects.select_for_update().get()
                program.stdin.write("\n")
                program.stdin.flush()
                _wait_for_a_waiter()
                program.kill()
                program.wait()
        finally:
            program.kill()
    first = set(Evidence.objects.values_list("slug", flat=True))
    assert len(first) == 10
    assert Entry.objects.count() == 10
    report = load_large_package(folder=many, by=importer_beside, now=NOW)
    assert report.counts["evidence.csv"] == {Verdict.UNCHANGED: 10, Verdict.NEW: MANY - 7}
    slugs = list(Evidence.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["ev-memo", "ev-news", "ev-critic", *(f"ev-{n}" for n in range(MANY))]
    subjects = Entry.objects.filter(event="evidence:imported").values_list("subject", flat=True)
    assert sorted(subjects) == sorted(f"evidence/{slug}" for slug in slugs)
    events = events_of(Evidence).objects
    assert events.count() == 3 + MANY
    assert verify_chain().fault == ""


def _read_until(line: str, out: IO[str]) -> None:
    for told in out:
        if told.strip() == line:
            return
    pytest.fail("The program ended before that.")


def _wait_for_a_waiter() -> None:
    """Wait until some connection to this database waits for a lock."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            )
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.1)
    pytest.fail("Nobody waits.")
