from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.common.writes import write
from promises.editorial.actions import move
from promises.evidence.models import Evidence, EvidenceLink
from promises.imports import choices, deciding
from promises.imports.candidates import Candidate
from promises.imports.choices import Stage, Verdict
from promises.imports.comparing import compare, counted, judged
from promises.imports.models import Import, ImportedRow, ImportFile, ReportLine
from promises.imports.reading import read_sheet
from promises.imports.sheets import Reading
from promises.imports.waiting import wait_for_imports
from promises.imports.writing import Progress, add_drafts, change_drafts
from promises.pledges.actions import lock_pledges


class IsOver(Refused):
    """The import is done or abandoned; upload the file again to begin another."""


class NotReady(Refused):
    """A step before this one is missing."""


class RowsRefused(Refused):
    """Some rows are refused, and nobody has said that the others should be imported."""


@write
def upload_file(
    *, name: str, content: bytes, kind: str, source: str, by: User, now: datetime
) -> Import:
    """Keep a file and the table in it. Raises UnreadableFile, ValidationError."""
    sheet = read_sheet(name, content)
    upload = Import(
        file_name=name,
        sha256=deciding.digest(content),
        size=len(content),
        kind=kind,
        source=" ".join(source.split()),
        row_count=len(sheet.rows),
        uploaded_by=by,
        uploaded_at=now,
    )
    deciding.begin(upload, sheet)
    upload.full_clean()
    upload.save()
    ImportFile.objects.create(of=upload, content=content, sheet=sheet.as_json())
    return upload


@write
def read_again(*, upload: Import, reading: Reading, by: User, now: datetime) -> Import:
    """Read the file as a person says it should be. Raises UnreadableFile, IsOver."""
    upload = _open(upload)
    file = upload.file
    sheet = read_sheet(upload.file_name, bytes(file.content), reading)
    file.sheet = sheet.as_json()
    file.save(update_fields=["sheet"])
    upload.row_count, upload.stage = len(sheet.rows), Stage.UPLOADED
    deciding.begin(upload, sheet)
    _forget(upload)
    move(upload, "row_count", "stage", "vocabulary", "reading", "mapping", "counts", "problem")
    return upload


@write
def map_columns(
    *, upload: Import, mapping: Mapping[str, Mapping[str, str]], by: User, now: datetime
) -> Import:
    """Say which column holds what. Raises IsOver, and BadMapping with every fault by target."""
    upload = _open(upload)
    sheet = deciding.sheet_of(upload)
    upload.mapping = deciding.checked_mapping(upload.kind, mapping, sheet)
    upload.vocabulary = deciding.proposed_vocabulary(upload, sheet)
    upload.stage = Stage.MAPPED
    _forget(upload)
    move(upload, "mapping", "vocabulary", "stage", "counts", "problem")
    return upload


@write
def map_words(
    *, upload: Import, vocabulary: Mapping[str, Mapping[str, str]], by: User, now: datetime
) -> Import:
    """Say what the source's words mean here. Raises IsOver, NotReady, BadMapping."""
    upload = _open(upload)
    if upload.stage == Stage.UPLOADED:
        raise NotReady(_("Say first which column holds what."))
    upload.vocabulary = deciding.checked_vocabulary(upload, vocabulary, deciding.sheet_of(upload))
    upload.stage = Stage.MAPPED
    _forget(upload)
    move(upload, "vocabulary", "stage", "counts", "problem")
    return upload


@write
def try_import(
    *,
    upload: Import,
    by: User,
    now: datetime,
    decisions: Mapping[str, str] | None = None,
    problem: str = "",
) -> Import:
    """Work out what an import would do to each row, and keep the report. Writes no record."""
    upload = _open(upload)
    if upload.stage == Stage.UPLOADED:
        raise NotReady(_("Say first which column holds what."))
    if decisions is not None:
        upload.decisions = deciding.checked_decisions(decisions)
    rows = judged(upload, deciding.sheet_of(upload))
    _report(upload, rows)
    upload.stage, upload.counts, upload.problem = Stage.TRIED, counted(rows), problem
    upload.asked_at = upload.asked_by = None
    move(upload, "stage", "counts", "decisions", "problem", "asked_at", "asked_by")
    return upload


@write
def ask_for_import(*, upload: Import, by: User, now: datetime) -> Import:
    """Ask a worker to import the file: it does so once, however often it is woken or killed."""
    upload = _open(upload)
    _require_good(upload, upload.counts)
    upload.asked_by, upload.asked_at, upload.problem = by, now, ""
    move(upload, "asked_by", "asked_at", "problem")
    return upload


