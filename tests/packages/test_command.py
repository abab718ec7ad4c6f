"""The commands: what they print, how they end, and that two at once are one."""

from io import StringIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from promises.accounts.models import User
from promises.ledger.chain import current_edition, verify_chain
from promises.packages.management.commands import load_package, load_seeds
from tests.packages.conftest import nothing_changes
from tests.packages.folder import ROWS, TABLES, add, edit

ROOT = Path(__file__).resolve().parents[2]


def run(name: str, *arguments: object, verbosity: int = 1) -> str:
    """Run a command; return what it prints."""
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, verbosity=verbosity)
    return out.getvalue()


def test_the_seeds_stand_beside_the_command() -> None:
    assert load_seeds.SEEDS == ROOT / "seeds"
    assert (ROOT / "manage.py").is_file()


@pytest.mark.django_db
def test_loading_prints_a_count_for_every_file_and_what_was_done(small: Path) -> None:
    lines = run("load_package", small).splitlines()
    assert lines[0] == "Comparing with the record"
    assert lines[-1] == (
        f"Loaded {small}: {ROWS} new, 0 changed, 0 unchanged; edition 0 to {current_edition()}."
    )
    table = lines[lines.index("Writing the ledger") + 1 : -1]
    assert table[0].split() == ["file", "new", "changed", "unchanged", "left"]
    assert [line.split() for line in table[1:]] == [
        *([name, str(text.count("\n") - 1), *"000"] for name, text in TABLES.items()),
        ["all", "files", str(ROWS), *"000"],
    ]


@pytest.mark.django_db
def test_a_second_run_says_that_there_is_nothing_to_do(small: Path) -> None:
    run("load_package", small)
    edit(small, "people.csv", 2, background="Defender.")
    lines = run("load_seeds", "--dir", small).splitlines()
    assert "people.csv, row 2: jane-example changed" in lines
    with nothing_changes():
        quiet = run("load_seeds", "--dir", small, verbosity=0)
    assert quiet == f"Nothing to do: the record already holds {small}.\n"
    told = run("load_seeds", "--dir", small, verbosity=2).splitlines()
    assert "observations/bail.csv, row 3: bail-share/2024-02-01/month/2024-03-01/dashboard" in (
        line.removesuffix(" unchanged") for line in told
    )
    assert sum(line.endswith(" unchanged") for line in told) == ROWS


@pytest.mark.django_db
def test_newer_seeds_leave_what_readers_quote(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_package, "LISTED", 1)
    run("load_package", small)
    edit(small, "pledges.csv", 2, statement="She said something else.")
    edit(small, "people.csv", 2, background="Defender.")
    with nothing_changes(), pytest.raises(CommandError, match="1 fault"):
        call_command("load_package", str(small), stdout=StringIO(), stderr=StringIO())
    edition = current_edition()
    lines = run("load_seeds", "--dir", small).splitlines()
    listed = lines.index("pledges.csv, row 2: jane-no-bail left")
    assert lines[listed + 1] == "… and 1 more."
    assert lines[-1] == (
        f"Loaded {small}: 0 new, 1 changed, {ROWS - 2} unchanged; edition {edition} to"
        f" {edition + 1}. Left as they are here: 1."
    )


@pytest.mark.django_db
def test_a_dry_run_leaves_not_even_the_account(small: Path) -> None:
    with nothing_changes():
        printed = run("load_package", small, "--dry-run")
    assert printed.splitlines()[-1].startswith(f"Would load {small}: {ROWS} new, 0 changed,")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_refusal_lists_the_faults_and_ends_with_an_error(small: Path) -> None:
    for number in range(60):
        add(small, "topics.csv", slug=f"topic-{number}", position="first")
    errors, out = StringIO(), StringIO()
    with nothing_changes(), pytest.raises(CommandError) as refusal:
        call_command("load_package", str(small), stdout=out, stderr=errors)
    assert str(refusal.value) == f"Nothing was loaded from {small}: 120 faults."
    assert refusal.value.returncode == 1
    listed = errors.getvalue().splitlines()
    assert len(listed) == load_package.LISTED + 1
    assert listed[0] == "topics.csv, row 4: Column “name”: The cell is empty."
    assert listed[-1] == "… and 70 more."
    table = {line.split()[0]: line.split()[1:] for line in out.getvalue().splitlines()}
    assert table["file"] == ["in", "order", "refused"]
    assert table["topics.csv"] == ["2", "60"]
    assert table["people.csv"] == ["2", "0"]


@pytest.fixture
def small_twice(transactional_db: None, small: Path, importer: User) -> list[str]:
    """Load a package from two connections at the same moment; give what each prints."""
    printed: list[str] = []
    start = Barrier(2)

    def load() -> None:
        try:
            start.wait(10)
            printed.append(run("load_package", small, verbosity=0))
        finally:
            connection.close()

    threads = [Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return printed


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_are_one_after_the_other(small_twice: list[str]) -> None:
    done = sorted(line.split(" ", 1)[0] for line in small_twice)
    assert done == ["Loaded", "Nothing"]
    assert verify_chain().fault == ""
