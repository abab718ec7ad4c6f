"""The report of an import as CSV, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from promises.common.cells import plain_cell
from promises.imports.models import Import

COLUMNS = ("row", "outcome", "id", "title", "reasons")


def report_csv(upload: Import, verdict: str) -> Iterator[str]:
    """Yield the report line by line, as it stands on the screen."""
    yield "\ufeff" + _line(COLUMNS)
    lines = upload.lines.with_verdict(verdict).order_by("row")
    for line in lines.iterator(chunk_size=2000):
        reasons = " ".join(line.reasons)
        yield _line((str(line.row), line.verdict, line.external_id, line.title, reasons))


def _line(cells: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([plain_cell(cell) for cell in cells])
    return buffer.getvalue()
