"""What happened to a record and to the rows that belong to it, in one order of time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, OuterRef, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from promises.accounts.models import User
from promises.common.history import events_of
from promises.desk.reach import within_reach, works_in_every

# The rows whose history is shown with that of the record they belong to: table and foreign key.
BELONGING = {
    "pledges.Pledge": [
        ("pledges.Criterion", "pledge"),
        ("evidence.EvidenceLink", "pledge"),
        ("metrics.MetricPledge", "pledge"),
        ("updates.Review", "pledge"),
        ("updates.Correction", "pledge"),
    ],
    "evidence.Evidence": [
        ("evidence.EvidenceLink", "evidence"),
        ("evidence.ResultReportSource", "evidence"),
        ("updates.Correction", "evidence"),
    ],
    "updates.StatusUpdate": [
        ("updates.Citation", "status_update"),
        ("updates.Approval", "status_update"),
        ("updates.Correction", "status_update"),
    ],
    "officials.Person": [("officials.Term", "person")],
    "officials.Election": [
        ("officials.Candidacy", "election"),
        ("officials.ResultReport", "election"),
    ],
    "officials.ResultReport": [("evidence.ResultReportSource", "result_report")],
    "metrics.Metric": [("metrics.MetricPledge", "metric")],
}
# Rows that only ever grow are their own history: when they came and by whom, and in which words.
GROWING = {
    "updates.Approval": ("approved_at", "approved_by", "approve_status_update"),
    "updates.Review": ("reviewed_at", "reviewed_by", "record_reviews"),
    "updates.Correction": ("corrected_at", "corrected_by", "correct"),
}
# Rows that may speak about records elsewhere when they are shown by this foreign key.
SHARED = {"evidence.EvidenceLink": ("evidence",)}
# Changes shown on one page.
PER_PAGE = 50


@dataclass(frozen=True)
class Happening:
    """One change of one row, as the database noted it. `before` is the row's event before."""

    model: type[Model]
    link: str
    kind: str
    when: datetime
    after: Any
    before: Any = None
    context: dict[str, Any] = field(default_factory=dict)
    context_id: Any = None

    @property
    def is_of_the_record(self) -> bool:
        """Whether this is the record itself, not a row that belongs to it."""
        return not self.link


def happenings(record: Model, page: str | int, reader: User) -> tuple[Page[Any], list[Happening]]:
    """Return one page of what happened, newest first, as far as this person can reach it.

    The number of queries is constant.
    """
    sources = list(_sources(type(record)))
    keys = [_keys(number, *source, record, reader) for number, source in enumerate(sources)]
    every = keys[0].union(*keys[1:], all=True).order_by("-moment", "-said", "-table", "-number")
    found = Paginator(every, PER_PAGE).get_page(page)
    wanted: list[tuple[int, int]] = [(row[2], row[3]) for row in found.object_list]
    read = {}
    for number, (model, link) in enumerate(sources):
        ids = [one for source, one in wanted if source == number]
        rows = _grown(model, link, ids) if link and _grows(model) else _noted(model, link, ids)
        read.update({(number, one): happening for one, happening in rows})
    return found, [read[key] for key in wanted]


def _sources(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Yield the record's own table, then those of the rows that belong to it."""
    yield model, ""
    for label, link in BELONGING.get(model._meta.label, ()):
        yield apps.get_model(label), link


def _grows(model: type[Model]) -> bool:
    return model._meta.label in GROWING


def _keys(number: int, model: type[Model], link: str, record: Model, reader: User) -> Any:
    """Return when, in which order and under which number each change of a table stands."""
    if link and _grows(model):
        rows: Any = model._default_manager.filter(**{link: record.pk})
        rows = rows.annotate(moment=F(GROWING[model._meta.label][0]), number=F("pk"))
        rows = rows.annotate(said=Value("", output_field=TextField()))
    else:
        column = f"{link}_id" if link else "pgh_obj_id"
        rows = events_of(model).objects.filter(**{column: record.pk})
        if link in SHARED.get(model._meta.label, ()) and not works_in_every(reader):
            there = within_reach(model._default_manager.all(), reader)
            rows = rows.filter(pgh_obj_id__in=there.values("pk"))
        said = Coalesce(KeyTextTransform("at", "pgh_context__metadata"), Value("", TextField()))
        rows = rows.annotate(moment=F("pgh_created_at"), number=F("pgh_id"), said=said)
    rows = rows.annotate(table=Value(number)).order_by()
    return rows.values_list("moment", "said", "table", "number")


def _noted(model: type[Model], link: str, ids: list[int]) -> Iterator[tuple[int, Happening]]:
    """Yield the events with these numbers, each with the event of the same row before it."""
    events = events_of(model).objects
    older = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    rows = events.filter(pgh_id__in=ids).select_related("pgh_context")
    rows = list(
        rows.annotate(older_id=Subquery(older.order_by("-pgh_id").values("pgh_id")[:1]))
        if ids
        else []
    )
    befores = events.in_bulk([row.older_id for row in rows if row.older_id])
    for row in rows:
        context = row.pgh_context.metadata if row.pgh_context else {}
        yield (
            row.pgh_id,
            Happening(
                model=model,
                link=link,
                kind=row.pgh_label,
                when=row.pgh_created_at,
                after=row,
                before=befores.get(row.older_id),
                context=context,
                context_id=row.pgh_context_id,
            ),
        )


def _grown(model: type[Model], link: str, ids: list[int]) -> Iterator[tuple[int, Happening]]:
    """Yield rows that only grow, as the change that brought them."""
    at, by, action = GROWING[model._meta.label]
    for row in model._default_manager.filter(pk__in=ids).select_related(by):
        context = {"action": action, "by_name": str(getattr(row, by))}
        yield row.pk, Happening(model, link, "insert", getattr(row, at), row, None, context)
