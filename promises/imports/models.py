from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.common.history import with_history
from promises.common.text import no_control_characters, without_control_characters
from promises.editorial.models import Versioned, no_lost_updates, paired
from promises.evidence.models import Evidence, EvidenceLink
from promises.imports.choices import Kind, Stage, Verdict
from promises.imports.querysets import ImportedRowQuerySet, ImportQuerySet, ReportLineQuerySet
from promises.imports.sheets import MAX_BYTES
from promises.pledges.choices import Status
from promises.pledges.models import Pledge

PLAIN = [without_control_characters]


def _person(**more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, **more
    )


@with_history()
class Import(Versioned):
    """One uploaded file on its way into the record, and what people decided about it."""

    file_name = models.CharField(_("file"), max_length=200, validators=PLAIN)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    kind = models.CharField(_("its rows are"), max_length=10, choices=Kind.choices)
    source = models.CharField(
        _("source"),
        max_length=100,
        validators=PLAIN,
        help_text=_("Whose file it is, as “Polimeter 2019 export”. Ids belong to their source."),
    )
    # How the file is read: promises.imports.sheets.Reading, as a person corrected it.
    reading = models.JSONField(default=dict, editable=False)
    # Target → {"column": …, "fixed": …, "order": …}.
    mapping = models.JSONField(default=dict, editable=False)
    # Target → {word of the source: value here; "" where rows with it are refused}.
    vocabulary = models.JSONField(default=dict, editable=False)
    # {"twins": Twins, "refused": Refused}.
    decisions = models.JSONField(default=dict, editable=False)
    # Verdict → rows, of the last try or of the import itself.
    counts = models.JSONField(default=dict, editable=False)
    row_count = models.PositiveIntegerField(_("rows"), editable=False)
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage.choices, default=Stage.UPLOADED, editable=False
    )
    # Why the last attempt to import stopped, for the person who asked for it.
    problem = models.TextField(blank=True, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), editable=False)
    uploaded_by = _person(verbose_name=_("uploaded by"))
    asked_at = models.DateTimeField(null=True, editable=False)
    asked_by = _person(null=True)
    imported_at = models.DateTimeField(null=True, editable=False)
    imported_by = _person(null=True)
    abandoned_at = models.DateTimeField(null=True, editable=False)
    abandoned_by = _person(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [
            # Read by the worker: what someone has asked for.
            models.Index(
                fields=["asked_at"],
                condition=Q(asked_at__isnull=False, stage=Stage.TRIED),
                name="imports_asked_for",
            )
        ]
        constraints = [
            no_control_characters("file_name", "source"),
            paired("asked_at", "asked_by"),
            paired("imported_at", "imported_by"),
            paired("abandoned_at", "abandoned_by"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values, stage__in=Stage.values),
                name="imports_import_choices_known",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(file_name=""), name="imports_import_is_named"
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.IMPORTED, imported_at__isnull=False)
                | ~Q(stage=Stage.IMPORTED) & Q(imported_at__isnull=True),
                name="imports_import_done_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.ABANDONED, abandoned_at__isnull=False)
                | ~Q(stage=Stage.ABANDONED) & Q(abandoned_at__isnull=True),
                name="imports_import_abandoned_has_a_date",
            ),
            models.CheckConstraint(condition=Q(size__lte=MAX_BYTES), name="imports_import_fits"),
        ]
        triggers = [
            no_lost_updates(),
            pgtrigger.Protect(name="imports_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_is_over_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stage__in=[Stage.IMPORTED, Stage.ABANDONED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.file_name}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be decided."""
        return self.stage in (Stage.IMPORTED, Stage.ABANDONED)


class ImportFile(models.Model):
    """The bytes of an import, which never change, and the table last read from them."""

    of = models.OneToOneField(Import, models.PROTECT, related_name="file", primary_key=True)
    content = models.BinaryField()
    sheet = models.JSONField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="files_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="bytes_never_change", operation=pgtrigger.UpdateOf("content")),
        ]

    def __str__(self) -> str:
        return f"{self.of_id}"


class ReportLine(models.Model):
    """What becomes of one row: of the last try, or of the import. It can be worked out again."""

    of = models.ForeignKey(Import, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField(_("row"))
    verdict = models.CharField(_("outcome"), max_length=10, choices=Verdict.choices)
    external_id = models.CharField(max_length=200, blank=True)
    title = models.TextField(blank=True)
    reasons = models.JSONField(default=list)

    objects = ReportLineQuerySet.as_manager()

    class Meta:
        ordering = ["of", "row", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["of", "row"], name="imports_reportline_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="imports_reportline_verdict_known"
            ),
        ]
        indexes = [
            # Read by the report, one outcome at a time.
            models.Index(fields=["of", "verdict", "row"], name="imports_report_by_verdict")
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.verdict}"


@with_history()
class ImportedRow(models.Model):
    """Which record a row of a source became: by this a second import finds it again."""

    source = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    external_id = models.CharField(max_length=200)
    # Empty once the draft was deleted here.
    pledge = models.ForeignKey(Pledge, models.SET_NULL, null=True, related_name="imported_rows")
    evidence = models.ForeignKey(Evidence, models.SET_NULL, null=True, related_name="imported_rows")
    link = models.ForeignKey(EvidenceLink, models.SET_NULL, null=True, related_name="+")
    # SHA-256 of the content that was imported last, and the versions the rows then had: whoever
    # has edited one since has counted it up.
    content_hash = models.CharField(max_length=64)
    record_version = models.PositiveIntegerField()
    link_version = models.PositiveIntegerField(null=True)
    # What the source says became of the promise, in its words and in ours. Never a rating.
    said_status = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=15, choices=Status.choices, blank=True)
    last_import = models.ForeignKey(Import, models.PROTECT, related_name="rows")

    objects = ImportedRowQuerySet.as_manager()

    class Meta:
        constraints = [
            no_control_characters("source", "external_id", "said_status"),
            models.UniqueConstraint(
                fields=["source", "kind", "external_id"], name="imports_importedrow_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PLEDGE, evidence__isnull=True, link__isnull=True)
                | Q(kind=Kind.EVIDENCE, pledge__isnull=True),
                name="imports_importedrow_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=~Q(external_id="") & Q(status__in=["", *Status.values]),
                name="imports_importedrow_is_named",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="rows_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ids_never_change",
                operation=pgtrigger.UpdateOf("source", "kind", "external_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.external_id}"
