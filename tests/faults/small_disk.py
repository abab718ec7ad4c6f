"""A small disk to fill: what is on it meets "No space left on device" as on a real one."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BALLAST = "ballast"


def _can_mount() -> bool:
    """Try it: root in a container may be refused too."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    command = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not _can_mount(), reason="a small disk needs root and mount")


@contextmanager
def small_disk(folder: Path, *, megabytes: int, names: int = 0) -> Iterator[Path]:
    """Put a disk of that size at a new folder until the end of the block.

    `names`: for how many files and folders it has room, itself one of them; 0: as many as fit.
    """
    folder.mkdir()
    size = f"size={megabytes}m,nr_inodes={names},mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def filled(disk: Path, *, leaving: int = 0) -> Iterator[None]:
    """Leave so many bytes free on the disk, and no more, until the end of the block."""
    ballast = disk / BALLAST
    try:
        with ballast.open("wb", buffering=0) as file:
            _fill(file.fileno())
            file.truncate(file.tell() - leaving)
        yield
    finally:
        ballast.unlink()


def _fill(file: int) -> None:
    size = 1 << 16
    while size:
        try:
            os.write(file, bytes(size))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            size //= 2
