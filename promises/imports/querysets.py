from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from promises.imports.choices import Stage

if TYPE_CHECKING:
    from promises.imports.models import (  # noqa: F401 -- types only
        Import,
        ImportedRow,
        ReportLine,
    )


class ImportQuerySet(QuerySet["Import"]):
    """Reads of imports."""

    def of_kinds(self, kinds: Collection[str]) -> Self:
        """Keep the imports of these kinds of rows."""
        return self.filter(kind__in=kinds)

    def asked_for(self) -> Self:
        """Keep what someone has asked to be imported and is not yet, oldest first."""
        return self.filter(stage=Stage.TRIED, asked_at__isnull=False).order_by("asked_at", "pk")

    def last_imported(self, source: str, kind: str) -> Import | None:
        """Return the newest import of a source that was carried through, or None."""
        return self.filter(source=source, kind=kind, stage=Stage.IMPORTED).order_by("-pk").first()

    def known_sources(self) -> list[str]:
        """Return the names of the sources so far, each once."""
        return list(self.order_by("source").values_list("source", flat=True).distinct()[:200])


class ReportLineQuerySet(QuerySet["ReportLine"]):
    """Reads of reports."""

    def with_verdict(self, verdict: str) -> Self:
        """Keep the rows with this outcome; all of them for ""."""
        return self.filter(verdict=verdict) if verdict else self


class ImportedRowQuerySet(QuerySet["ImportedRow"]):
    """Reads of what rows of a source became."""

    def of_source(self, source: str, kind: str) -> Self:
        """Keep the rows of one source and kind, with their records."""
        return self.filter(source=source, kind=kind)

    def named(self, source: str, kind: str, ids: Collection[str]) -> dict[str, ImportedRow]:
        """Return these rows of a source by their ids, with their records."""
        rows = self.of_source(source, kind).filter(external_id__in=ids)
        related = rows.select_related("pledge", "evidence", "link")
        return {row.external_id: row for row in related}
