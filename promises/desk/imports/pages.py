"""The desk's pages of imports: upload, columns, words, report."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from promises.common.bells import ring
from promises.common.numbers import whole_number
from promises.common.refusals import Refused
from promises.desk.imports.access import ImportAccess, kinds_for
from promises.desk.imports.forms import (
    ColumnsForm,
    DecisionsForm,
    ReadingForm,
    UploadForm,
    WordsForm,
)
from promises.desk.saving.steps import editor
from promises.imports import actions
from promises.imports.choices import Kind, Stage, Verdict
from promises.imports.deciding import BadMapping, sheet_of, worded_targets
from promises.imports.models import Import, ImportedRow
from promises.imports.sheets import MAX_BYTES
from promises.imports.waiting import is_import_running, rows_done

# More rows than this are imported by a worker, so that nobody waits for a page.
AT_ONCE = 500
LINES = 50
SAMPLE = 5


@admin.register(Import)
class ImportAdmin(ImportAccess):
    """Files of researchers. Every page is a plain form; every write an action."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of one import."""
        pages = {
            "columns/": self.columns_view,
            "words/": self.words_view,
            "report/": self.report_view,
            "report.csv": self.report_file_view,
            "file/": self.file_view,
        }
        added = [
            path(
                f"<int:pk>/{address}",
                self.admin_site.admin_view(view),
                name=f"imports_import_{address.strip('/').replace('.', '_')}",
            )
            for address, view in pages.items()
        ]
        return [*added, *super().get_urls()]

    @method_decorator(csrf_protect)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Take a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kinds = kinds_for(request)
        is_sent = request.method == "POST"
        # A file that was mended comes again from the same source: its report leads here.
        again = {name: request.GET.get(name, "") for name in ("kind", "source")}
        sent = (request.POST, request.FILES) if is_sent else ()
        form = UploadForm(*sent, kinds=kinds, initial=again)
        if is_sent and form.is_valid():
            upload = self._uploaded(request, form)
            if upload is not None:
                self._tell_earlier(request, upload)
                return self._go(upload, "columns")
        sources = Import.objects.of_kinds(kinds).known_sources()
        return self._page(request, "upload", _("Import a file"), form=form, sources=sources)

    @method_decorator(csrf_protect)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show the page that comes next."""
        number = whole_number(object_id)
        if number is None:
            raise Http404
        upload = self.found(request, number)
        page = {Stage.UPLOADED: self.columns_view, Stage.MAPPED: self.words_view}
        return page.get(Stage(upload.stage), self.report_view)(request, upload.pk)

    @method_decorator(csrf_protect)
    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask which column holds what, beside the first rows of the file."""
        upload = self.found(request, pk)
        sheet = sheet_of(upload)
        is_reading, is_sent = "_read" in request.POST, request.method == "POST"
        reading = ReadingForm(request.POST if is_reading else None, sheet=sheet)
        form = ColumnsForm(
            request.POST if is_sent and not is_reading else None, upload=upload, sheet=sheet
        )
        given: dict[str, Any] = {"upload": upload, **_now(request)}
        try:
            if is_reading and reading.is_valid():
                actions.read_again(reading=reading.reading(), **given)
                messages.success(request, _("Read again."))
                return self._go(upload, "columns")
            if form.is_bound and form.is_valid():
                upload = actions.map_columns(mapping=form.mapping(), **given)
                return self._after_columns(request, upload)
        except BadMapping as error:
            form.say(error.faults)
        except Refused as error:
            (reading if is_reading else form).add_error(None, str(error))
        sample = [(row.number, row.cells) for row in sheet.rows[:SAMPLE]]
        more = {"sheet": sheet, "sample": sample, "form": form, "reading": reading}
        return self._page(request, "columns", _("Which column holds what"), upload=upload, **more)

    @method_decorator(csrf_protect)
    def words_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what the words of the source mean here."""
        upload = self.found(request, pk)
        if upload.stage == Stage.UPLOADED:
            return self._go(upload, "columns")
        is_sent = request.method == "POST"
        form = WordsForm(request.POST if is_sent else None, upload=upload, sheet=sheet_of(upload))
        if is_sent and form.is_valid():
            try:
                given = {"vocabulary": form.vocabulary(), **_now(request)}
                upload = actions.map_words(upload=upload, **given)
                actions.try_import(upload=upload, **_now(request))
                return self._go(upload, "report")
            except Refused as error:
                form.add_error(None, str(error))
        return self._page(request, "words", _("What the words mean"), upload=upload, form=form)

    @method_decorator(csrf_protect)
    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what an import would do or has done to each row, and do it."""
        upload = self.found(request, pk)
        if upload.stage == Stage.UPLOADED:
            return self._go(upload, "columns")
        if upload.stage == Stage.MAPPED:
            return self._go(upload, "words")
        if request.method == "POST":
            self._act(request, upload)
            return self._go(upload, "report")
        verdict = request.GET.get("outcome", "")
        lines = upload.lines.with_verdict(verdict).order_by("row")
        page = Paginator(lines, LINES).get_page(request.GET.get("page"))
        if upload.stage == Stage.IMPORTED:
            _link_records(upload, page.object_list)
        counts = [(value, label, upload.counts.get(value, 0)) for value, label in Verdict.choices]
        return self._page(
            request,
            "report",
            _("What was imported") if upload.stage == Stage.IMPORTED else _("What would happen"),
            upload=upload,
            form=DecisionsForm(None, upload=upload),
            page=page,
            counts=counts,
            verdict=verdict,
            good=upload.counts.get(Verdict.NEW, 0) + upload.counts.get(Verdict.CHANGED, 0),
            done=rows_done(upload.pk) if upload.asked_at and not upload.is_over else 0,
        )

    def _uploaded(self, request: HttpRequest, form: UploadForm) -> Import | None:
        """Keep the file, or say in the form why not."""
        file = form.cleaned_data["file"]
        if file.size > MAX_BYTES:
            form.add_error("file", _("The file has more than 10 MB. Split it."))
            return None
        try:
            return actions.upload_file(
                name=file.name[-200:],
                content=file.read(),
                kind=form.cleaned_data["kind"],
                source=form.cleaned_data["source"],
                **_now(request),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        except Refused as error:
            form.add_error("file", str(error))
        return None

    def _tell_earlier(self, request: HttpRequest, upload: Import) -> None:
        """Say whose answers are filled in on the pages that follow."""
        earlier = Import.objects.last_imported(upload.source, upload.kind)
        if earlier is not None:
            words = _("What was said of “%(file)s” of this source is filled in. Check it.")
            messages.info(request, words % {"file": earlier.file_name})

    def _after_columns(self, request: HttpRequest, upload: Import) -> HttpResponse:
        """Go on to the words, or to the report where there are none to explain."""
        if worded_targets(upload):
            return self._go(upload, "words")
        actions.try_import(upload=upload, **_now(request))
        return self._go(upload, "report")

    def _act(self, request: HttpRequest, upload: Import) -> None:
        """Do what a button of the report says, and tell what came of it."""
        given: dict[str, Any] = {"upload": upload, **_now(request)}
        try:
            if "_abandon" in request.POST:
                actions.abandon_import(**given)
                messages.success(request, _("Abandoned. The file and the report stay here."))
                return
            upload = actions.try_import(decisions=request.POST.dict(), **given)
            if "_import" in request.POST:
                self._import(request, upload)
            else:
                messages.success(request, _("Tried. Nothing was written."))
        except Refused as error:
            messages.error(request, str(error))

    def _import(self, request: HttpRequest, upload: Import) -> None:
        """Import few rows at once; many by a worker, and any while one is at work."""
        if upload.row_count <= AT_ONCE and not is_import_running():
            done = actions.run_import(upload=upload, **_now(request))
            words = _("Imported as drafts. New: %(new)d, changed: %(changed)d.")
            counts = {name: done.counts.get(name, 0) for name in (Verdict.NEW, Verdict.CHANGED)}
            messages.success(request, words % counts)
            return
        actions.ask_for_import(upload=upload, **_now(request))
        ring("promises.imports.tasks.run_asked")
        messages.success(request, _("A worker imports the file. You may leave this page."))

    def _go(self, upload: Import, page: str) -> HttpResponseRedirect:
        """Return the way to a page of an import."""
        address = f"{self.admin_site.name}:imports_import_{page}"
        return HttpResponseRedirect(reverse(address, args=[upload.pk]))

    def _page(self, request: HttpRequest, name: str, title: str, **more: Any) -> TemplateResponse:
        """Return a page of the desk."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            **more,
        }
        return TemplateResponse(request, f"admin/imports/{name}.html", context)


def _now(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, and when."""
    return {"by": editor(request), "now": timezone.now()}


def _link_records(upload: Import, lines: Any) -> None:
    """Attach to each line the address of the draft it became, by one query."""
    ids = [line.external_id for line in lines]
    known = ImportedRow.objects.of_source(upload.source, upload.kind).filter(external_id__in=ids)
    field = "pledge_id" if upload.kind == Kind.PLEDGE else "evidence_id"
    view = "pledges_pledge" if upload.kind == Kind.PLEDGE else "evidence_evidence"
    records = dict(known.values_list("external_id", field))
    for line in lines:
        if (pk := records.get(line.external_id)) and line.verdict != Verdict.REFUSED:
            line.address = reverse(f"admin:{view}_change", args=[pk])
