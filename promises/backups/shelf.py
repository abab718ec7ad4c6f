"""Where backups lie: a folder for each, and beside them the stored files that all of them share.

    2026-11-26T05-30-00Z/database.dump   what pg_dump wrote
    2026-11-26T05-30-00Z/manifest.json   what it is of, and the hash of the dump
    files/ab/cd/abcd…                    copies of evidence, each named by its SHA-256
    last_drill.json                      when a backup was last restored and found whole

A backup takes its name when it is whole: what has none yet does not count.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from promises.common.durable import make_durable

DUMP, MANIFEST, DRILL, FILES = "database.dump", "manifest.json", "last_drill.json", "files"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
_WRITTEN = "%Y-%m-%dT%H-%M-%SZ"
_PIECE = 1 << 20


class NotWhole(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """A folder has the name of a backup and is none that can be brought back."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, for whoever restores it and has nothing else."""

    finished_at: str
    edition: int
    ledger_hash: str
    server_version: int
    dump_sha256: str
    dump_size: int
    files: int
    # Names of what was set in the environment; the values are secrets and are not here.
    settings: list[str]


@dataclass(frozen=True)
class Backup:
    """One backup."""

    folder: Path

    @property
    def name(self) -> str:
        """By which moment it is known."""
        return self.folder.name

    @property
    def dump(self) -> Path:
        """The database."""
        return self.folder / DUMP

    @property
    def manifest(self) -> Manifest:
        """Return what is written beside it. Raises NotWhole where there is none."""
        try:
            return Manifest(**json.loads((self.folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise NotWhole(
                f"{self.folder} is no whole backup: its {MANIFEST} is missing or damaged."
                " Bring that file back, or choose another backup (restore --backup NAME)."
            ) from error


class Shelf:
    """A folder of backups."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def backups(self) -> list[Backup]:
        """Return all that are whole, the newest first."""
        found = [path for path in self.root.glob("*") if moment_of(path.name)]
        return [Backup(path) for path in sorted(found, reverse=True)]

    @contextmanager
    def begun(self) -> Iterator[Path]:
        """Give an empty folder for a backup that is being made; what was left half is removed.

        What does not get whole is removed too: on a full disk it is what is in the way. Raises
        OSError while another backup is being made here.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        part = self.root / "incoming"
        with self._alone():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(mode=0o700)
            try:
                yield part
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else begin a backup here; whoever is killed lets go."""
        root = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(root, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OSError("another one is being made in this folder; wait for it") from error
            yield
        finally:
            os.close(root)

    def finish(self, part: Path, manifest: Manifest, now: datetime) -> Backup:
        """Let a backup that is whole take its name."""
        manifest = replace(manifest, finished_at=f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        _write(part / MANIFEST, asdict(manifest))
        place = self.root / f"{now.astimezone(UTC):{_WRITTEN}}"
        part.rename(place)
        make_durable(self.root)
        return Backup(place)

    def keep_only(self, number: int) -> list[str]:
        """Remove all but so many of the newest; return the names of those removed."""
        gone = self.backups()[number:]
        for backup in gone:
            shutil.rmtree(backup.folder)
        return [backup.name for backup in gone]

    def place_of(self, name: str) -> Path:
        """Return where a stored file is, or would be."""
        return self.root / FILES / name[:2] / name[2:4] / name

    def keep_file(self, name: str, source: IO[bytes]) -> bool:
        """Copy a stored file; False, and nothing kept, when its bytes are not those of its name."""
        place = self.place_of(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        digest = sha256()
        try:
            with part.open("wb") as file:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if digest.hexdigest() != name:
                return False
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        return True

    def note_drill(self, told: dict[str, Any]) -> None:
        """Write down that a backup was restored and found whole."""
        _write(self.root / DRILL, told)

    def last_drill(self) -> dict[str, Any] | None:
        """Return what was written down about the last drill that succeeded."""
        try:
            found = json.loads((self.root / DRILL).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None


def moment_of(name: str) -> datetime | None:
    """Return when the backup of that name was made; None when it is no name of one."""
    if _NAME.fullmatch(name):
        # There is no 99th month.
        with suppress(ValueError):
            return datetime.strptime(name, _WRITTEN).replace(tzinfo=UTC)
    return None


def standing(folder: str) -> dict[str, datetime | None]:
    """Return when the newest backup in a folder was made, and when the last drill succeeded."""
    shelf = Shelf(Path(folder))
    newest = next(iter(shelf.backups()), None)
    made = moment_of(newest.name) if newest else None
    try:
        tried = datetime.fromisoformat(str((shelf.last_drill() or {})["finished_at"]))
    except (KeyError, ValueError):
        tried = None
    return {"backup": made, "drill": tried}


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _write(path: Path, content: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=1, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