@write
def run_import(
    *, upload: Import, by: User, now: datetime, progress: Progress = lambda _rows: None
) -> Import:
    """Write the rows of a file as drafts, all or nothing; a second run writes nothing.

    1. Wait for other imports; judge every row again, against the record as it now stands.
    2. Lock what is to change: pledges first, in order of id.
    3. Write in batches, one transaction; remember each row by its id.
    4. Keep the report. `progress` is told how many rows more are done.

    Raises IsOver (but returns an import that is done as it is), NotReady, RowsRefused,
    DatabaseRefuses.
    """
    wait_for_imports()
    upload = Import.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.stage == Stage.IMPORTED:
        return upload
    upload = _open(upload)
    rows = judged(upload, deciding.sheet_of(upload))
    _lock(upload, rows)
    counts = counted(rows)
    _require_good(upload, counts)
    changed = [row for row in rows if row.verdict == Verdict.CHANGED]
    change_drafts(changed, upload=upload, progress=progress)
    new = [row for row in rows if row.verdict == Verdict.NEW]
    add_drafts(new, upload=upload, by=by, now=now, progress=progress)
    _report(upload, rows)
    upload.counts, upload.stage, upload.problem = counts, Stage.IMPORTED, ""
    upload.imported_by, upload.imported_at = by, now
    move(upload, "counts", "stage", "problem", "imported_by", "imported_at")
    return upload


@write
def abandon_import(*, upload: Import, by: User, now: datetime) -> Import:
    """Give an import up; its file and what was decided stay. Raises IsOver."""
    upload = _open(upload)
    upload.stage, upload.abandoned_by, upload.abandoned_at = Stage.ABANDONED, by, now
    move(upload, "stage", "abandoned_by", "abandoned_at")
    return upload


def _open(upload: Import) -> Import:
    """Return the import as it now stands, locked. Raises IsOver."""
    upload = Import.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.is_over:
        raise IsOver(
            _("This import is %(stage)s. Upload the file again to begin another.")
            % {"stage": upload.get_stage_display()}
        )
    return upload


def _forget(upload: Import) -> None:
    """Drop a report that no longer fits."""
    ReportLine.objects.filter(of=upload).delete()
    upload.counts, upload.problem = {}, ""


def _require_good(upload: Import, counts: Mapping[str, int]) -> None:
    if upload.stage != Stage.TRIED:
        raise NotReady(_("Try the import first, and read its report."))
    if not counts.get(Verdict.NEW, 0) + counts.get(Verdict.CHANGED, 0):
        raise NotReady(_("There is nothing to import: no row is new or changed."))
    refused = counts.get(Verdict.REFUSED, 0)
    if refused and upload.decisions.get("refused") != choices.Refused.LEAVE_OUT:
        words = ngettext(
            "%(rows)d row is refused. Nothing is imported until it is good or left out.",
            "%(rows)d rows are refused. Nothing is imported until they are good or left out.",
            refused,
        )
        raise RowsRefused(words % {"rows": refused})


def _lock(upload: Import, rows: Sequence[Candidate]) -> None:
    """Lock what the rows change and point to, and look once more at what is to change."""
    changed = [row for row in rows if row.verdict == Verdict.CHANGED]
    pledges = {row.link["pledge_id"] for row in rows if row.is_written and row.link}
    pledges |= {row.known.pledge_id for row in changed if row.known and row.known.pledge_id}
    lock_pledges(pledges)
    evidence = [row.known.evidence_id for row in changed if row.known]
    locked: Any = Evidence.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(locked.filter(pk__in=[pk for pk in evidence if pk]))
    links = [row.known.link_id for row in changed if row.known and row.known.link_id]
    list(EvidenceLink.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=links))
    ids = [row.external_id for row in changed]
    fresh = ImportedRow.objects.named(upload.source, upload.kind, ids)
    for row in changed:
        row.known = fresh[row.external_id]
        compare(row, row.known)


def _report(upload: Import, rows: Sequence[Candidate]) -> None:
    """Keep what becomes of each row, in place of the last report."""
    ReportLine.objects.filter(of=upload).delete()
    ReportLine.objects.bulk_create(
        (
            ReportLine(
                of=upload,
                row=row.row,
                verdict=row.verdict,
                external_id=row.external_id,
                title=row.title,
                reasons=row.faults + row.notes,
            )
            for row in rows
        ),
        batch_size=2000,
    )
