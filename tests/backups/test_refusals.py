"""What stands in the way of a restore or a drill is said in a sentence, and changes nothing."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from promises.backups.shelf import Shelf
from tests import record
from tests.backups.test_backups import Place, backup, contents, empty, shelf, store
from tests.backups.test_backups import _address as address
from tracker.services import drill

__all__ = ["empty", "shelf", "store"]


def test_a_live_database_of_the_same_edition_is_refused(shelf: Shelf) -> None:
    """Not all that is written is in the ledger: the same head does not say that nothing is lost."""
    backup(shelf)
    record.user("newcomer")
    here = Place(shelf.root.parent / "elsewhere", str(connection.settings_dict["NAME"]))
    before = contents(address(connection.settings_dict["NAME"]))
    code, said = here.manage("restore", str(shelf.root))
    assert (code, "is not empty" in said, "Restored" in said) == (1, True, False), said
    assert "Nothing was changed." in said
    assert contents(address(connection.settings_dict["NAME"])) == before
    assert not here.store.exists()


NO_MANIFEST = "is no whole backup: its manifest.json is missing or damaged."


def test_a_backup_without_its_dump_is_named(shelf: Shelf, empty: Place) -> None:
    backup(shelf).dump.unlink()
    code, said = empty.manage("restore", str(shelf.root))
    assert (code, "Traceback" in said) == (1, False), said
    assert "database.dump is missing. Nothing was changed." in said
    assert empty.contents() == {}


def test_a_backup_without_its_manifest_is_named(
    shelf: Shelf, empty: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    made = backup(shelf)
    manifest = made.folder / "manifest.json"
    half = manifest.read_text()[:40]
    manifest.unlink()
    for broken in (None, half, "[]"):
        if broken is not None:
            manifest.write_text(broken)
        code, said = empty.manage("restore", str(shelf.root))
        assert (code, NO_MANIFEST in said, "Traceback" in said) == (1, True, False), said
        assert empty.contents() == {}
        with pytest.raises(SystemExit) as ended:
            _drill(shelf.root)
        assert ended.value.code == 1
        assert f"The drill failed: {made.folder} {NO_MANIFEST}" in capsys.readouterr().err


def _drill(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["drill", str(folder)])
        raise SystemExit(drill.main())


@pytest.mark.django_db
def test_a_name_of_no_moment_is_no_backup(client: Client, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.BACKUPS = str(tmp_path)
    (tmp_path / "2026-99-99T00-00-00Z").mkdir()
    assert json.loads(client.get("/readyz").content)["last_backup"] is None
    assert client.get("/internal/metrics").status_code == 200
    (tmp_path / "2026-11-26T05-30-00Z").mkdir()
    answer = json.loads(client.get("/readyz").content)
    assert answer["last_backup"] == "2026-11-26T05:30:00Z"
    with pytest.raises(CommandError, match="There is no backup 2026-99-99T00-00-00Z in"):
        call_command("restore", str(tmp_path), "--backup", "2026-99-99T00-00-00Z")


def test_a_drill_touches_nothing_of_the_site(
    shelf: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not its store, though its address comes from a file; nor does it leave anything behind."""
    made = backup(shelf)
    for name in ("CAPTURE_STORE", "PACKAGES", "HOST_FOLDER"):
        (tmp_path / name).write_text(str(tmp_path / f"live {name}"))
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    monkeypatch.setenv("ALLOWED_HOSTS", "tracker.example")
    # There it cannot be noted, which is another thing than a drill that failed.
    (shelf.root / "last_drill.part").mkdir()
    with pytest.raises(SystemExit) as ended:
        _drill(shelf.root)
    said = capsys.readouterr()
    assert (ended.value.code, "Restored, checked and served in" in said.out) == (1, True), said
    assert "That could not be noted" in said.err
    assert "The drill failed" not in said.err
    assert not list(tmp_path.glob("live *"))
    (shelf.root / "last_drill.part").rmdir()
    with pytest.raises(SystemExit) as ended:
        _drill(shelf.root)
    assert ended.value.code == 0
    assert shelf.last_drill() is not None
    assert shelf.last_drill()["backup"] == made.name  # type: ignore[index]


def test_what_a_drill_writes_goes_with_its_place() -> None:
    with drill.empty_place() as given:
        folder = Path(given["HOST_FOLDER"]).parent
        assert folder.is_dir()
        assert folder.name.startswith("drill-")
        for name in ("CAPTURE_STORE", "PACKAGES"):
            assert Path(given[name]).parent == folder
    assert not folder.exists()
