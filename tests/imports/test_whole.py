"""All or nothing: whatever stops an import, the record is as it was."""

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.imports.actions import (
    IsOver,
    RowsRefused,
    abandon_import,
    ask_for_import,
    map_columns,
    run_import,
    try_import,
)
from promises.imports.models import Import, ImportedRow, ImportFile
from promises.imports.tasks import run_asked
from promises.imports.waiting import is_import_running, rows_done, wait_for_imports
from promises.imports.writing import DatabaseRefuses
from promises.pledges.models import Pledge
from tests import record
from tests.imports.conftest import World, outcomes

pytestmark = pytest.mark.django_db


def test_one_bad_row_among_many_stops_all_unless_it_is_left_out(world: World) -> None:
    rows = [world.row(number) for number in range(1, 301)]
    rows[298] = world.row(299, date="some day")
    tried = world.tried(world.upload(*rows))
    assert outcomes(tried) == {"new": 299, "refused": 1}
    with pytest.raises(RowsRefused, match="1 row is refused"):
        run_import(upload=tried, **world.given)
    assert (Pledge.objects.count(), ImportedRow.objects.count()) == (0, 0)
    done = world.imported(tried, refused="leave_out")
    assert (outcomes(done), Pledge.objects.count()) == ({"new": 299, "refused": 1}, 299)


def test_a_refusal_of_the_database_in_the_middle_takes_everything_back(world: World) -> None:
    tried = world.tried(world.upload(*(world.row(number) for number in range(1, 541))))
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE pledges_pledge ADD CONSTRAINT of_the_test CHECK (title <> 'Open file 520')"
        )
    done: list[int] = []
    with pytest.raises(DatabaseRefuses) as refused:
        run_import(upload=tried, progress=done.append, **world.given)
    assert str(refused.value) == (
        "Row 521: the database refuses it (of_the_test). Nothing was imported."
    )
    assert done == [500]
    assert (Pledge.objects.count(), ImportedRow.objects.count()) == (0, 0)
    tried.refresh_from_db()
    assert (tried.stage, tried.imported_at) == ("tried", None)


def test_what_was_asked_for_is_done_by_a_worker_once(world: World) -> None:
    tried = world.tried(world.upload(world.row(1), world.row(2)))
    asked = ask_for_import(upload=tried, **world.given)
    assert (run_asked(), run_asked()) == (1, 0)
    asked.refresh_from_db()
    assert (asked.stage, asked.imported_by, Pledge.objects.count()) == ("imported", world.by, 2)
    assert rows_done(asked.pk) == 2


def test_what_a_worker_must_refuse_comes_back_with_the_reason(world: World) -> None:
    tried = world.tried(world.upload(world.row(1), world.row(2)))
    ask_for_import(upload=tried, **world.given)
    record.draft_pledge(by=world.by, person=world.person, term=None, title="Open file 2")
    assert run_asked() == 0
    tried.refresh_from_db()
    assert (tried.stage, tried.asked_at, outcomes(tried)) == (
        "tried",
        None,
        {"new": 1, "refused": 1},
    )
    assert tried.problem == ("1 row is refused. Nothing is imported until it is good or left out.")
    assert Pledge.objects.count() == 1


def test_what_is_over_stays(world: World, database_refuses: Any) -> None:
    upload = abandon_import(upload=world.upload(world.row(1)), **world.given)
    for act in (try_import, run_import, abandon_import):
        with pytest.raises(IsOver, match="This import is abandoned"):
            act(upload=upload, **world.given)
    with pytest.raises(IsOver):
        map_columns(upload=upload, mapping={}, **world.given)
    with database_refuses("Cannot update"):
        Import.objects.filter(pk=upload.pk).update(stage="tried", abandoned_at=None)
    with database_refuses("Cannot delete"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM imports_import")
    with database_refuses("Cannot update"):
        ImportFile.objects.update(content=b"other")


def test_the_memory_of_rows_cannot_be_rewritten(world: World, database_refuses: Any) -> None:
    world.imported(world.upload(world.row(1)))
    with database_refuses("Cannot update"):
        ImportedRow.objects.update(external_id="E2")
    with database_refuses("imports_importedrow_once"):
        row = ImportedRow.objects.get()
        row.pk = None
        row.save(force_insert=True)
    with database_refuses("imports_importedrow_fits_its_kind"):
        ImportedRow.objects.create(
            source="x", kind="evidence", external_id="1", pledge=Pledge.objects.get(),
            content_hash="x", record_version=1, last_import=Import.objects.get(),
        )  # fmt: skip
    with database_refuses("Cannot delete"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM imports_importedrow")


@pytest.mark.django_db(transaction=True)
def test_two_people_with_the_same_file_make_one_set_of_rows(world: World) -> None:
    rows = [world.row(number) for number in range(1, 101)]
    uploads = [world.tried(world.upload(*rows)) for _ in range(2)]
    others = [record.user() for _ in uploads]
    ready = threading.Barrier(2)
    refused: list[str] = []

    def go(number: int) -> None:
        try:
            ready.wait()
            run_import(upload=uploads[number], by=others[number], now=record.NOW)
        except Refused as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["There is nothing to import: no row is new or changed."]
    assert (Pledge.objects.count(), ImportedRow.objects.count()) == (100, 100)
    assert len(set(Pledge.objects.values_list("created_by", flat=True))) == 1
    stages = sorted(Import.objects.values_list("stage", flat=True))
    assert stages == ["imported", "tried"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_another_import_runs(world: World, client: Client) -> None:
    tried = world.tried(world.upload(world.row(1)))
    ask_for_import(upload=tried, **world.given)
    record.user("editor", is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(username="editor"))
    small = world.tried(world.upload(world.row(2)))
    running, over = threading.Event(), threading.Event()

    def another() -> None:
        try:
            with transaction.atomic():
                wait_for_imports()
                running.set()
                over.wait(60)
        finally:
            connections.close_all()

    assert not is_import_running()
    thread = threading.Thread(target=another)
    thread.start()
    try:
        assert running.wait(60)
        assert (is_import_running(), run_asked()) == (True, 0)
        there = f"/admin/imports/import/{small.pk}/report/"
        client.post(there, {"_import": "1", "twins": "refuse", "refused": "stop"})
    finally:
        over.set()
        thread.join()
    small.refresh_from_db()
    assert (small.asked_by, Pledge.objects.count()) == (User.objects.get(username="editor"), 0)
    assert run_asked() == 2
    assert (Pledge.objects.count(), is_import_running()) == (2, False)


WORKER = """
import django, os, signal
django.setup()
from promises.imports import tasks
def die(upload, rows):
    os.kill(os.getpid(), signal.SIGKILL)
tasks.say_progress = die
tasks.run_asked()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_ends_the_same(
    world: World,
) -> None:
    tried = world.tried(world.upload(*(world.row(number) for number in range(1, 601))))
    ask_for_import(upload=tried, **world.given)
    settings = connection.settings_dict
    address = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}"
        f":{settings['PORT']}/{settings['NAME']}"
    )
    environment = {
        **os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }  # fmt: skip
    killed = subprocess.run([sys.executable, "-c", WORKER], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (Pledge.objects.count(), ImportedRow.objects.count()) == (0, 0)
    assert run_asked() == 1
    assert (Pledge.objects.count(), ImportedRow.objects.count()) == (600, 600)
