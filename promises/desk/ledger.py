"""The desk's page of the ledger."""

from django.contrib import admin

from promises.desk.record_admin import ReadOnlyAdmin
from promises.ledger.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The numbered public history. It can only be read."""

    fields = (
        "edition",
        "event",
        "subject",
        "pledge",
        ("at", "by"),
        "data",
        "previous_hash",
        "hash",
    )
    list_display = ("edition", "event", "subject", "by", "at")
    search_fields = ("subject", "event", "by")
    ordering = ("-edition",)
