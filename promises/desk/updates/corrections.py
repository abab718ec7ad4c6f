"""The desk's pages of corrections."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.desk.record_admin import ReadOnlyAdmin
from promises.updates.models import Correction


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Published words that were changed. Added by editing them, or by a step of an update."""

    fields = (
        ("kind", "field"),
        "old_text",
        "new_text",
        "note",
        ("corrected_by", "corrected_at"),
        ("pledge", "status_update", "evidence"),
    )
    list_display = ("subject", "kind", "field", "corrected_by", "corrected_at")
    list_filter = ("kind",)
    search_fields = ("old_text", "new_text", "note", "pledge__title", "evidence__title")
    ordering = ("-corrected_at", "-pk")
    related = ("pledge", "status_update__pledge", "evidence", "corrected_by")

    @admin.display(description=_("of"))
    def subject(self, correction: Correction) -> str:
        """Return what was corrected."""
        return str(correction.status_update or correction.evidence or correction.pledge)
