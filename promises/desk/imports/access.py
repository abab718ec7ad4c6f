"""Which imports a person at the desk may see, and the files of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from promises.desk.record_admin import StockAdmin
from promises.imports.choices import Kind
from promises.imports.models import Import
from promises.imports.report_file import report_csv

# Of what the table of rights lets someone import, they bring what they may also add by hand.
PERMISSIONS = {
    Kind.PLEDGE.value: "pledges.add_pledge",
    Kind.EVIDENCE.value: "evidence.add_evidence",
}


def kinds_for(request: HttpRequest) -> list[str]:
    """Return what this person may add by hand."""
    # The login page asks this of somebody who is nobody yet.
    may = request.user.has_perm
    return [kind for kind, permission in PERMISSIONS.items() if may(permission)]


class ImportAccess(StockAdmin):
    """The list of imports, and what of each may be read; ImportAdmin adds the pages."""

    list_display = (
        "source",
        "file_name",
        "kind",
        "stage",
        "row_count",
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = ("stage", "kind")
    list_select_related = ("uploaded_by",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("source", "file_name")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        """Keep the kinds that this person may add."""
        return Import.objects.of_kinds(kinds_for(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it to whoever may import something."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask for the right to see imports, and to add what this one holds."""
        return super().has_view_permission(request, obj) and _may_add(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask for the right to import, and to add something by hand."""
        return super().has_add_permission(request) and _may_add(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask for the right to work on imports, and to add what this one holds."""
        return super().has_change_permission(request, obj) and _may_add(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An import is abandoned, never deleted."""
        return False

    def report_file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the report as CSV."""
        upload = self.found(request, pk)
        lines = list(report_csv(upload, request.GET.get("outcome", "")))
        answer = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{upload.pk}-report.csv"'
        return answer

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the file back as it was uploaded."""
        upload = self.found(request, pk)
        content = bytes(upload.file.content)
        answer = HttpResponse(content, content_type="application/octet-stream")
        ending = "".join(sign for sign in upload.file_name.rpartition(".")[2][:8] if sign.isalnum())
        answer["Content-Disposition"] = (
            f'attachment; filename="import-{upload.pk}.{ending or "txt"}"'
        )
        return answer

    def found(self, request: HttpRequest, pk: int) -> Import:
        """Return an import that this person may work on."""
        upload = Import.objects.select_related("uploaded_by", "imported_by").filter(pk=pk).first()
        if upload is None:
            raise Http404
        if not self.has_change_permission(request, upload):
            raise PermissionDenied
        return upload


def _may_add(request: HttpRequest, upload: Import | None = None) -> bool:
    """Tell whether someone may add by hand what an import holds; without one, anything at all."""
    kinds = kinds_for(request)
    return bool(kinds) if upload is None else upload.kind in kinds
