"""General terms in other languages: topics, offices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin

from promises.accounts.models import User
from promises.desk.record_admin import RecordAdmin
from promises.pledges.actions import save_general_term
from promises.pledges.models import GeneralTerm


@admin.register(GeneralTerm)
class GeneralTermAdmin(RecordAdmin):
    """What general terms of the record are called in other languages."""

    fields = ("language", "english", "words", "slug")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("language", "english")}
    list_display = ("english", "words", "language")
    list_filter = ("language",)
    search_fields = ("english", "words", "slug")
    ordering = ("language", "english", "pk")

    def save_record(self, record: GeneralTerm, form: Any, *, by: User, now: datetime) -> None:
        """Save it; it is public at once."""
        save_general_term(term=record, by=by, now=now)
