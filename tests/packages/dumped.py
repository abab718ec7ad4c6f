"""What the files of a package are called, and their bytes."""

from pathlib import Path

from promises.packages.leaving import LEAVING
from promises.packages.tables import ORDER

TEXTS = ["README.txt", "LICENCE.txt", "CITATION.cff"]
FILES = sorted(
    [
        *(f"{table.name}.{kind}" for table in LEAVING for kind in ("csv", "jsonl")),
        *("datapackage.json", "tracker.sqlite", "popolo.json", "package.zip", "SHA256SUMS"),
        *TEXTS,
    ]
)
# The files of the tables that come back.
TRAVEL = [f"{table.name}.{kind}" for table in ORDER for kind in ("csv", "jsonl")]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
