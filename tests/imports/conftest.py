"""A small record to import into, and files of an invented tracker."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from promises.accounts.models import User
from promises.imports.actions import map_columns, run_import, try_import, upload_file
from promises.imports.models import Import
from promises.officials.models import Person
from promises.pledges.models import Topic
from tests import record

SOURCE = "Example meter 2024"
COLUMNS = ("id", "prosecutor", "title", "description", "category", "date", "status")


@dataclass
class World:
    """Who uploads, whom the promises are by, and about what."""

    by: User
    person: Person
    topic: Topic

    @property
    def given(self) -> dict[str, Any]:
        """Who and when."""
        return {"by": self.by, "now": record.NOW}

    def row(self, number: int, **other: str) -> list[str]:
        """A good row of a file of pledges."""
        cells = {
            "id": f"E{number}",
            "prosecutor": self.person.name,
            "title": f"Open file {number}",
            "description": f"She said she would open file {number}.",
            "category": self.topic.name,
            "date": "2023-11-07",
            "status": "Kept",
            **other,
        }
        return [cells[column] for column in COLUMNS]

    def upload(self, *rows: Sequence[str], kind: str = "pledge", **more: Any) -> Import:
        """An uploaded file with these rows."""
        return self.upload_bytes(table(COLUMNS, *rows), kind=kind, **more)

    def upload_bytes(
        self, content: bytes, *, kind: str = "pledge", name: str = "meter.csv", source: str = SOURCE
    ) -> Import:
        """An uploaded file with this content."""
        return upload_file(name=name, content=content, kind=kind, source=source, **self.given)

    def mapped(self, upload: Import, **more: dict[str, str]) -> Import:
        """The file with its columns mapped as proposed, and what else is given."""
        fixed = {"controlled_by": {"column": "", "fixed": "office", "order": ""}}
        return map_columns(upload=upload, mapping={**upload.mapping, **fixed, **more}, **self.given)

    def tried(self, upload: Import, **decisions: str) -> Import:
        """The file mapped and tried."""
        return try_import(upload=self.mapped(upload), decisions=decisions, **self.given)

    def imported(self, upload: Import, **decisions: str) -> Import:
        """The file mapped, tried and imported."""
        return run_import(upload=self.tried(upload, **decisions), **self.given)


@pytest.fixture
def world(author: User) -> World:
    """One official and one topic."""
    return World(author, record.term(by=author).person, record.topic(by=author, name="Open data"))


def table(columns: Sequence[str], *rows: Sequence[str], delimiter: str = ",") -> bytes:
    """A CSV file in UTF-8."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([columns, *rows])
    return buffer.getvalue().encode()


def outcomes(upload: Import) -> dict[str, int]:
    """The counts of an import without the zeros."""
    return {verdict: count for verdict, count in upload.counts.items() if count}


def reasons(upload: Import, row: int) -> list[str]:
    """What the report says about a row."""
    return list(upload.lines.get(row=row).reasons)
