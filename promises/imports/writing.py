"""Rows into the record as drafts, in as few statements as possible."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Max, Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from promises.accounts.models import User
from promises.common.refusals import Refused
from promises.evidence.models import Evidence, EvidenceLink
from promises.imports.candidates import Candidate
from promises.imports.choices import Kind
from promises.imports.models import Import, ImportedRow
from promises.imports.overwriting import overwrite
from promises.pledges.models import Pledge

BATCH = 500
LINK_CONTENT = ("stance", "note", "locator")

# What is remembered of a row, beside which one it is.
MEMORY = (
    "link",
    "content_hash",
    "record_version",
    "link_version",
    "said_status",
    "status",
    "last_import",
)

Progress = Callable[[int], None]
Write = Callable[[Sequence[Candidate]], None]


class DatabaseRefuses(Refused):
    """The database refuses a row that seemed good; nothing was imported."""


def add_drafts(
    rows: Sequence[Candidate], *, upload: Import, by: User, now: datetime, progress: Progress
) -> None:
    """Insert new records as drafts of this person, numbered and named in the order of the file."""
    model = _model(upload)
    slugs = free_slugs(model, [row.values["title"] for row in rows])
    positions = _positions(rows) if upload.kind == Kind.PLEDGE else [None] * len(rows)
    more = {
        id(row): pair for row, pair in zip(rows, zip(slugs, positions, strict=True), strict=True)
    }

    def insert(part: Sequence[Candidate]) -> None:
        records: list[Any] = []
        for row in part:
            slug, position = more[id(row)]
            given = {"slug": slug, "created_by": by, "created_at": now, **row.values}
            records.append(model(**given if position is None else {**given, "position": position}))
        model._default_manager.bulk_create(records)
        links = _add_links([(row, record.pk) for row, record in zip(part, records, strict=True)])
        ImportedRow.objects.bulk_create(
            _imported(row, record, links.get(row.row), upload)
            for row, record in zip(part, records, strict=True)
        )

    _in_batches(rows, insert, progress)


def change_drafts(rows: Sequence[Candidate], *, upload: Import, progress: Progress) -> None:
    """Write changed content over drafts that nobody has edited since. The caller locks them."""
    model = _model(upload)

    def update(part: Sequence[Candidate]) -> None:
        records, links, added = [], [], []
        for row in part:
            assert row.known is not None
            record: Any = row.known.pledge or row.known.evidence
            if _set(record, row.values):
                records.append(record)
            link = row.known.link
            if link and _set(link, {name: row.link[name] for name in LINK_CONTENT}):
                links.append(link)
            elif not link and row.link:
                added.append((row, record.pk))
        # A person is named by the row's own column, not by the field that points to it.
        fields = [model._meta.get_field(name).name for name in part[0].values]
        overwrite(model, records, fields)
        overwrite(EvidenceLink, links, LINK_CONTENT)
        _remember(part, _add_links(added), upload)

    _in_batches(rows, update, progress)


def _model(upload: Import) -> type[Model]:
    return Pledge if upload.kind == Kind.PLEDGE else Evidence


def _set(record: Any, values: dict[str, Any]) -> bool:
    """Set these values on a record; return whether one of them is another than before."""
    is_other = any(getattr(record, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(record, name, value)
    return is_other


def _add_links(pairs: Iterable[tuple[Candidate, int]]) -> dict[int, EvidenceLink]:
    """Insert what evidence says about pledges; return the links by the rows of the file."""
    links = {
        row.row: EvidenceLink(evidence_id=evidence, **row.link)
        for row, evidence in pairs
        if row.link
    }
    EvidenceLink.objects.bulk_create(links.values())
    return links


def _imported(
    row: Candidate, record: Any, link: EvidenceLink | None, upload: Import
) -> ImportedRow:
    """Return the memory of a new row."""
    return ImportedRow(
        source=upload.source,
        kind=upload.kind,
        external_id=row.external_id,
        pledge=record if isinstance(record, Pledge) else None,
        evidence=record if isinstance(record, Evidence) else None,
        link=link,
        content_hash=row.hash,
        record_version=record.version,
        link_version=link.version if link else None,
        said_status=row.said_status,
        status=row.status,
        last_import=upload,
    )


def _remember(rows: Sequence[Candidate], added: dict[int, EvidenceLink], upload: Import) -> None:
    """Bring the memory of changed rows up to date, with the versions the records now have."""
    ids = [row.known.pk for row in rows if row.known]
    fresh = ImportedRow.objects.select_related("pledge", "evidence", "link").in_bulk(ids)
    for row in rows:
        assert row.known is not None
        known = fresh[row.known.pk]
        record: Any = known.pledge or known.evidence
        known.link = added.get(row.row, known.link)
        known.content_hash, known.record_version = row.hash, record.version
        known.link_version = known.link.version if known.link else None
        known.said_status, known.status, known.last_import = row.said_status, row.status, upload
    overwrite(ImportedRow, list(fresh.values()), MEMORY)


def free_slugs(model: type[Model], titles: Sequence[str]) -> list[str]:
    """Return a public name for each title that no row of the table and no other title has."""
    field: Any = model._meta.get_field("slug")
    stems = [
        slugify(title)[: field.max_length - 10].strip("-") or str(model._meta.model_name)
        for title in titles
    ]
    taken = _taken(model, stems)
    found: list[str] = []
    for stem in stems:
        slug, number = stem, 1
        while slug in taken:
            number += 1
            slug = f"{stem}-{number}"
        taken.add(slug)
        found.append(slug)
    return found


def _taken(model: type[Model], stems: Sequence[str]) -> set[str]:
    """Return the public names that begin like one of these, followed by a number or nothing."""
    rows = model._default_manager.values_list("slug", flat=True)
    taken = set(rows.filter(slug__in=set(stems)))
    for stem in sorted(taken):
        taken |= set(rows.filter(slug__startswith=f"{stem}-"))
    # Two titles of the file may need a number that a record has.
    return taken | set(rows.filter(slug__in={f"{stem}-{n}" for stem in set(stems) for n in (2, 3)}))


def _positions(rows: Sequence[Candidate]) -> list[int]:
    """Return the place of each new pledge after the last of its person, in the file's order."""
    people = {row.values["person_id"] for row in rows}
    last = Pledge.objects.filter(person__in=people).values("person_id").order_by()
    places = dict(last.annotate(last=Max("position")).values_list("person_id", "last"))
    found = []
    for row in rows:
        person = row.values["person_id"]
        places[person] = min((places.get(person) or 0) + 1, 32_000)
        found.append(places[person])
    return found


def _in_batches(rows: Sequence[Candidate], write: Write, progress: Progress) -> None:
    """Write rows batch by batch. Raises DatabaseRefuses, which names the row."""
    for start in range(0, len(rows), BATCH):
        _written(rows[start : start + BATCH], write)
        progress(min(BATCH, len(rows) - start))


def _written(rows: Sequence[Candidate], write: Write) -> None:
    """Write some rows; where the database objects, find by halving to which."""
    try:
        with transaction.atomic():
            write(rows)
    except (IntegrityError, DataError) as error:
        if len(rows) > 1:
            middle = len(rows) // 2
            _written(rows[:middle], write)
            _written(rows[middle:], write)
        told = getattr(error.__cause__, "diag", None)
        rule = getattr(told, "constraint_name", None) or getattr(told, "message_primary", "")
        raise DatabaseRefuses(
            _("Row %(row)d: the database refuses it (%(rule)s). Nothing was imported.")
            % {"row": rows[0].row, "rule": rule or error}
        ) from error
